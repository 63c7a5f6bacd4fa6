"""A Daily Papers page saved as HTML: its embedded JSON, or the text that a reader sees."""

import html
import json
import re
from html.parser import HTMLParser

_HTML = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|main|div|section|article|h[1-6]|p)\b", re.IGNORECASE)
_EMBEDDED = re.compile(r"""\bdata-target\s*=\s*["']?DailyPapers["'\s>]""")
_PROPS = re.compile(r"""\bdata-props\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# What shows nothing, taken out first, and to the end of the page where it is left open: the parser of the
# standard library would look for that end again at every "<", which takes hours on a hostile page.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[.*?(?:\]>|\Z)|<(script|style|template|noscript|svg|title|textarea)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK = re.compile(
    "address|article|aside|blockquote|body|br|button|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|"
    "h[1-6]|header|hr|label|li|main|nav|ol|option|p|pre|section|summary|table|td|th|time|tr|ul"
)


def is_html(text: str) -> bool:
    """Whether `text` is an HTML page rather than a text dump."""
    return bool(_HTML.match(text[:1000]) or _EMBEDDED.search(text))


def embedded(text: str) -> tuple[list[object], str] | None:
    """The records of a Daily Papers page's embedded JSON and its `dateString`; None where it embeds none.

    Raises ValueError or RecursionError where the JSON is there and broken.
    """
    target = _EMBEDDED.search(text)
    if target is None:
        return None
    props = _PROPS.search(text, max(text.rfind("<", 0, target.start()), 0))
    if props is None:
        raise ValueError("it is missing")
    found = json.loads(html.unescape(props.group(1) or props.group(2) or ""))
    records = found.get("dailyPapers") if isinstance(found, dict) else None
    if not isinstance(records, list):
        raise ValueError("no list of papers in it")
    return records, str(found.get("dateString") or "")


def visible_text(text: str) -> str:
    """The text of a page as a dump has it: one block of the page a line, with a blank line after it."""
    parser = _Visible()
    end = text.rfind(">") + 1  # a tag left open at the end is no text, and slow to parse
    parser.feed(_UNSEEN.sub(" ", text[:end]))
    parser.close()
    blocks = (" ".join("".join(parts).split()) for parts in parser.blocks)
    return "\n\n".join(block for block in blocks if block)


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = [[]]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if _BLOCK.fullmatch(tag):
            self.blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        self.blocks[-1].append(data)
