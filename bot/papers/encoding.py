"""From the bytes of a file to its text, for files that may be in a wrong encoding."""

import codecs
import re

from bot.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FOREIGN = re.compile("[\udc80-\udcff]")
_FOREIGN_SHARE = 0.1  # of all characters; Latin-1 prose has under 0.05
_NUL_SHARE = 0.1  # of all bytes; stray NULs are rare, UTF-16 and binary files are full of them


def decode(data: bytes, name: str) -> str:
    """The text of `data`: UTF-8, or what its byte-order mark says.

    Bytes that are no UTF-8 stay in it as lone surrogates, so that one bad byte costs one entry and not the
    file; `foreign_byte` finds them. Raises `BadInput` for what is not text at all.
    """
    for mark, encoding in _MARKS:  # noqa: B007  # used after the loop
        if data.startswith(mark):
            data = data[len(mark) :]
            break
    else:
        encoding = "utf-8"
    if encoding == "utf-8":
        if data.count(0) > len(data) * _NUL_SHARE:
            raise BadInput(f"{name}: not text, or UTF-16 without its mark; save it as UTF-8 and try again")
        text = data.decode(encoding, "surrogateescape")
        if sum(1 for _ in _FOREIGN.finditer(text)) > len(text) * _FOREIGN_SHARE:
            raise BadInput(f"{name}: not text: {foreign_byte(text)}")
        return text
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        raise BadInput(
            f"{name}: line {line} (byte {error.start}) is no {encoding.upper()}; save it as UTF-8"
        ) from None


def foreign_byte(text: str, line: int = 1) -> str | None:
    """In words, the first byte of `text` that was no UTF-8, or None; `text` begins on `line`."""
    found = _FOREIGN.search(text)
    if found is None:
        return None
    line += text.count("\n", 0, found.start())
    byte = ord(found.group()) - 0xDC00
    return f"byte 0x{byte:02X} on line {line} is no UTF-8; save the file as UTF-8 and try again"
