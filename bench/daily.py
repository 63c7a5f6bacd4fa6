"""Every day of two years of daily papers, summarised one by one, and how long a summary takes.

`python -m bench.daily`: fills a library with the whole file (kept in `.data/`), then checks that every paper
of every day stands once in the list and in exactly one theme, with a gist, in every face and with a picture.
Then a day of 100 papers with a scripted model server that takes a second for a reply. The seed page alone:
`python -m bench.daily seed`.
"""

import asyncio
import re
import shutil
import statistics
import sys
import time
from datetime import date

from bench.common import CACHE, DAILY, SEED, need, papers_of, report, settings_for, table
from bot.answers.access import Models
from bot.answers.completing import Completions
from bot.digest.asking import Asker
from bot.digest.day import DayPaper, number_papers
from bot.digest.digest import Digest, digest_json
from bot.digest.extract import extract
from bot.digest.feed import feed_of
from bot.digest.markdown import markdown_of
from bot.digest.page import page_of
from bot.digest.picture import draw_map
from bot.digest.terminal import text_of
from bot.digest.write import daily_digest, write_digest
from bot.library.library import Library
from bot.papers.paper import Paper
from tests.model_server import ModelServer, Request

PART = 256
Row = tuple[str, object, object, str]


def main() -> None:
    """Measure, print, and keep the figures."""
    only_seed = sys.argv[1:] == ["seed"]
    need(SEED, DAILY)
    rows = _seed()
    if not only_seed:
        library, filled = _library()
        with library:
            rows += filled + _all_days(library) + _with_model(library)
    body = table(("what", "figure", "limit", "unit"), rows)
    if only_seed:
        print(body)
    else:
        report("daily", "Daily summaries", body, {r[0]: str(r[1]) for r in rows}, "python -m bench.daily")


def _seed() -> list[Row]:
    home = CACHE / "seed"
    shutil.rmtree(home, ignore_errors=True)
    with Library(settings_for(home)) as library:
        library.ingest(papers_of(SEED))
    times = []
    for _ in range(3):
        with Library(settings_for(home)) as library:  # opened anew, as by a command
            begun = time.perf_counter()
            digest = asyncio.run(daily_digest(library))
            page_of(digest)
            times.append(time.perf_counter() - begun)
        stored = library.papers()
        made = extract(number_papers(stored, library.chunk_vectors(stored)), digest.date, library.embedder.embed)
        begun = time.perf_counter()
        draw_map(made.digest, made.labels, made.vectors)
        drawing = time.perf_counter() - begun
    problems = _problems(digest, 68)
    return [
        (
            "the real page: papers summarised",
            f"{len(digest.papers)} of 68" + (f" ({problems})" if problems else ""),
            "all",
            "",
        ),
        ("the real page: summary with picture and page, median of 3", round(statistics.median(times), 2), 5, "s"),
        ("the same, fastest of 3", round(min(times), 2), "–", "s"),
        ("its picture alone", round(drawing, 2), 3, "s"),
    ]


def _library() -> tuple[Library, list[Row]]:
    """The library of the whole file, and how fast it was filled; kept from an earlier run, how fast a part is."""
    entries = papers_of(DAILY)
    library = Library(settings_for(CACHE / "daily"))
    if library.catalogue.count()[0] == len(entries):
        shutil.rmtree(CACHE / "part", ignore_errors=True)
        with Library(settings_for(CACHE / "part")) as part:
            speed = _fill(part, entries[:PART])
        shutil.rmtree(CACHE / "part")
        return library, [(f"ingestion of {PART} of {len(entries)}", round(speed, 1), "≥ 12", "abstracts/s")]
    library.close()
    shutil.rmtree(CACHE / "daily", ignore_errors=True)
    library = Library(settings_for(CACHE / "daily"))
    speed = _fill(library, entries)
    return library, [("ingestion of the whole file", round(speed, 1), "≥ 12", "abstracts/s")]


