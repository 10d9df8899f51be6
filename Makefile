# Every target does its own set-up: a virtual environment in $(VENV), made again when setup.py changes.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: quickstart test check format bench clean

$(VENV)/installed: setup.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(PIP) --editable '.[dev]'
	touch $@

quickstart: $(VENV)/installed  ## The main job on real text: vocabulary, shards in both formats, a look.
	PATH="$(abspath $(BIN)):$$PATH" sh examples/quickstart.sh quickstart

test: $(VENV)/developing  ## All tests, on two processes.
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: $(VENV)/developing  ## Lint, format and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/developing  ## Apply what check would only report.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/developing  ## The benchmark table; results go to benchmarks/results/.
	$(BIN)/python benchmarks/run.py $(BENCH)

clean:
	rm -rf $(VENV) build dist *.egg-info quickstart
