"""The shapes of the program's JSON, as others rely on them. No key may be missing and none may be added."""

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string"}
NUMBER = {"type": "integer", "minimum": 0}
DAY = {"type": ["string", "null"], "pattern": r"^\d{4}-\d\d-\d\d$"}
LINK = {"type": ["string", "null"], "pattern": "^https?://"}


def _object(*, optional: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


ANSWER = _object(
    question=TEXT,
    mode={"enum": ["extractive", "llm"]},
    model={"type": ["string", "null"]},
    abstained={"type": "boolean"},
    answer=TEXT,
    sentences=_list(
        _object(
            text=TEXT,
            citations={"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1},
            support={"type": "number", "minimum": 0, "maximum": 1},
        )
    ),
    removed=_list(_object(text=TEXT, reason={"enum": ["unsupported", "number", "citation", "instruction"]})),
    sources=_list(
        _object(
            n={"type": "integer", "minimum": 1},
            id=TEXT,
            title=TEXT,
            url=LINK,
            date=DAY,
            kind={"enum": ["abstract", "note"]},
            quote=TEXT,
        )
    ),
    closest=_list(_object(id=TEXT, title=TEXT)),
    notes=_list(TEXT),
    usage=_object(prompt_tokens=NUMBER, completion_tokens=NUMBER, cost_usd={"type": ["number", "null"]}),
    timings_ms=_object(retrieve=NUMBER, generate=NUMBER, total=NUMBER),
)
DAILY = _object(
    date=DAY,
    papers=NUMBER,
    overview=ANSWER["properties"]["sentences"],
    themes=_list(_object(name=TEXT, summary=TEXT, papers=_list({"type": "integer", "minimum": 1}))),
    papers_list=_list(
        _object(
            n={"type": "integer", "minimum": 1},
            id=TEXT,
            title=TEXT,
            url=LINK,
            tldr=TEXT,
            upvotes={"type": ["integer", "null"], "minimum": 0},
        )
    ),
)
SEARCH = _object(
    optional=("id",),
    id=TEXT,
    query=TEXT,
    results=_list(
        _object(rank={"type": "integer", "minimum": 1}, id=TEXT, title=TEXT, score={"type": "number"}, date=DAY)
    ),
)
INGEST = _object(
    source=TEXT,
    found=NUMBER,
    added=NUMBER,
    updated=NUMBER,
    unchanged=NUMBER,
    rejected=_list(_object(where=TEXT, reason=TEXT)),
    date=DAY,
)
LIST = _object(
    papers=_list(
        _object(id=TEXT, title=TEXT, date=DAY, url=LINK, authors=_list(TEXT), upvotes={"type": ["integer", "null"]})
    )
)
STATS = _object(
    papers=NUMBER,
    chunks=NUMBER,
    days=_list({"type": "array", "prefixItems": [{**DAY, "type": "string"}, NUMBER], "items": False, "minItems": 2}),
    data_dir=TEXT,
    embedding_model=TEXT,
    generation=NUMBER,
)


def check(told: Any, schema: dict[str, Any]) -> None:
    """Fail where `told` is not of the shape; for answers also where a citation has no source."""
    Draft202012Validator(schema).validate(told)
    if schema is ANSWER:
        cited = {n for sentence in told["sentences"] for n in sentence["citations"]}
        assert cited == {source["n"] for source in told["sources"]}
        assert bool(told["sentences"]) != told["abstained"]
