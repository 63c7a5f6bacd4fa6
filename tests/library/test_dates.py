"""Days that a question names."""

from datetime import date

import pytest

from bot.library.dates import DateRange, dates_in

TODAY, NEWEST = date(2025, 8, 6), date(2025, 8, 5)  # a Wednesday, and the last day of the library


def days(question: str) -> tuple[str, str] | None:
    dated = dates_in(question, TODAY, lambda: NEWEST)
    return dated and (str(dated.dates.since), str(dated.dates.until))


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What are today's papers about?", "2025-08-06", "2025-08-06"),
        ("Which papers on owls came out yesterday?", "2025-08-05", "2025-08-05"),
        ("last week's papers on owls", "2025-07-28", "2025-08-03"),
        ("papers on owls this week", "2025-08-04", "2025-08-06"),
        ("any papers on owls in the last 3 days?", "2025-08-04", "2025-08-06"),
        ("In the last 3 days, which papers treat owls?", "2025-08-04", "2025-08-06"),
        ("what was published last month on owls", "2025-07-01", "2025-07-31"),
        ("What's new?", "2025-07-30", "2025-08-05"),
        ("anything new on owls?", "2025-07-30", "2025-08-05"),
        ("the latest papers about owls", "2025-07-30", "2025-08-05"),
        ("papers of 2025-08-04 on owls", "2025-08-04", "2025-08-04"),
        ("papers published since August 4, 2025 about owls", "2025-08-04", "None"),
        ("papers on owls before 4 August 2025", "None", "2025-08-03"),
        ("articles after 4th of August 2025", "2025-08-05", "None"),
        ("Which papers from July 2025 treat owls?", "2025-07-01", "2025-07-31"),
        ("papers between 2025-08-01 and 2025-08-04", "2025-08-01", "2025-08-04"),
        ("papers on owls from 2025-08-01 to 2025-08-04", "2025-08-01", "2025-08-04"),
        ("Between June and July 2025, which papers treat owls?", "2025-06-01", "2025-07-31"),
        ("papers from July 30 until August 2 about owls", "2025-07-30", "2025-08-02"),
        ("papers on owls from Aug 4", "2025-08-04", "2025-08-04"),
        ("papers since July about owls", "2025-07-01", "None"),
        ("papers since December about owls", "2024-12-01", "None"),
        ("papers from Monday", "2025-08-04", "2025-08-04"),
        ("papers on owls from 2024", "2024-01-01", "2024-12-31"),
        ("papers before 2024 about owls", "None", "2023-12-31"),
    ],
)
def test_days_are_read_from_a_question_about_papers(question: str, since: str, until: str) -> None:
    assert days(question) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "What does today's machine learning lack?",
        "Which model released in 2019 is the best?",
        "Which new method prunes owls?",
        "What is the new dataset called?",
        "Will it rain tomorrow?",
        "What happened to the model since March 2023?",
        "papers of 2025-02-31",
        "How fast is it?",
        "",
    ],
)
def test_other_times_are_no_limit(question: str) -> None:
    assert days(question) is None


def test_the_words_of_the_time_are_not_searched_for() -> None:
    dated = dates_in("Last week's papers on owls?", TODAY, lambda: NEWEST)
    assert dated
    assert dated.rest == "papers on owls?"


def test_without_dated_papers_new_means_nothing() -> None:
    assert dates_in("What's new?", TODAY, lambda: None) is None


def test_a_range_holds_its_ends_and_no_undated_paper() -> None:
    days = DateRange(date(2025, 8, 4), date(2025, 8, 5))
    assert days.holds(date(2025, 8, 4))
    assert days.holds(date(2025, 8, 5))
    assert not days.holds(date(2025, 8, 6))
    assert not days.holds(None)
