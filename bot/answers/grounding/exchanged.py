"""Two figures of a sentence, each given to what the other is of: "328 tasks within 125 scenes" turned round."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

from bot.answers.grounding.numbers import Number, placed
from bot.answers.grounding.words import content

_REACH = 45  # characters on either side of a figure within which stands what it is of

_FROM = re.compile(r"\bfrom (?:about |around |only |just |over |under |nearly )?[$€~]?$", re.IGNORECASE)

Placed = tuple[int, int, Number]


@lru_cache(maxsize=8_192)
def exchanged(claim: str, row: str) -> bool:
    """Whether `claim` has two figures of one unit beside the words that `row` has beside the other of them."""
    ours, theirs = placed(claim)[1], placed(row)[1]
    for one, other in combinations(ours, 2):
        if one[2].unit != other[2].unit or one[2].value == other[2].value:
            continue
        there = [_alone(figure[2], theirs) for figure in (one, other)]
        if there[0] is None or there[1] is None:
            continue
        told, known = _risen_from(claim, (one, other)), _risen_from(row, (there[0], there[1]))
        if told is not None and known is not None:
            if told != known:
                return True
            continue
        mine, its = _beside(claim, one, other), _beside(claim, other, one)
        first, second = _beside(row, there[0], there[1]), _beside(row, there[1], there[0])
        if mine & second and its & first and not mine & first and not its & second:
            return True
    return False


def _risen_from(sentence: str, pair: tuple[Placed, Placed]) -> int | None:
    """Which of two figures, 0 or 1, stands behind "from"; None where neither or both do."""
    plain = placed(sentence)[0]
    found = [i for i, (start, _, _) in enumerate(pair) if _FROM.search(plain[:start])]
    return found[0] if len(found) == 1 else None


def _alone(number: Number, places: Sequence[Placed]) -> Placed | None:
    """Where a number stands; None where it stands nowhere or more than once."""
    found = [p for p in places if p[2].unit == number.unit and p[2].value == number.value]
    return found[0] if len(found) == 1 else None


def _beside(sentence: str, figure: Placed, other: Placed) -> frozenset[str]:
    """The stems of the content words that stand near a figure, and nearer to it than to the other."""
    plain = placed(sentence)[0]

    def gap(start: int, place: Placed) -> int:
        return min(abs(start - place[0]), abs(start - place[1]))

    near = [w for w in content(plain) if not w.low[0].isdigit() and gap(w.start, figure) <= _REACH]
    return frozenset(w.stem for w in near if gap(w.start, figure) < gap(w.start, other))
