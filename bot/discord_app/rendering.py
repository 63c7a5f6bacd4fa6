"""Text as Discord shows it: made harmless, measured, cut and split. Knows nothing of papers or answers.

Discord's markdown reads a backslash before any character that is neither letter, digit nor space as "show
this as it is". Text from papers, models and people passes through `plain`, which so takes the meaning of
everything that could format, link, mention or run a command; only this program's own words and links are
written as markdown.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from bot.papers.paper import http_url
from bot.papers.text import clean

ELLIPSIS = "…"

_MEANING = re.compile(
    r"""
    (?P<cite>\[(?P<n>\d{1,3})\])                # [7]
    | (?P<link>(?<=\])\()                        # the middle of [words](address), which a \] would not break
    | (?P<scheme>:(?=//))                        # https://…, and any other scheme
    | (?P<invite>discord(?:app)?)\.(?=(?:gg|com|new|gift|me|io|media))
    | (?P<tag><(?=\S))                           # <@1>, <#1>, <t:1>, </command:1>, <:emoji:1>, <https://…>
    | (?P<slash>\\(?=[^0-9A-Za-z\s]|$))          # a backslash that would take the meaning of what follows
    | (?P<mark>[*_`@])                           # emphasis, code, @everyone
    | (?P<pair>~(?=~)|\|(?=\|))                  # struck out, hidden
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LINE_START = re.compile(r"^(?:(?P<mark>>|\#|-(?=[#\s]|$)|\+(?=\s|$))|(?P<number>\d+)\.(?=\s|$))")


def plain(text: str, cited: Collection[int] = ()) -> str:
    """`text` on one line, such that Discord shows its characters and nothing else.

    Hidden, control and bidirectional characters go. `[n]` stays a citation for the numbers in `cited`; any
    other bracketed number is shown as text too.
    """

    def harmless(match: re.Match[str]) -> str:
        found = match.group()
        if match["cite"]:
            return found if int(match["n"]) in cited else rf"\[{match['n']}\]"
        if match["invite"]:
            return f"{found[:-1]}\\."
        return "\\" + found

    line = _MEANING.sub(harmless, clean(text))
    return _LINE_START.sub(lambda m: rf"{m['number']}\." if m["number"] else "\\" + m["mark"], line)


def lines(text: str, cited: Collection[int] = ()) -> str:
    """`text` of several lines, each made `plain`; at most one empty line stays between two."""
    made = "\n".join(plain(line, cited) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", made).strip("\n")


def link(words: str, address: str | None) -> str:
    """`[words](address)`, or the words alone where the address is no plain http(s) address."""
    shown = plain(words)
    if not address or http_url(address) is None:
        return shown
    # Discord takes no link whose words hold an address or brackets that do not pair.
    if "://" in words or re.search(r"discord(app)?\.", words, re.I) or not _paired(words) or not shown:
        return f"{shown} [↗]({address})".lstrip()
    return f"[{shown}]({address})"


def _paired(words: str) -> bool:
    depth = 0
    for character in words:
        depth += (character == "[") - (character == "]")
        if depth not in (0, 1):
            return False
    return depth == 0


def units(text: str) -> int:
    """Length of `text` as Discord counts it: UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning and "…" where it has more than `limit` units; no escape is cut open."""
    if units(text) <= limit:
        return text
    head = _head(text, limit - 1)
    at = head.rfind(" ")
    if at > len(head) // 2:
        head = head[:at]
    return _closed(head).rstrip() + ELLIPSIS if limit > 0 else ""


def label(text: str, limit: int) -> str:
    """`text` for a place that reads no markdown (footer, button, choice, thread): cleaned, and cut."""
    return cut(clean(text), limit)


def _head(text: str, limit: int) -> str:
    used = 0
    for at, character in enumerate(text):
        used += 1 + (character > "\uffff")
        if used > limit:
            return text[:at]
    return text


def _closed(text: str) -> str:
    slashes = len(text) - len(text.rstrip("\\"))
    return text[:-1] if slashes % 2 else text


_FENCE = re.compile(r"```(?:(?P<info>[\w+\-.#]*)\n)?(?P<code>.*?)```", re.DOTALL)
# What is cut only where it is longer than a whole part.
_ATOM = re.compile(
    r"""
    \[(?:\\.|[^\[\]\n\\]|\[[^\[\]\n]*\])*\]\([^()\s]*\)   # a link
    | (?:\[\d{1,3}\])+                                    # citations
    | <[^<>\s]{1,100}>                                    # a mention or time stamp
    | https?://\S+
    | \\.                                                 # an escape
    | \n+ | [^\S\n]+
    | [^\s\\\[<]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*$")


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` units, cut where a reader would: paragraph, line, sentence, word.

    Links, citations, mentions and escapes stay whole where they fit in a part at all. A code fence that must
    be cut is closed and opened again. Nothing but white space at the cuts is lost. `limit` is at least 32.
    """
    if units(text) <= limit:
        return [text] if text.strip() else []
    parts: list[str] = []
    held: list[str] = []
    used = 0
    for atom in _atoms(text, limit):
        size = units(atom)
        if used + size > limit:
            at = _best_cut([*held, atom])
            parts.append("".join(held[:at]))
            held = _trimmed([*held[at:], atom])
            if units("".join(held)) > limit:
                parts.append("".join(held[:-1]))
                held = [atom]
            used = sum(map(units, held))
        else:
            held.append(atom)
            used += size
    parts.append("".join(held))
    return [part for part in (p.strip("\n") for p in parts) if part.strip()]


def _atoms(text: str, limit: int) -> Iterator[str]:
    at = 0
    for match in _FENCE.finditer(text):
        yield from _prose(text[at : match.start()], limit)
        if units(match.group()) <= limit:
            yield match.group()
        else:
            for piece in _split_fence(match["info"] or "", match["code"], limit):
                yield "\n"
                yield piece
        at = match.end()
    yield from _prose(text[at:], limit)


def _prose(text: str, limit: int) -> Iterator[str]:
    return (piece for atom in _ATOM.findall(text) for piece in _slices(atom, limit))


def _split_fence(info: str, code: str, limit: int) -> list[str]:
    opened = f"```{info}\n" if len(info) < limit // 4 else "```\n"
    room = limit - units(opened) - len("\n```")
    pieces: list[str] = []
    held = ""
    for line in (piece for whole in code.strip("\n").split("\n") for piece in _slices(whole, room)):
        if held and units(held) + 1 + units(line) > room:
            pieces.append(held)
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    return [f"{opened}{piece}\n```" for piece in [*pieces, held]]


def _trimmed(atoms: list[str]) -> list[str]:
    first = next((i for i, atom in enumerate(atoms) if not atom.isspace()), len(atoms))
    return atoms[first:]


def _best_cut(atoms: list[str]) -> int:
    """How many of `atoms` to keep, the last being too many: to the end of a paragraph, line or sentence."""
    half = len(atoms) // 2
    spaces = [i for i, atom in enumerate(atoms) if i and atom.isspace()]
    late = [i for i in spaces if i >= half]
    for fits in (
        [i for i in late if "\n\n" in atoms[i]],
        [i for i in late if "\n" in atoms[i]],
        [i for i in late if _SENTENCE_END.search("".join(atoms[max(0, i - 3) : i]))],
        spaces,
    ):
        if fits:
            return fits[-1]
    return len(atoms) - 1


def _slices(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        head = _closed(_head(text, limit)) or _head(text, limit)
        yield head
        text = text[len(head) :]
    yield text


def pack(blocks: Iterable[str], limit: int, gap: str = "\n") -> list[str]:
    """Blocks put together, in order, into parts of at most `limit` units; a longer block is `split`."""
    parts: list[str] = []
    for block in blocks:
        if not block:
            continue
        if parts and units(parts[-1]) + units(gap) + units(block) <= limit:
            parts[-1] += gap + block
        else:
            parts += split(block, limit)
    return parts
