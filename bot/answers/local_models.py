"""Models that run in this process: the pinned ones, and the file that a name such as `local:NAME` stands for."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BadInput
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class PinnedModel:
    """A model file that is known to the byte: where it is published, its size in bytes, its sha256."""

    name: str
    repository: str
    file: str
    size: int
    sha256: str
    licence: str

    def url(self, base: str) -> str:
        """The address of the file under `base`, such as https://huggingface.co."""
        return f"{base}/{self.repository}/resolve/main/{self.file}"

    def path(self, home: Path) -> Path:
        """Where the file is kept in the data directory."""
        return home / "models" / self.file


PINNED: Mapping[str, PinnedModel] = {
    model.name: model
    for model in (
        PinnedModel(
            "qwen2.5-coder-1.5b-instruct",
            "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            1_117_320_768,
            "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            "Apache-2.0",
        ),
        PinnedModel(
            "qwen2.5-coder-0.5b-instruct",
            "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            491_400_064,
            "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            "Apache-2.0",
        ),
    )
}
"""The models of `papers model list`, by name: the official files of their authors."""


def pinned(name: str) -> PinnedModel:
    """The pinned model of a name. Raises `BadInput`, naming those there are."""
    if name not in PINNED:
        raise BadInput(f"no model is called {name!r}; there are {' and '.join(PINNED)}")
    return PINNED[name]


def model_file(name: str, settings: Settings) -> Path:
    """The file of `local:NAME` or `local:/path/model.gguf`. Raises `BadInput` where there is none."""
    wanted = name.partition(":")[2]
    setting = f"setting PAPERS_MODEL={name!r}"
    if wanted in PINNED:
        path = PINNED[wanted].path(settings.home)
        if not path.is_file():
            raise BadInput(f"{setting}: the model is not here yet; fetch it with `papers model get {wanted}`")
        return path
    path = Path(wanted).expanduser()
    if "/" not in wanted and not wanted.endswith(".gguf"):
        raise BadInput(f"{setting}: no such model; there are {' and '.join(PINNED)}, or the path of a .gguf file")
    if not path.is_file():
        raise BadInput(f"{setting}: no such file")
    return path.absolute()


def shown_name(name: str) -> str:
    """A model's name as answers show it: `local:/path/model.gguf` is `local:model`, for paths are not for everybody."""
    kind, _, wanted = name.partition(":")
    return f"local:{Path(wanted).stem}" if kind == "local" and wanted not in PINNED else name
