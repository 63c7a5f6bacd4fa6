"""The day of a page, when the page says only "Aug 4"."""

from datetime import date

import pytest

from bot.papers.page_dates import date_line, find_day

ABSTRACT = "We study how models read pages. The reader follows the structure of the page. " * 4
TODAY = date(2026, 3, 2)


def page(day: str) -> str:
    head = f"Daily Papers\n\n{day}\n\n" if day else "Daily Papers\n\n"
    return f"{head}First\n\n{ABSTRACT}One.\n\nSecond\n\n{ABSTRACT}Two.\n\nThird\n\n{ABSTRACT}Three.\n"


@pytest.mark.parametrize(
    "words",
    [
        "2025-08-04",
        "2025/08/04",
        "Aug 4, 2025",
        "AUG. 4 2025",
        "August 4th 2025",
        "4 Aug 2025",
        "Mon, Aug 4 2025",
        "Monday, 4 August, 2025",
        "Daily Papers for Aug 4, 2025",
    ],
)
def test_a_full_date_on_the_page_is_taken(read, words):
    batch = read(page(words))
    assert batch.date == date(2025, 8, 4)
    assert batch.date_note == "2025-08-04 as the page says"
    assert [p.title for _, p in batch.papers] == ["First", "Second", "Third"]


@pytest.mark.parametrize(
    ("words", "today", "expected"),
    [
        ("Aug 4", date(2026, 3, 2), date(2025, 8, 4)),
        ("Mar 2", date(2026, 3, 2), date(2026, 3, 2)),  # today itself
        ("Mar 3", date(2026, 3, 2), date(2025, 3, 3)),  # tomorrow is not past
        ("Feb 29", date(2026, 3, 2), date(2024, 2, 29)),
        ("Dec 31", date(2026, 1, 1), date(2025, 12, 31)),
        ("4 August", date(2025, 8, 6), date(2025, 8, 4)),
        ("Mon, Aug 4", date(2026, 11, 24), date(2025, 8, 4)),  # in 2026 it is a Tuesday
    ],
)
def test_without_a_year_it_is_the_latest_such_day_that_is_past(read, words, today, expected):
    batch = read(page(words), today=today)
    assert batch.date == expected
    assert "the latest that is past" in batch.date_note


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("daily-papers-2025-08-04.txt", date(2025, 8, 4)),
        ("papers_2025_08_04.txt", date(2025, 8, 4)),
        ("20250804.txt", date(2025, 8, 4)),
        ("hf_aug_4_2025.txt", date(2025, 8, 4)),
        ("papers-2025-13-40.txt", None),
        ("v1.2.txt", None),
        ("papers-120250804.txt", None),
    ],
)
def test_the_files_name_may_give_the_date(read, name, expected):
    batch = read(page(""), name)
    assert batch.date == expected
    if expected:
        assert batch.date_note == "2025-08-04 from the file's name"


def test_the_order_is_given_then_page_then_name_then_known_papers_then_latest(read):
    def known(titles):
        return {"Second": date(2023, 8, 4)}

    full, short, name = page("Aug 4, 2024"), page("Aug 4"), "2022-08-04.txt"
    assert read(full, name, given_date=date(2021, 8, 4), known_dates=known).date == date(2021, 8, 4)
    assert read(full, name, known_dates=known).date == date(2024, 8, 4)
    assert read(short, name, known_dates=known).date == date(2022, 8, 4)
    assert read(short, known_dates=known).date == date(2023, 8, 4)
    assert read(short).date == date(2025, 8, 4)


def test_of_the_known_papers_the_most_common_date_with_that_month_and_day_is_taken(read):
    dates = {"First": date(2024, 8, 5), "Second": date(2023, 8, 4), "Third": date(2023, 8, 4)}
    batch = read(page("Aug 4"), known_dates=lambda titles: {t: dates[t] for t in titles})
    assert batch.date == date(2023, 8, 4)
    assert batch.date_note == "2023-08-04: the page says only Aug 4; 2 of its papers are already known with this date"


def test_known_papers_of_other_days_say_nothing_about_the_year(read):
    assert read(page("Aug 4"), known_dates=lambda t: {"First": date(2023, 8, 5)}).date == date(2025, 8, 4)


def test_a_page_without_any_date_takes_that_of_its_papers_if_half_are_known(read):
    known = {"First": date(2023, 8, 4), "Second": date(2023, 8, 4)}
    assert read(page(""), known_dates=lambda t: known).date == date(2023, 8, 4)
    assert read(page(""), known_dates=lambda t: {"First": date(2023, 8, 4)}).date is None


def test_a_name_that_disagrees_with_the_page_is_said(read):
    batch = read(page("Aug 4"), "saved-2025-08-06.txt")
    assert batch.date == date(2025, 8, 6)
    assert batch.date_note == "2025-08-06 from the file's name (the page says Aug 4)"


def test_a_date_in_a_title_or_abstract_is_not_the_pages(read):
    text = page("").replace("First\n", "Findings of May 3, 2024\n").replace("We study", "As of July 1, 2024 we study")
    assert read(text).date is None


@pytest.mark.parametrize("line", ["Trends since Aug 4", "A study of Mar 2 2024 data", "Aug 44", "4", "2025", "May"])
def test_a_line_that_says_more_or_no_day_is_no_date_line(line):
    assert date_line(line) is None


def test_a_day_prints_as_people_write_it():
    assert [str(find_day(text)) for text in ("4 aug", "on Feb 29", "2025-8-4")] == ["Aug 4", "Feb 29", "2025-08-04"]
