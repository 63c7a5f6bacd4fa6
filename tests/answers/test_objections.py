"""What a sentence must not do, however like its evidence it is: one sentence of an abstract, and a claim."""

import pytest

from bot.answers.grounding import numbers
from bot.answers.grounding.claims import Naming
from bot.answers.grounding.likeness import PaperText, likeness
from bot.answers.grounding.objections import contradicts, numbers_missing

TITLE = "OwlNet: Hearing Long Audio"


def objected(claim: str, row: str) -> bool:
    return numbers_missing(claim, [row], TITLE) or contradicts(claim, Naming(TITLE, [row]), [row], [row])


@pytest.mark.parametrize(
    ("claim", "row"),
    [
        ("OwlNet errs on just 7.4% of words.", "OwlNet errs on 7.4% of words."),
        ("Pitch, loudness and rhythm are all modelled.", "OwlNet models pitch, loudness and rhythm."),
        ("First a spectrogram is drawn, then OwlNet reads it.", "A spectrogram is drawn before OwlNet reads it."),
        ("Initial tests with owls went well: the first tests.", "Preliminary tests with owls went well."),
        ("Although owls are loud, OwlNet hears them.", "OwlNet hears owls, loud as they are."),
        ("OwlNet has two parts, an ear and a brain.", "OwlNet consists of an ear and a brain."),
        ("OwlNet cuts errors by 10x.", "Without any labels, OwlNet cuts errors by 10x."),
        (
            "OwlNet is the top network on LibriLong.",
            "These networks lead on LibriLong, where OwlNet is the top network.",
        ),
        ("OwlNet runs on GPUs.", "OwlNet is a GPU-parallelized network."),
        (
            "OwlNet is an LLM-based listener with 400M parameters.",
            "OwlNet, a listener with 400M parameters, is an LLM.",
        ),
        ("Errors stay at most 10%.", "Errors are no larger than 10%."),
        ("OwlNet has between 5B and 7B parameters.", "OwlNet has 5-7B parameters."),
        ("OwlNet hears half a dozen owls.", "OwlNet hears several owls."),
        ("Errors fall to 1 GB from 28 GB.", "Errors fall from 28 GB to 1 GB."),
        ("RavenNet is outperformed by OwlNet on Barn.", "On Barn, OwlNet outperforms RavenNet."),
        ("RavenNet falls behind OwlNet by 5 points.", "OwlNet outperforms RavenNet by 5 points."),
        ("OwlNet does not beat RavenNet.", "RavenNet is not beaten by OwlNet."),
        ("OwlNet covers 338 birds and 86 frogs.", "There are 86 frogs and 338 birds in OwlNet."),
    ],
)
def test_what_a_true_sentence_may_say(claim: str, row: str) -> None:
    assert not objected(claim, row)


@pytest.mark.parametrize(
    ("claim", "row"),
    [
        ("OwlNet is the first network that hears owls.", "OwlNet is a network that hears owls."),
        ("OwlNet hears 328 owls within 125 scenes.", "OwlNet hears 125 owls within 328 scenes."),
        ("There are 125 scenes for the 328 owls of OwlNet.", "The 125 owls of OwlNet stand in 328 scenes."),
        ("Parameters go from 40M to 11M.", "Parameters go from 11M to 40M."),
        ("OwlNet has two parts, an ear and a brain.", "OwlNet consists of three parts: an ear, a brain and a beak."),
        ("Errors are more than 10%.", "Errors are no larger than 10%."),
        ("RavenNet outperforms OwlNet on Barn.", "On Barn, OwlNet outperforms RavenNet."),
        ("OwlNet is outperformed by RavenNet on Barn.", "On Barn, OwlNet outperforms RavenNet."),
        ("OwlNet trails RavenNet on Barn.", "It surpasses RavenNet on Barn."),
        ("Ravens hear mice on the Barn set.", "OwlNet hears mice on the Barn set."),
    ],
)
def test_what_a_false_sentence_must_not_say(claim: str, row: str) -> None:
    assert objected(claim, row)


def test_the_ends_of_a_range_have_one_scale() -> None:
    assert [n.value for n in numbers.numbers("5-7B parameters")] == [5e9, 7e9]


def test_figures_leave_no_stretch_bare() -> None:
    paper = PaperText(TITLE, ["OwlNet grows from 11M to 40M parameters."])
    told = likeness("Its parameters grow, from 11 million to 40 million.", paper)
    assert told.barest([0, 1]) == 1.0
