"""What models cost: list prices in US dollars per million tokens, where known, and the day they were noted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

AS_OF = date(2026, 8, 1)
"""The day of the table. It was put together from public tables of spring and summer 2026 that agree with each
other, not read from the providers' own pages, and leaves out discounts for cached text and for batches. Prices
change: what an answer is said to cost is an estimate, the provider's invoice is not.
"""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens read and written."""

    prompt: float
    completion: float

    def of(self, prompt_tokens: int, completion_tokens: int) -> float:
        """US dollars for so many tokens."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1e6


PRICES: Mapping[str, Price] = {
    "gpt-5": Price(1.25, 10.0),
    "gpt-5-mini": Price(0.25, 2.0),
    "gpt-5-nano": Price(0.05, 0.4),
    "gpt-5.2": Price(1.75, 14.0),
    "gpt-5.4": Price(2.5, 15.0),
    "gpt-5.4-mini": Price(0.75, 4.5),
    "gpt-5.4-nano": Price(0.2, 1.25),
    "gpt-4.1": Price(2.0, 8.0),
    "gpt-4.1-mini": Price(0.4, 1.6),
    "gpt-4.1-nano": Price(0.1, 0.4),
    "gpt-4o": Price(2.5, 10.0),
    "gpt-4o-mini": Price(0.15, 0.6),
    "claude-haiku-4-5": Price(1.0, 5.0),
    "claude-sonnet-4-5": Price(3.0, 15.0),
    "claude-opus-4-5": Price(5.0, 25.0),
}
_FREE = Price(0.0, 0.0)
_DEAREST = Price(max(p.prompt for p in PRICES.values()), max(p.completion for p in PRICES.values()))
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$")


def price(model: str) -> Price | None:
    """The price of a model such as `openai:gpt-5-mini-2025-08-07`, whoever serves it; None where it is not known.

    A model in this process costs nothing.
    """
    if model.startswith("local:"):
        return _FREE
    name = model.rpartition(":")[2].rpartition("/")[2].lower()
    return PRICES.get(_SNAPSHOT.sub("", name))


def cost(model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """What so many tokens of `model` cost, in US dollars; None where its price is not known."""
    known = price(model)
    return None if known is None else known.of(prompt_tokens, completion_tokens)


def cost_at_most(model: str, prompt_tokens: int, completion_tokens: int) -> float:
    """What so many tokens cost, in US dollars; a model of unknown price counts as the dearest of the table."""
    return (price(model) or _DEAREST).of(prompt_tokens, completion_tokens)
