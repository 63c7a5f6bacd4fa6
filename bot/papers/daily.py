"""One record of Hugging Face's Daily Papers, as its API and the JSON inside its pages give it."""

from collections.abc import Iterable, Mapping
from datetime import date

from bot.papers.batch import Rejected
from bot.papers.paper import Paper, Unusable, as_date, make_paper


def read_records(
    records: Iterable[object], *, given: date | None = None, fallback: date | None = None
) -> tuple[list[tuple[str, Paper]], list[Rejected]]:
    """The papers of `records`, each with its place as where, and the records that are none.

    A paper's day is `given`, else the one on which it was submitted to Daily Papers, else `fallback`.
    """
    papers: list[tuple[str, Paper]] = []
    rejected: list[Rejected] = []
    for n, record in enumerate(records, 1):
        where = f"record {n}"
        try:
            if not isinstance(record, Mapping):
                raise Unusable("not a record of a paper")
            inner = record.get("paper")
            fields = {**record, **inner} if isinstance(inner, Mapping) else record
            if isinstance(fields.get("id"), str):
                where = f"record {n} ({fields['id'][:40]!r})"
            papers.append((where, _paper(fields, given, fallback)))
        except Unusable as reason:
            rejected.append(Rejected(where, str(reason)))
    return papers, rejected


def _paper(fields: Mapping[str, object], given: date | None, fallback: date | None) -> Paper:
    if not fields.get("id"):
        raise Unusable("no arXiv number")
    submitted = fields.get("submittedOnDailyAt")
    authors = fields.get("authors")
    return make_paper(
        fields.get("title"),
        fields.get("summary"),
        published=given or (as_date(submitted) if isinstance(submitted, str) else fallback),
        arxiv_id=fields["id"],
        authors=[a.get("name") for a in authors if isinstance(a, Mapping) and not a.get("hidden")]
        if isinstance(authors, list)
        else (),
        upvotes=fields.get("upvotes"),
        keywords=fields.get("ai_keywords") or (),
    )
