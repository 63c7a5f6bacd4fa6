"""Which gists stand for a theme, and which for the day."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from bot.answers.answer import Statement
from bot.digest.themes import Labels
from bot.library.embeddings import Vectors

# Words at a sentence's head, or in it, that point at what was said before it: it does not stand alone.
_POINTS_BACK = re.compile(
    r"^(?:to (?:this end|\w+ (?:this|these|such))|however|therefore|thus|then|hence|also|as|by|building on"
    r"|motivated by|inspired by|in doing so|in particular|specifically|furthermore|first|second|third|finally"
    r"|further|despite|moreover|while|although|based on|recognizing|its?|they|their|these|such|both|for this"
    r"|in this regard|different from)\b"
    r"|\b(?:this|these|those|such|said) (?:\w+ )?(?:issues?|gaps?|limitations?|challenges?|problems?|questions?"
    r"|findings?|insights?|principles?|observations?|reason|end|mechanism|disagreement|dilemma|shortcomings?"
    r"|conjectures?|aims|two|KB|data|area|phenomenon|tokens)\b",
    re.I,
)
# How a sentence begins that says at once who does what.
_STRAIGHT = re.compile(r"^(?:we|our|in this \w+,?|here,?|this (?:paper|work|study|article|report|survey)) ", re.I)
_LENGTHS = (90, 240)  # characters: enough to say something, and what is read at one go


def choose(
    labels: Labels, vectors: Vectors, gists: Sequence[Statement | None], upvotes: Sequence[int | None]
) -> tuple[list[int], list[list[int]]]:
    """The papers (by index) whose gists make the overview, and for each theme those that summarise it.

    The overview takes three to five: the best of each of the largest themes, and second ones where there are
    fewer themes. A theme is summarised by one, or of five papers and more by two, that the overview does not
    have, where it has others.
    """
    sizes = np.bincount(labels)
    ranked = [_ranked(labels, theme, vectors, gists, upvotes) for theme in range(len(sizes))]
    wanted = 3 if len(labels) < 20 else 4 if len(labels) < 45 else 5
    order = sorted(range(len(sizes)), key=lambda t: (-sizes[t], t))
    overview = [ranked[t][place] for place in range(wanted) for t in order if len(ranked[t]) > place][:wanted]
    themes = []
    for theme, papers in enumerate(ranked):
        rest = [i for i in papers if i not in overview]
        themes.append((rest or papers)[: 2 if sizes[theme] >= 5 else 1])
    return overview, themes


def _ranked(
    labels: Labels, theme: int, vectors: Vectors, gists: Sequence[Statement | None], upvotes: Sequence[int | None]
) -> list[int]:
    """The up to seven gists that stand for a theme best, each unlike those before it."""
    members = [int(i) for i in np.flatnonzero(labels == theme)]
    worth = _worth(members, vectors, gists, upvotes)
    picked: list[int] = []
    while worth and len(picked) < 7:
        said = {i: max((float(vectors[i] @ vectors[j]) for j in picked), default=0.0) for i in worth}
        best = max(worth, key=lambda i: (worth[i] - 0.8 * said[i], -i))
        picked.append(best)
        del worth[best]
    return picked


def _worth(
    members: Sequence[int], vectors: Vectors, gists: Sequence[Statement | None], upvotes: Sequence[int | None]
) -> dict[int, float]:
    """How well each paper's gist stands for the theme: central, self-contained, short, and liked by readers."""
    centre = vectors[members].mean(0)
    votes = _standing({i: upvotes[i] for i in members})
    worth = {}
    for i in members:
        gist = gists[i]
        if gist is not None:
            text = gist.text
            worth[i] = (
                float(vectors[i] @ centre)
                + 0.15 * votes[i]
                - 0.25 * bool(_POINTS_BACK.search(text))
                - 0.10 * (not _STRAIGHT.match(text))
                - 0.10 * (not _LENGTHS[0] <= len(text) <= _LENGTHS[1])
                - 0.20 * text.endswith("…")
            )
    return worth


def _standing(upvotes: Mapping[int, int | None]) -> dict[int, float]:
    """Upvotes as a place among the theme's, 0 (fewest, or unknown) to 1 (most)."""
    known = sorted({v for v in upvotes.values() if v is not None})
    return {i: known.index(v) / max(1, len(known) - 1) if v is not None else 0.0 for i, v in upvotes.items()}
