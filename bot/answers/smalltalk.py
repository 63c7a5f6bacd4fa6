"""Questions that no paper can answer: greetings, questions about the bot, and attempts to turn it around."""

import re

from bot.answers import words
from bot.answers.instructions import gives_orders

_PUNCTUATION = re.compile(r"[^\w\s']+")


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_GREETING = _any_of(
    r"(?:hi|hello|hey|hiya|yo|howdy|sup|hallo|greetings|what's up|good (?:morning|evening|afternoon|day))"
    r"(?: (?:there|bot|all|everyone|friend|papers bot))*"
)
_THANKS = _any_of(
    r"(?:(?:ok|okay|great|cool|nice) )*(?:thanks|thank you|thx|ty|cheers|bye|goodbye|see you)"
    r"(?: (?:a lot|so much|very much|bot|all|then|for .*))*",
    r"ok|okay|great|cool|nice|good bot|lol",
)
_ABOUT = _any_of(
    r"(?:so )?(?:who|what) (?:are|r) (?:you|u)(?: exactly| called)?",
    r"what(?:'s| is) your name",
    r"what can (?:you|u) do(?: for me)?",
    r"help",
    r"how do (?:you|i) (?:work|use (?:you|this)(?: bot)?)",
    r"are you (?:a )?(?:bot|human|an ai|real|ai|chatgpt|a person).*",
    r"how are you(?: doing)?(?: today)?",
    r"who (?:made|built|wrote) (?:you|this bot)",
    r"what (?:model|llm) (?:are you|do you use)",
)


def reply_to(question: str) -> str | None:
    """The short answer to a question that is not about papers, or None where it may be about them."""
    plain = " ".join(_PUNCTUATION.sub(" ", question.lower()).split())
    for pattern, reply in ((_GREETING, words.GREETING), (_THANKS, words.THANKS), (_ABOUT, words.ABOUT)):
        if pattern.fullmatch(plain):
            return reply
    return words.HOSTILE if gives_orders(question) else None
