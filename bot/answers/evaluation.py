"""Measuring retrieval and answers on questions whose right answers are known: `papers eval`."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers.answer import Answer, Question, Turn
from bot.answers.core import Answerer, collect
from bot.answers.grounding import Evidence, check
from bot.errors import BadInput
from bot.library.library import Library
from bot.papers.text import title_key

DEPTH = 10


@dataclass(frozen=True, slots=True)
class RetrievalScores:
    """Means over the queries, each in 0–1; https://en.wikipedia.org/wiki/Discounted_cumulative_gain for nDCG."""

    queries: int
    ndcg_10: float
    recall_5: float
    recall_1: float
    mrr: float


Progress = Callable[[int, int], None]
"""Told how many are done, of how many."""


def retrieval_scores(
    library: Library,
    queries: Mapping[str, str],
    relevant: Mapping[str, Mapping[str, float]],
    progress: Progress = lambda done, total: None,
) -> RetrievalScores:
    """How well the library's search ranks the relevant papers of each query that has any, by their grades.

    The measures are BEIR's: a paper gains its grade, recall@5 is of all that are relevant, and the reciprocal rank is 0
    beyond the tenth. `recall_1` is the share of queries whose first result is relevant.
    """
    ndcg = recall = first = reciprocal = 0.0
    judged = [query for query in queries if relevant.get(query)]
    if not judged:
        raise BadInput("no query has a relevant paper in the judgements")
    for done, query in enumerate(judged, 1):
        wanted = relevant[query]
        ranked = [hit.stored.id for hit in library.search(queries[query], DEPTH)]
        gains = [wanted.get(paper, 0.0) for paper in ranked]
        ndcg += _discounted(gains) / _discounted(sorted(wanted.values(), reverse=True)[:DEPTH])
        recall += sum(gain > 0 for gain in gains[:5]) / len(wanted)
        first += bool(gains and gains[0] > 0)
        reciprocal += next((1 / (i + 1) for i, gain in enumerate(gains) if gain), 0.0)
        progress(done, len(judged))
    n = len(judged)
    return RetrievalScores(n, ndcg / n, recall / n, first / n, reciprocal / n)


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(i + 2) for i, gain in enumerate(gains))


def read_queries(path: Path) -> dict[str, str]:
    """Queries in BEIR's shape, JSON lines with `_id` (or `id`) and `text`. Raises `BadInput`."""
    queries = {}
    for where, record in _records(path):
        name, text = record.get("_id", record.get("id")), record.get("text")
        if not isinstance(name, str | int) or not isinstance(text, str):
            raise BadInput(f'{where}: expected {{"_id": …, "text": …}}')
        queries[str(name)] = text
    return queries