def _fill(library: Library, entries: list[tuple[str, Paper]]) -> float:
    """Papers a second."""

    def show(done: int, total: int) -> None:
        print(f"\r{done} of {total} papers", end="" if done < total else "\n", file=sys.stderr)

    begun = time.perf_counter()
    library.ingest(entries, "daily", show)
    return len(entries) / (time.perf_counter() - begun)


def _all_days(library: Library) -> list[Row]:
    days = library.days()
    wrong: list[str] = []
    papers, times = 0, []
    for day, count in days:
        begun = time.perf_counter()
        digest = asyncio.run(daily_digest(library, day))
        times.append(time.perf_counter() - begun)
        papers += len(digest.papers)
        if problems := _problems(digest, count):
            wrong.append(f"{day}: {problems}")
        print(f"\r{day} {len(digest.papers)} papers", end="", file=sys.stderr)
    print(file=sys.stderr)
    for line in wrong:
        print(line)
    total = sum(count for _, count in days)
    return [
        ("days summarised without a failure", f"{len(days) - len(wrong)} of {len(days)}", "all", ""),
        ("papers in them", f"{papers} of {total}", "all", ""),
        ("a day's summary with picture, median", round(statistics.median(times), 2), 5, "s"),
        ("a day's summary with picture, longest", round(max(times), 2), 5, "s"),
    ]


def _problems(digest: Digest, count: int) -> str:
    """What is wrong with a summary of so many papers; empty where nothing is."""
    numbers = list(range(1, count + 1))
    made = digest_json(digest)
    found = []
    if [p["n"] for p in made["papers_list"]] != numbers:
        found.append("list")
    if sorted(n for t in made["themes"] for n in t["papers"]) != numbers:
        found.append("themes")
    if not all(p["tldr"] for p in made["papers_list"]):
        found.append("gists")
    if not digest.picture:
        found.append("picture")
    for name, text in (
        ("terminal", text_of(digest)),
        ("markdown", markdown_of(digest)),
        ("page", page_of(digest)),
        ("feed", feed_of([digest])),
    ):
        shown = len(re.findall(r'^\d+\. |<li id="p\d+">|&lt;li id=&quot;p\d+&quot;&gt;', text, re.M))
        if shown != count:
            found.append(name)
    return ", ".join(found)


def _with_model(library: Library) -> list[Row]:
    """A day of 100 papers with a model server that needs a second for each reply, and repeats a sentence."""
    stored = [s for day, _ in library.days()[-2:] for s in library.papers() if s.paper.date == day][:100]
    papers: list[DayPaper] = number_papers(stored, library.chunk_vectors(stored))

    def scripted(request: Request) -> str:
        time.sleep(1)
        key, sentence = re.findall(r"^\[(P\d+)\] .*\n([^\n]+?\.)(?= |\n)", request.user, re.M)[0]
        return f"Papers\n{sentence} [{key}]." if "first line" in request.user else f"{sentence} [{key}]"

    with ModelServer(scripted) as server:
        settings = settings_for(CACHE / "daily", PAPERS_MODEL="openai:scripted-model", OPENAI_BASE_URL=server.url)
        complete = Completions(Models(settings, library.catalogue), "openai:scripted-model", settings.timeout)
        begun, spent = time.perf_counter(), time.process_time()
        asker = Asker(complete, "openai:scripted-model")
        digest = asyncio.run(write_digest(papers, date(2025, 12, 31), library.embedder.embed, asker=asker))
        seconds, computing = time.perf_counter() - begun, time.process_time() - spent
    return [
        ("100 papers with a model of 1 s a reply", round(seconds, 1), 30, "s"),
        ("the same, computing", round(computing, 1), "–", "s CPU"),
        ("its calls", len(server.requests), "–", ""),
        ("its parts that are quoted", "; ".join(digest.missing) or "none", "–", ""),
        ("its papers in list and themes", f"{len(digest.papers)} of {len(papers)}", "all", ""),
    ]


if __name__ == "__main__":
    main()
