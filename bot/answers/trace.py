"""A record of how an answer came about, for `--explain` and `--trace`."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import PapersError


@dataclass
class Trace:
    """The steps of one answer, each a name and what is worth knowing of it, in order."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def add(self, step: str, **facts: Any) -> None:
        """Note a step."""
        self.steps.append({"step": step, **facts})

    def step(self, name: str) -> dict[str, Any]:
        """The last step of this name; empty where there is none."""
        return next((s for s in reversed(self.steps) if s["step"] == name), {})

    def write(self, path: Path) -> None:
        """Write the record as JSON. Raises `PapersError` where that fails."""
        try:
            text = json.dumps({"steps": self.steps}, ensure_ascii=False, indent=1, default=str)
            path.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise PapersError(f"cannot write {path}: {error.strerror}") from error
