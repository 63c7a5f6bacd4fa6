"""Prompts: one text file a task in `prompts/`, with named variables that are checked when it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import Template

VARIABLES: Mapping[str, frozenset[str]] = {
    "answer": frozenset({"today", "delimiter", "evidence", "keys", "history", "question"}),
    "answer-brief": frozenset({"today", "evidence", "history", "question"}),
    "summary": frozenset({"today", "delimiter", "evidence", "keys"}),
    "summary-brief": frozenset({"evidence"}),
    "rewrite": frozenset({"today", "delimiter", "history", "question"}),
    "translate": frozenset({"delimiter", "question"}),
    "gist": frozenset({"today", "delimiter", "evidence", "keys"}),
    "theme": frozenset({"today", "delimiter", "evidence", "keys"}),
    "overview": frozenset({"today", "delimiter", "evidence", "keys"}),
}
"""Every task with the variables that its file must name, no more and no fewer.

The `-brief` ones are for models that read slowly: every word of them is waited for.
"""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A task's system message, which holds no untrusted text, and its user message, which may."""

    system: str
    user: str


def build(task: str, *, today: str, **values: str) -> Prompt:
    """The prompt of a task with its variables filled in; a `$` inside a value stays as it is.

    Values that the task does not name are left out. Raises `ValueError` where the file and `VARIABLES` disagree,
    or a variable is missing.
    """
    system, user = _load(task)
    if missing := VARIABLES[task] - {*values, "today"}:
        raise ValueError(f"prompt {task} misses {sorted(missing)}")
    # Only the date enters the system message: papers, questions and history are untrusted.
    return Prompt(Template(system).substitute(today=today), Template(user).substitute(values))


@lru_cache(maxsize=16)
def _load(task: str) -> tuple[str, str]:
    return parse(task, _folder().joinpath(f"{task}.txt").read_text(encoding="utf-8"))


def parse(task: str, text: str) -> tuple[str, str]:
    """The templates of a task's system and user message. Raises `ValueError` where the file is not as it should."""
    try:
        _comment, rest = text.split("--- system\n")
        system, user = rest.split("--- user\n")
    except ValueError:
        raise ValueError(f"prompts/{task}.txt needs one `--- system` and one `--- user` line") from None
    of_system, of_user = set(Template(system).get_identifiers()), set(Template(user).get_identifiers())
    if not (Template(system).is_valid() and Template(user).is_valid()):
        raise ValueError(f"prompts/{task}.txt has a stray $; write $$ for the sign itself")
    if (named := of_system | of_user) != VARIABLES[task]:
        raise ValueError(f"prompts/{task}.txt names {sorted(named)}, not {sorted(VARIABLES[task])}")
    if of_system - {"today"}:
        raise ValueError(f"prompts/{task}.txt: only $today may stand in the system message")
    return system.strip(), user.strip()


def _folder() -> "resources.abc.Traversable | Path":
    installed = resources.files("bot") / "prompts"  # where the wheel puts them
    return installed if installed.is_dir() else Path(__file__).parents[2] / "prompts"
