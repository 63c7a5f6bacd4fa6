"""SOURCE sample: the bundled notes."""

from datetime import date

from bot.papers.sources import read_source


def test_the_sample_is_notes_on_the_68_papers_of_one_day(settings):
    batch = read_source("sample", settings=settings, today=date(2026, 3, 2), trusted=False)
    assert len(batch.papers) == 68
    assert batch.rejected == ()
    assert batch.date == date(2025, 8, 4)
    assert {(p.kind, p.date) for _, p in batch.papers} == {("note", date(2025, 8, 4))}
