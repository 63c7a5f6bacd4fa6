"""XML from outside: parsed without a document type or entities, so that nothing in it expands or fetches."""

from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_DEPTH = 100


def parse_xml(data: bytes) -> Element:
    """The root of `data`; tags with a namespace are `{namespace}tag`.

    Raises ValueError, with the reason, for what is not well-formed, too deep, or has a document type.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEPTH:
            raise ValueError("its elements are nested too deeply")
        builder.start(_tag(name), {_tag(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_tag(name))

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that nobody knows
        raise ValueError(f"it is no whole XML ({error})") from None
    return builder.close()


def _tag(name: str) -> str:
    return "{" + name if "}" in name else name


def _refuse(*_: object) -> NoReturn:
    raise ValueError("it has a document type, which is not read")
