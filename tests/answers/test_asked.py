"""What a question asks for, and whether a sentence has its form."""

import pytest

from bot.answers.asked import Kind, asked_for, asks_for_several, asks_who_wrote, stated


@pytest.mark.parametrize(
    ("question", "kind", "nouns"),
    [
        ("How many owls were recorded?", Kind.COUNT, ("owls",)),
        ("On how many GPUs was OwlNet trained?", Kind.COUNT, ("gpus",)),
        ("By what percentage does the error fall?", Kind.AMOUNT, ()),
        ("By how many points does it improve?", Kind.AMOUNT, ()),
        ("What's the sampling rate of the microphone?", Kind.AMOUNT, ("sampling", "rate")),
        ("What word error rate does OwlNet reach?", Kind.AMOUNT, ("word", "error", "rate")),
        ("How much faster is it?", Kind.AMOUNT, ()),
        ("Which optimizer is used for OwlNet?", Kind.THING, ("optimizer",)),
        ("Under which license is it released?", Kind.THING, ("license",)),
        ("On which data sets is it tested?", Kind.DATA, ()),
        ("Who wrote the paper on owls?", Kind.MAKER, ()),
        ("At which conference was it presented?", Kind.VENUE, ()),
        ("When was it published?", Kind.TIME, ()),
        ("Where do the recordings come from?", Kind.ORIGIN, ()),
        ("What is OwlNet?", Kind.OPEN, ()),
        ("Which paper is about owls?", Kind.OPEN, ()),
        ("Which one hears best?", Kind.OPEN, ()),
        ("Does it hear?", Kind.OPEN, ()),
    ],
)
def test_the_kind_of_answer_is_told_from_the_question(question: str, kind: Kind, nouns: tuple[str, ...]) -> None:
    asked = asked_for(question)
    assert asked.kind is kind
    assert asked.nouns == nouns


@pytest.mark.parametrize(
    ("question", "sentence", "least", "most"),
    [
        ("How many owls were recorded?", "We recorded 41 owls.", 1, 1),
        ("How many owls were recorded?", "We recorded twelve barn owls.", 1, 1),
        (
            "How many owls were recorded?",
            "In 2019 we recorded for three days in a forest where there are owls.",
            0,
            0.5,
        ),
        ("How many owls were recorded?", "We recorded owls.", 0, 0),
        ("On how many GPUs was it trained?", "A single GPU is enough.", 1, 1),
        ("How much faster is it?", "It is twice as fast.", 1, 1),
        ("How much faster is it?", "It is fast.", 0, 0),
        ("Who wrote it?", "We wrote it.", 0, 0),
        ("At which conference was it presented?", "It was presented at NeurIPS.", 1, 1),
        ("Where do the images come from?", "They are taken from an archive.", 1, 1),
        ("On which data set was it tested?", "On the OwlSet dataset it wins.", 1, 1),
        ("Does it hear?", "It sees.", 1, 1),
    ],
)
def test_a_sentence_has_the_form_or_not(question: str, sentence: str, least: float, most: float) -> None:
    assert least <= stated(asked_for(question), sentence) <= most


def test_authors_and_several_papers_are_asked_for() -> None:
    assert asks_who_wrote("who are the authors of the owl paper")
    assert not asks_who_wrote("Do the authors test it on owls?")
    assert asks_for_several("What do both say on owls?")
    assert asks_for_several("Compare OwlNet with LeafCut")
    assert not asks_for_several("What does OwlNet do?")