def read_qrels(path: Path) -> dict[str, dict[str, float]]:
    """Judgements in BEIR's shape, tab-separated query, paper and score under a heading. Raises `BadInput`.

    The grade of each relevant paper, by query and paper.
    """
    relevant: dict[str, dict[str, float]] = {}
    for number, line in enumerate(_lines(path), 1):
        cells = line.split("\t")
        if not line.strip() or (number == 1 and cells[-1].strip() == "score"):
            continue
        try:
            query, paper, score = cells
            if float(score) > 0:
                relevant.setdefault(query, {})[paper] = float(score)
        except ValueError:
            raise BadInput(f"{path}, line {number}: expected query, paper and score between tabs") from None
    return relevant


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set and what came of it; None where the question does not say what is right."""

    id: str
    kind: str
    answer: Answer
    right_citation: bool | None
    shows_fact: bool | None
    should_refuse: bool
    supported: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class AnswerScores:
    """Shares over a question set, None where no question asks for them.

    `right_citation`: the right paper is cited first (of several, all are cited), of the questions that name it.
    `answered`: not refused, of those that have an answer. `rightly_refused`: of those that have none.
    `shows_fact`: one of the accepted strings stands in the answer. `supported`: of all sentences shown.
    """

    questions: int
    right_citation: float | None
    answered: float | None
    rightly_refused: float | None
    shows_fact: float | None
    supported: float | None


async def ask_all(
    answerer: Answerer,
    library: Library,
    records: Sequence[Mapping[str, Any]],
    progress: Progress = lambda done, total: None,
) -> list[Asked]:
    """Ask every question of `records`; a record with `turns` is a dialogue, judged by its last turn."""
    asked = []
    for number, record in enumerate(records, 1):
        history: list[Turn] = []
        for turn in record.get("turns", [record]):
            answer = await collect(answerer.ask(Question(turn["question"], tuple(history))))
            history.append(Turn(turn["question"], answer.answer, tuple(s.id for s in answer.sources)))
        asked.append(_judged(str(record["id"]), {**record, **turn}, answer, library))
        progress(number, len(records))
    return asked


def scores(asked: Sequence[Asked]) -> AnswerScores:
    """The shares over a question set."""
    answerable = [a for a in asked if not a.should_refuse]
    return AnswerScores(
        questions=len(asked),
        right_citation=_share([a.right_citation for a in asked]),
        answered=_share([not a.answer.abstained for a in answerable]),
        rightly_refused=_share([a.answer.abstained for a in asked if a.should_refuse]),
        shows_fact=_share([a.shows_fact for a in asked]),
        supported=_share([ok for a in asked for ok in a.supported]),
    )


def read_questions(path: Path) -> list[dict[str, Any]]:
    """Questions as `papers eval answers` takes them, or dialogues with `turns`. Raises `BadInput`."""
    records = []
    for where, record in _records(path):
        turns = record.get("turns", [record])
        if not isinstance(turns, list) or not turns or not all(_is_question(turn) for turn in turns):
            raise BadInput(
                f'{where}: expected {{"id": …, "question": …, "title" or "titles": …, "must_any"?: […]}} '
                'or {"id": …, "question": …, "unanswerable": true}'
            )
        records.append({"id": where, **record})
    if not records:
        raise BadInput(f"{path}: holds no question")
    return records


def _is_question(turn: object) -> bool:
    if not isinstance(turn, dict) or not isinstance(turn.get("question"), str):
        return False
    title, lists = turn.get("title", ""), (turn.get("titles", []), turn.get("must_any", []))
    strings = all(isinstance(one, list) and all(isinstance(s, str) for s in one) for one in lists)
    return isinstance(title, str) and strings and isinstance(turn.get("unanswerable", False), bool)


def _judged(name: str, record: Mapping[str, Any], answer: Answer, library: Library) -> Asked:
    titles = record.get("titles") or ([record["title"]] if record.get("title") else [])
    refuse = bool(record.get("unanswerable"))
    cited = [title_key(source.title) for source in answer.sources]
    wanted = [title_key(title) for title in titles]
    right: bool | None = None
    if wanted and not refuse:
        right = bool(cited) and (cited[0] == wanted[0] if len(wanted) == 1 else set(wanted) <= set(cited))
    shown = answer.answer.casefold()
    fact = any(str(m).casefold() in shown for m in record["must_any"]) if record.get("must_any") else None
    supported = tuple(_supported(answer, library))
    return Asked(name, str(record.get("kind", "")), answer, right, fact, refuse, supported)


def _supported(answer: Answer, library: Library) -> Iterator[bool]:
    """Whether each sentence shown is supported by the papers that it cites, checked against those alone."""
    for statement in answer.sentences:
        cited = [library.get(s.id) for s in answer.sources if s.n in statement.citations]
        papers = [stored for stored in cited if stored]
        vectors = library.sentence_vectors(papers)
        evidence = [Evidence(p.paper.title, p.paper.sentences, v) for p, v in zip(papers, vectors, strict=True)]
        yield check([statement.text], evidence, library.embedder.embed)[0].supported


def _share(values: Sequence[bool | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            raise BadInput(f"{path}, line {number}: no JSON") from None
        if not isinstance(record, dict):
            raise BadInput(f"{path}, line {number}: not an object")
        yield f"{path}, line {number}", record


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadInput(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text") from None
