"""Questions that no paper can answer: greetings, questions about the bot, and attempts to turn it around."""

import re

from bot.answers import words
from bot.answers.hostile import is_hostile
from bot.answers.instructions import overrides_rules

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
    r"what (?:can|could|should|may) i (?:ask|do)(?: you| here)?",
)
_ELSEWHERE = _any_of(  # what no paper bot does
    r"(?:please )?(?:tell|sing|write|compose|make|give|recite)(?: me| us)? (?:an?|the|some|another) (?:\w+ )?"
    r"(?:jokes?|songs?|poems?|story|stories|haiku|limerick|essay|rap|lyrics|recipe)(?: .*)?",
    r"(?:(?:you|u)(?: are|'re| r)? )?(?:\w+ing )?(?:so |such |really |very )?(?:an? )?(?:stupid|dumb|useless|idiot|moron|"
    r"ugly|suck|trash|garbage)(?: bot)?",
    r"(?:fuck|screw|damn)(?: \w+)?|shut up",
)
_LIST = _any_of(
    r"(?:(?:please|can you|could you) )*(?:list|show|give|display)(?: me)?(?: a list of)?(?: all| every| the| of| your| me)*"
    r" (?:papers?|articles|titles)(?: (?:you have|you know|in (?:the|your) (?:library|collection|database)|there are))?",
    r"(?:what|which) papers (?:do you have|are there|are in (?:the|your) (?:library|collection|database)|do you know)",
)
_DAY = _any_of(
    r"(?:(?:please|can you|could you) )*(?:what|which|tell me about|summari[sz]e|sum up|show|list|give me)(?: me)?"
    r"(?:'s| is| are| was| were| came out| s)*(?: the| all| of| about)*(?: papers?| articles?| news)?(?: about| published| posted| out| there)*",
    r"(?:anything|something|what|papers?|articles?|news)(?:'s)?",
)


def wants_a_day(rest: str) -> bool:
    """Whether a question about the papers of some days asks nothing further; `rest` is it without the days."""
    return bool(_DAY.fullmatch(_plain(rest)))


def reply_to(question: str) -> str | None:
    """The short answer to a question that is not about papers, or None where it may be about them."""
    plain = _plain(question)
    replies = (
        (_GREETING, words.GREETING),
        (_THANKS, words.THANKS),
        (_ABOUT, words.ABOUT),
        (_LIST, words.LISTED),
        (_ELSEWHERE, words.HOSTILE),
    )
    for pattern, reply in replies:
        if pattern.fullmatch(plain):
            return reply
    return words.HOSTILE if overrides_rules(question) or is_hostile(question) else None


def _plain(text: str) -> str:
    return " ".join(_PUNCTUATION.sub(" ", text.lower().replace("’", "'")).split())
