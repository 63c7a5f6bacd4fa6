"""What people, papers and models write is shown as it is, and every part keeps Discord's limits."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_app import rendering
from bot.papers.text import clean

HOSTILE = [
    "**bold** _it_ __u__ ~~s~~ ||hidden|| `code` ```py\nx```",
    "[click me](https://evil.example) and [1](https://evil.example) ![x](https://evil.example/x.png)",
    "see https://evil.example/a?b=c or <https://evil.example> or steam://run/1",
    "join discord.gg/abc, discord.com/invite/abc, DISCORDAPP.com/invite/x, https://discord.gg/abc",
    "</ask:123456789012345678> <t:0:R> <@1> <@!1> <@&1> <#1> <id:customize> <:x:1> <a:x:1>",
    "@everyone @here @Everyone",
    "# title",
    "> quote",
    ">>> quote",
    "-# small",
    "- item",
    "1. item",
    r"\[x](https://evil.example) \\[x](https://evil.example) \<@1> \@everyone",
    "¯\\_(ツ)_/¯ \\",
    "a\u202eb\u200bc\x1b[31md\x00e\u2066f",
]
HOSTILE_TEXT = st.lists(
    st.sampled_from([*HOSTILE, "[", "]", "(", ")", "\\", "`", "<", ">", "@", "*", "_", "~", "|", ":", "/", "#"])
    | st.text(max_size=12)
    | st.sampled_from(["[1]", "[12](", "https", "discord", ".gg", "everyone", " ", "\n", "x", "-"]),
    max_size=12,
).map("".join)

# What Discord's clients look for, tried at each place that no backslash takes away. From the rules of their
# markdown (a fork of simple-markdown) as the clients show it.
RULES = [
    ("link", re.compile(r"\[(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*\]\(\s*<?[^\s\\]*")),
    ("address", re.compile(r"(?:https?|steam|discord)://[^\s<]+")),
    ("invite", re.compile(r"discord(?:app)?\.(?:gg|com/invite)", re.I)),
    ("angle", re.compile(r"<(?:@[!&]?\d|#\d|/\S|t:-?\d|id:|a?:\w|https?:)")),
    ("everyone", re.compile(r"@(?:everyone|here)")),
    ("strong", re.compile(r"\*\*?\S|__?\S")),
    ("strike", re.compile(r"~~")),
    ("spoiler", re.compile(r"\|\|")),
    ("code", re.compile(r"`")),
]
AT_START = re.compile(r"(?:>{1,3}|#{1,3}\s|-#|[-*+]\s|\d+\.\s)")


def shown(text):
    """What a reader sees of `text`, and the rules of Discord's markdown that it set off."""
    out, found, at = [], [], 0
    if AT_START.match(text):
        found.append("block")
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text) and re.match(r"[^0-9A-Za-z\s]", text[at + 1]):
            out.append(text[at + 1])
            at += 2
            continue
        # A rule that spans several characters is broken by a backslash inside it: it is matched on raw text.
        found += [name for name, rule in RULES if rule.match(text, at)]
        out.append(text[at])
        at += 1
    return "".join(out), found


@pytest.mark.parametrize("text", HOSTILE)
def test_p04_text_that_is_not_ours_is_shown_and_does_nothing(text):
    seen, found = shown(rendering.plain(text))
    assert found == []
    assert seen == clean(text)


@given(HOSTILE_TEXT)
def test_p04_any_text_is_shown_as_it_is_and_does_nothing(text):
    seen, found = shown(rendering.plain(text, cited={1}))
    assert found == []
    assert seen == clean(text)


def test_p04_only_the_given_numbers_stay_citations():
    assert (
        rendering.plain("It works [1][2], as [7] says [1](x).", {1, 2}) == r"It works [1][2], as \[7\] says [1]\(x)."
    )


@given(st.text())
def test_p06_hidden_and_control_characters_are_gone(text):
    for made in (rendering.plain(text), rendering.lines(text), rendering.label(text, 50)):
        assert not [c for c in made if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]


