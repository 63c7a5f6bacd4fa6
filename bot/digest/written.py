"""The summary of a day with a model: gists, then names and sentences of themes, then the overview (map, reduce).

Every sentence is checked against its papers; what fails the check, or was never written, is quoted instead.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answers.answer import Statement
from bot.answers.grounding import Evidence, check, is_framing
from bot.answers.instructions import gives_orders
from bot.answers.reply import Sentence, SentenceReader
from bot.digest.asking import Asker, Item, abstract_item, within_budget
from bot.digest.day import DayPaper
from bot.digest.digest import Digest, ListedPaper, Theme
from bot.digest.extract import Embed, Extracted
from bot.digest.names import NAME_CHARS
from bot.papers.text import clean

_log = logging.getLogger(__name__)

_GIST_TOKENS, _THEME_TOKENS, _OVERVIEW_TOKENS = 120, 220, 350
_GIST_CHARS = 400
_WORD = re.compile(r"[^\W\d_]{3,}")
_SMALL = frozenset({"and", "for", "the", "with", "from", "via", "over", "other"})


async def rewrite(extracted: Extracted, papers: Sequence[DayPaper], embed: Embed, asker: Asker) -> Digest:
    """`extracted` in the model's words wherever these pass the check; notes say what had to be quoted."""
    digest = extracted.digest
    by_n = {p.n: p for p in papers}
    listed = tuple(await asyncio.gather(*(_gist(paper, by_n[paper.n], embed, asker) for paper in digest.papers)))
    written = sum(a is not b for a, b in zip(listed, digest.papers, strict=True))
    gists = {p.n: p for p in listed}
    themes = _distinct(
        digest.themes,
        await asyncio.gather(*(_theme(theme, gists, by_n, embed, asker) for theme in digest.themes)),
    )
    overview = await _overview(digest, themes, gists, by_n, embed, asker)
    if not written and overview is None:
        return replace(digest, missing=(*digest.missing, "the model wrote nothing that could be used"))
    renamed = {old.name: new.name for old, new in zip(digest.themes, themes, strict=True)}
    missing = digest.missing
    if quoted := sum(p.gist is not None for p in listed) - written:
        missing = (
            *missing,
            f"{quoted} of {len(listed)} gists are quoted: the model failed, or said something unsupported",
        )
    return replace(
        digest,
        papers=listed,
        themes=themes,
        overview=overview or digest.overview,
        trends=tuple(replace(t, theme=renamed[t.theme]) for t in digest.trends),
        mode="llm",
        model=asker.model,
        missing=missing,
    )


async def _gist(listed: ListedPaper, paper: DayPaper, embed: Embed, asker: Asker) -> ListedPaper:
    usable = [s for s in paper.sentences if not gives_orders(s)]
    if not usable:
        return listed
    reply = await asker.ask("gist", [abstract_item(paper, usable)], _GIST_TOKENS)
    sentences = [s for s in _sentences(reply, [paper.n]) if len(s.text) <= _GIST_CHARS][:2]
    found = await asyncio.to_thread(_checked, sentences, [paper], embed)
    return replace(listed, gist=found[0]) if found else listed


async def _theme(
    theme: Theme, gists: dict[int, ListedPaper], papers: dict[int, DayPaper], embed: Embed, asker: Asker
) -> Theme:
    items = within_budget(_items(theme.papers, gists))
    reply = await asker.ask("theme", items, _THEME_TOKENS) if items else None
    if not reply:
        return theme
    first, _, rest = reply.strip().partition("\n")
    shown = [papers[i.n] for i in items]
    name = _name(first, shown) or theme.name
    found = await asyncio.to_thread(_checked, _sentences(rest, theme.papers)[:3], shown, embed)
    return replace(theme, name=name, summary=tuple(found[:2]) or theme.summary)


async def _overview(
    digest: Digest,
    themes: Sequence[Theme],
    gists: dict[int, ListedPaper],
    papers: dict[int, DayPaper],
    embed: Embed,
    asker: Asker,
) -> tuple[Statement, ...] | None:
    """The checked sentences, filled up to three with quoted ones; None where the model gave none."""
    first = [n for s in digest.overview for n in s.citations]
    order = [*first, *(n for t in themes for n in t.papers if n not in first)]
    items = within_budget(_items(order, gists))
    named = {n: t.name for t in themes for n in t.papers}
    items = [replace(i, text=f"Theme: {named[i.n]}. {i.text}") for i in items]
    reply = await asker.ask("overview", items, _OVERVIEW_TOKENS) if items else None
    shown = [papers[i.n] for i in items]
    found = await asyncio.to_thread(_checked, _sentences(reply, [i.n for i in items])[:6], shown, embed)
    if not found:
        return None
    cited = {n for s in found for n in s.citations}
    spare = [gists[n].gist for n in first if n not in cited]
    return tuple([*found, *(s for s in spare if s)][: max(3, min(5, len(found)))])


def _items(numbers: Sequence[int], gists: dict[int, ListedPaper]) -> list[Item]:
    return [Item(n, gists[n].title, gist.text) for n in numbers if (gist := gists[n].gist)]


def _sentences(reply: str | None, numbers: Sequence[int]) -> list[Sentence]:
    reader = SentenceReader(frozenset(f"P{n}" for n in numbers))
    sentences = [*reader.feed(reply or ""), *reader.end()]
    return [s for s in sentences if not is_framing(s.text)]


def _checked(sentences: Sequence[Sentence], papers: Sequence[DayPaper], embed: Embed) -> list[Statement]:
    """Those of `sentences` that `papers` support, with the numbers of the papers that do."""
    if not sentences:
        return []
    evidence = [Evidence(p.title, p.sentences, p.vectors[1:]) for p in papers]
    place = {f"P{p.n}": i for i, p in enumerate(papers)}
    hints = [frozenset(place[k] for k in s.keys if k in place) for s in sentences]
    try:
        verdicts = check([s.text for s in sentences], evidence, embed, hints)
    except Exception:  # an odd reply that trips the check costs its own part of the summary, no more
        _log.warning("the check of a model's reply failed", exc_info=True)
        return []
    return [
        Statement(s.text, tuple(dict.fromkeys(papers[p].n for p, _ in v.citations)), v.support)
        for s, v in zip(sentences, verdicts, strict=True)
        if v.supported and v.citations
    ]


def _name(line: str, papers: Sequence[DayPaper]) -> str | None:
    """A theme's name from a model: short, plain, and in words that the papers use; None where it is not."""
    name = clean(re.sub(r"^(?:name|theme|group)\s*:", "", line.strip().strip("#*_\"“”' "), flags=re.I)).strip(
        "#*_\"“”'. "
    )
    words = _WORD.findall(name.lower())
    if not words or len(name) > NAME_CHARS or len(name.split()) > 6 or gives_orders(name):
        return None
    if re.search(r"[<>@\[\](){}|`*_#\\/:]", name):
        return None
    text = " ".join([*(p.title for p in papers), *(s for p in papers for s in p.sentences)]).lower()
    if any(word[:6] not in text for word in words if word not in _SMALL):
        return None
    return name[:1].upper() + name[1:]


def _distinct(old: Sequence[Theme], new: Sequence[Theme]) -> tuple[Theme, ...]:
    """`new` with names no two alike: where a name is taken, the theme keeps its `old` one."""
    taken = {theme.name.casefold() for theme in old}
    themes = []
    for before, theme in zip(old, new, strict=True):
        if theme.name != before.name and theme.name.casefold() in taken:
            theme = replace(theme, name=before.name)
        taken.add(theme.name.casefold())
        themes.append(theme)
    return tuple(themes)
