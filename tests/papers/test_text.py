"""Text at the door: cleaned, and cut into sentences."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.papers.jsonl import read_jsonl
from bot.papers.paper import make_paper
from bot.papers.text import clean, main_title, names_title, split_sentences, title_key

SHARED = Path(__file__).parents[3] / "shared"
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
NASTY = [
    "\x1b[31mred\x1b[0m",
    "\x9b31mred",
    "\x1b]0;title\x07",
    "\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\u202egnp.exe",
    "\u2066isolated\u2069",
    "pay\u200bload",
    "a\u200d\u0301",
    "\ufeff",
    "tag\U000e0041\U000e0042",
    "\ufe0f",
    "\u3164",
    "\ud800",
    "\r\n\t\v\f\x85\u2028",
    "\x1b\x1b[31m[31m",
    "e\u0301",
]
text = st.lists(st.one_of(st.text(max_size=20), st.sampled_from(NASTY)), max_size=10).map("".join)


@given(text)
def test_p06_at_the_door_nothing_hidden_comes_in(text):
    cleaned = clean(text)
    assert not HIDDEN.search(cleaned)
    assert cleaned == clean(cleaned) == unicodedata.normalize("NFC", cleaned).strip()
    assert "  " not in cleaned


@given(text, text, text)
def test_p06_at_the_door_every_text_of_a_paper_is_cleaned(title, abstract, other):
    record = {
        "title": f"T {title}",
        "abstract": f"A {abstract}",
        "id": f"i {other}",
        "url": f"https://example.org/{other}",
        "authors": [other],
        "keywords": [other],
    }
    batch = read_jsonl(json.dumps(record).encode(), source="x")
    for _, paper in batch.papers:
        texts = [paper.title, paper.abstract, *paper.sentences, paper.given_id or "", paper.url or ""]
        assert not HIDDEN.search("".join([*texts, *paper.authors, *paper.keywords]))


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        (" two  spaces\tand\nlines ", "two spaces and lines"),
        ("\x1b[1;31mred\x1b[0m text", "red text"),
        ("\x1b]8;;https://evil.example\x07link\x1b]8;;\x07", "link"),
        ("zero\u200bwidth and \u202ebidi\u202c", "zerowidth and bidi"),
        ("e\u0301tude", "étude"),
        ("NUL\0here", "NUL here"),
        ("naïve ∑ 日本 🙂", "naïve ∑ 日本 🙂"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_cleaning_keeps_what_people_see(raw, cleaned):
    assert clean(raw) == cleaned


def test_titles_are_the_same_but_for_case_spaces_and_punctuation():
    assert title_key("Attention: Is All you Need?") == title_key("attention is  all You-Need")
    assert title_key("C++") == "c"
    assert title_key("???") == "???"


@pytest.mark.parametrize(
    "sentences",
    [
        ["It works.", "It is fast!", "Is it?", "Yes."],
        ["We use models (e.g. BERT, cf. Fig. 2) vs. rules, i.e. Prolog.", "Others do not."],
        ["Smith et al. (2020) disagree with Wei et al. [2021] and with others et al.", "We do not."],
        ["It gains 3.5 points, to 97.2%.", "That is No. 1."],
        ["See https://example.org/a.b/c. d for more.", "Done."],
        ["Code is at https://github.com/a/b.", "It is free."],
        ["We agree [1].", "[2] does not.", "(We checked.)", '"Quite," they say.'],
        ["gsplat is a library.", "gsplat is fast.", "xGen-MM is not."],
        ["It is capable of: 1. Reading; 2. Writing.", "3. Counting."],
        ["Findings are as follows.", "(i) It works.", "(ii) It is fast."],
        ["The U.S. economy grew.", "W. Liang measured it for 300 ms.", "We did so for a parameter g.", "Done."],
        ["Let $x$ be 2.", "$y$ is 3.", "\\textbf{Bold} is LaTeX.", "{\\name} too."],
        ["Tasks, etc. are hard.", "We list apples, pears, etc.", "We stop."],
        ["The bracket (it has a stop. And another one.) holds.", "An open one (does not.", "We go on."],
        ["What? when? and why?", "All of it!"],
        ["¿Qué?", "Él dice.", "Übung macht es."],
    ],
)
def test_sentences_end_where_people_end_them(sentences):
    assert split_sentences(" ".join(sentences)) == sentences


@given(st.text("aB1.?! ()[]\"'$é", max_size=200))
def test_sentences_are_the_text_in_order(text):
    text = clean(text)
    assert " ".join(split_sentences(text)) == text


def test_sentences_of_any_abstract_are_found_in_linear_time():
    for text in ("a. b. " * 3000, "e.g. " * 4000, "(" * 20_000, "x.) " * 5000, "A" * 20_000):
        assert " ".join(split_sentences(text.strip())) == text.strip()


def test_real_abstracts_are_split_into_whole_sentences():
    """Of 3,953 abstracts: hardly a fragment, and hardly two sentences run together."""
    path = SHARED / "data" / "daily-papers-2024-2025.jsonl"
    if not path.exists():
        pytest.skip("needs ../shared, which is not here")
    found = [
        sentence
        for line in path.read_text().splitlines()
        for sentence in make_paper("T", json.loads(line)["abstract"]).sentences
    ]
    assert 31_500 < len(found) < 32_000
    fragments = [s for s in found if len(s) < 15]
    joined = [s for s in found if re.search(r"[a-z]{4}[.!?] (?:We|The|This|In|Our|It|To|However) ", s)]
    assert len(fragments) < 15
    assert len(joined) < 15


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What does Owls Are All You Need propose?", True),
        ("owls are all you need: a study of barns", True),
        ("What do owls need?", False),
        ("A study of barns", False),
    ],
)
def test_a_title_or_its_main_part_names_a_paper(question: str, named: bool) -> None:
    assert names_title(question, "Owls Are All You Need: A Study of Barns") is named


def test_a_main_part_of_two_words_is_no_name() -> None:
    assert main_title("Owl Nets: How They Hear") == "Owl Nets: How They Hear"
    assert not names_title("Are there owl nets?", "Owl Nets: How They Hear")
