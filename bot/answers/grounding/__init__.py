"""The check that every sentence of an answer passes: what it claims must stand in the abstracts it may cite."""

from bot.answers.grounding.framing import is_framing
from bot.answers.grounding.verdicts import Evidence, Verdict, check

__all__ = ["Evidence", "Verdict", "check", "is_framing"]
