"""The summary of a day with a model: gists, then names and sentences of themes, then the overview (map, reduce).

Every sentence is checked against its papers; what fails the check, or was never written, is quoted instead.
"""

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answers.answer import Statement
from bot.answers.grounding import Evidence, check, is_framing
from bot.answers.instructions import gives_orders
from bot.answers.reply import Sentence, SentenceReader, key_names
from bot.answers.words import MODEL_FAILED, MODEL_UNSUPPORTED
from bot.digest.asking import Asker, Item
from bot.digest.day import DayPaper
from bot.digest.digest import Digest, ListedPaper, Theme
from bot.digest.extract import Embed, Extracted
from bot.digest.names import NAME_CHARS
from bot.papers.text import clean

_log = logging.getLogger(__name__)

_GIST_TOKENS, _THEME_TOKENS, _OVERVIEW_TOKENS = 120, 220, 350
_GIST_SHARE, _THEME_SHARE = 0.6, 0.8  # of the time: a slow model leaves gists out rather than the overview
_GIST_CHARS = 400
UNSUPPORTED = "what the model wrote was not supported by the abstracts"
_WORD = re.compile(r"[^\W\d_]{3,}")
_SMALL = frozenset({"and", "for", "the", "with", "from", "via", "over", "other"})


@dataclass(frozen=True, slots=True)
class _Quoted:
    """How many parts of a summary the model did not write, or not so that they could be shown."""

    gists: int
    themes: int
    overview: bool

    def told(self, gists: int, themes: int, asker: Asker) -> Iterator[str]:
        """It in words, of so many gists and themes; nothing where nothing is quoted."""
        counts = {
            f"{self.gists} of {gists} gists": self.gists,
            f"{self.themes} of {themes} themes": self.themes,
            "the overview": int(self.overview),
        }
        if not any(counts.values()):
            return
        # A part that is quoted was not given, which the asker counted, or was given and not supported.
        reasons = [asker.reason] if asker.failures else []
        if sum(counts.values()) > asker.failures.total():
            reasons.append(UNSUPPORTED)
        parts = ", ".join(part for part, count in counts.items() if count)
        yield f"quoted instead of written: {parts}; {', or '.join(reasons)}"


async def rewrite(extracted: Extracted, papers: Sequence[DayPaper], embed: Embed, asker: Asker) -> Digest:
    """`extracted` in the model's words wherever these pass the check; notes say what had to be quoted."""
    digest = extracted.digest
    by_n = {p.n: p for p in papers}
    listed = tuple(await asyncio.gather(*(_gist(paper, by_n[paper.n], embed, asker) for paper in digest.papers)))
    gists = {p.n: p for p in listed}
    themes = _distinct(
        digest.themes,
        await asyncio.gather(*(_theme(theme, gists, by_n, embed, asker) for theme in digest.themes)),
    )
    overview = await _overview(digest, themes, gists, by_n, embed, asker)
    quoted = _Quoted(
        sum(new.gist is old.gist is not None for new, old in zip(listed, digest.papers, strict=True)),
        sum(new.summary is old.summary for new, old in zip(themes, digest.themes, strict=True)),
        overview is digest.overview,
    )
    without = sum(p.gist is None for p in listed)
    if quoted == _Quoted(len(listed) - without, len(themes), overview=True):
        reason = MODEL_FAILED.format(reason=asker.reason) if asker.failures else MODEL_UNSUPPORTED
        return replace(digest, missing=(*digest.missing, reason))
    renamed = {old.name: new.name for old, new in zip(digest.themes, themes, strict=True)}
    return replace(
        digest,
        papers=listed,
        themes=themes,
        overview=overview,
        trends=tuple(replace(t, theme=renamed[t.theme]) for t in digest.trends),
        mode="llm",
        model=asker.model,
        missing=(*digest.missing, *quoted.told(len(listed), len(themes), asker)),
    )


async def _gist(listed: ListedPaper, paper: DayPaper, embed: Embed, asker: Asker) -> ListedPaper:
    usable = [s for s in paper.sentences if not gives_orders(s)]
    if not usable:
        return listed
    item = await asyncio.to_thread(asker.abstract, paper.title, usable)
    reply = await asker.ask("gist", [item], _GIST_TOKENS, _GIST_SHARE)
    sentences = [s for s in _sentences(reply, 1) if len(s.text) <= _GIST_CHARS][:2]
    found = await asyncio.to_thread(_checked, sentences, [paper], embed)
    return replace(listed, gist=found[0]) if found else listed


async def _theme(
    theme: Theme, gists: dict[int, ListedPaper], papers: dict[int, DayPaper], embed: Embed, asker: Asker
) -> Theme:
    shown = await asyncio.to_thread(_shown, theme.papers, gists, asker)
    # In an order that upvotes do not change, so that the reply is found again.
    shown = dict(sorted(shown.items(), key=lambda entry: entry[1].title))
    reply = await asker.ask("theme", [*shown.values()], _THEME_TOKENS, _THEME_SHARE) if shown else None
    if not reply:
        return theme
    first, _, rest = reply.strip().partition("\n")
    cited = [papers[n] for n in shown]
    name = _name(first, cited) or theme.name
    found = await asyncio.to_thread(_checked, _sentences(rest, len(cited))[:3], cited, embed)
    if not found and name == theme.name:
        return theme
    return replace(theme, name=name, summary=tuple(found[:2]) or theme.summary)


async def _overview(
    digest: Digest,
    themes: Sequence[Theme],
    gists: dict[int, ListedPaper],
    papers: dict[int, DayPaper],
    embed: Embed,
    asker: Asker,
) -> tuple[Statement, ...]:
    """The checked sentences, filled up to three with quoted ones; the quoted ones where the model gave none."""
    first = [n for s in digest.overview for n in s.citations]
    named = {n: t.name for t in themes for n in t.papers}
    order = [*first, *(n for t in themes for n in t.papers if n not in first)]
    shown = await asyncio.to_thread(_shown, order, gists, asker, named)
    reply = await asker.ask("overview", [*shown.values()], _OVERVIEW_TOKENS) if shown else None
    cited = [papers[n] for n in shown]
    found = await asyncio.to_thread(_checked, _sentences(reply, len(cited))[:6], cited, embed)
    if not found:
        return digest.overview
    told = {n for s in found for n in s.citations}
    spare = [gists[n].gist for n in first if n not in told]
    return tuple([*found, *(s for s in spare if s)][: max(3, min(5, len(found)))])


def _shown(
    numbers: Sequence[int], gists: dict[int, ListedPaper], asker: Asker, themes: Mapping[int, str] | None = None
) -> dict[int, Item]:
    """The papers of `numbers` that a prompt holds, with their gists and themes."""
    items = {
        n: Item(gists[n].title, f"Theme: {themes[n]}. {gist.text}" if themes else gist.text)
        for n in numbers
        if (gist := gists[n].gist)
    }
    return dict([*items.items()][: asker.fitting([*items.values()])])


def _sentences(reply: str | None, papers: int) -> list[Sentence]:
    reader = SentenceReader(frozenset(key_names(papers)))
    sentences = [*reader.feed(reply or ""), *reader.end()]
    return [s for s in sentences if not is_framing(s.text)]


def _checked(sentences: Sequence[Sentence], papers: Sequence[DayPaper], embed: Embed) -> list[Statement]:
    """Those of `sentences` that `papers`, in the order of their keys, support, with the numbers of those that do."""
    if not sentences:
        return []
    evidence = [Evidence(p.title, p.sentences, p.vectors[1:]) for p in papers]
    place = key_names(len(papers))
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