def test_an_ordinary_sentence_is_not_cluttered():
    text = "We reach 95.3% (p < 0.05) on state-of-the-art tasks - at ~5x; see Fig. 2: A|B [ours] $\\alpha$."
    assert rendering.plain(text) == text


def test_a_title_is_linked_where_its_address_is_plain():
    assert rendering.link("A *Title* [v2]", "https://arxiv.org/abs/2508.01234") == (
        r"[A \*Title\* [v2]](https://arxiv.org/abs/2508.01234)"
    )


@pytest.mark.parametrize("address", [None, "", "javascript:alert(1)", "https://a b", "https://x)(y", "http://u:p@h/"])
def test_p04_a_title_without_a_plain_address_is_no_link(address):
    assert rendering.link("A Title", address) == "A Title"


@pytest.mark.parametrize("words", ["half [open", "][", "see https://evil.example", "join discord.gg/x"])
def test_a_title_that_discord_would_not_link_gets_a_mark_that_is_linked(words):
    made = rendering.link(words, "https://arxiv.org/abs/2508.01234")
    assert made.endswith(" [↗](https://arxiv.org/abs/2508.01234)")
    assert shown(made.removesuffix(" [↗](https://arxiv.org/abs/2508.01234)")) == (words, [])


@given(st.text(), st.integers(1, 60))
def test_p07_cut_keeps_the_limit_in_utf16(text, limit):
    made = rendering.cut(text, limit)
    assert rendering.units(made) == len(made.encode("utf-16-le", "surrogatepass")) // 2
    assert rendering.units(made) <= limit


PIECES = st.lists(
    st.sampled_from(
        [
            "word ", "sentence. ", "\n", "\n\n", "[1]", "[1][2]", "[Title](https://arxiv.org/abs/2508.01234)",
            "[A title](https://arxiv.org/abs/1)", "😀", "\\*", "<@123>", "x" * 50, "https://arxiv.org/abs/1 ",
            "```py\nprint(1)\n```", "```\n" + "line of code\n" * 9 + "```", "```" + "y" * 90 + "```",
        ]
    )
    | st.text(alphabet=st.characters(exclude_characters="`"), max_size=40),
    max_size=40,
).map("".join)  # fmt: skip


@given(PIECES, st.integers(60, 200))
def test_p07_every_part_keeps_the_limit_and_nothing_is_lost(text, limit):
    parts = rendering.split(text, limit)
    assert all(0 < rendering.units(part) <= limit for part in parts)
    letters = re.sub(r"\s|```(?:py)?", "", text)
    assert re.sub(r"\s|```(?:py)?", "", "".join(parts)) == letters


@given(PIECES, st.integers(60, 200))
def test_p07_fences_links_and_citations_stay_whole(text, limit):
    parts = rendering.split(text, limit)
    assert all(part.count("```") % 2 == 0 for part in parts)
    for pattern in (r"\[[^\[\]\n]*\]\(https://[^()\s]{1,40}\)", r"\[\d\](?:\[\d\])*", r"<@\d+>"):
        outside = re.compile(r"```.*?```", re.DOTALL)
        before = [m for m in re.findall(pattern, outside.sub(" ", text)) if rendering.units(m) <= limit]
        after = [m for part in parts for m in re.findall(pattern, outside.sub(" ", part))]
        assert after == before


def test_a_long_text_is_cut_at_paragraphs_then_sentences():
    first, second = ("First one. " * 6).strip(), ("Second part. " * 6).strip()
    assert rendering.split(f"{first}\n\n{second}", 100) == [first, second]
    assert [p.strip() for p in rendering.split("One is here. Two is there. Three", 30)] == [
        "One is here. Two is there.",
        "Three",
    ]


@given(st.lists(st.text(max_size=120), max_size=12), st.integers(40, 200))
def test_p07_packed_blocks_keep_the_limit(blocks, limit):
    assert all(rendering.units(part) <= limit for part in rendering.pack(blocks, limit))
