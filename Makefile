# Every target does its own set-up: a virtual environment in $(VENV), made again when setup.py changes.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

# One process never holds both torch and TensorFlow (tests/libraries.py): three runs, one by one.
LIBRARIES := none torch tensorflow
# In the order of the files; with SEED=..., any number, in an order drawn from it.
ORDER := $(if $(SEED),--randomly-seed=$(SEED),-p no:randomly)
# Hundreds of processes import the same modules: what the first has compiled is kept for the others.
unexport PYTHONDONTWRITEBYTECODE
# Two processes on two cores: where each had two threads for torch's arithmetic, they would wait for
# each other.
# A worker that dies is not started again: the run ends, and is red.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal --max-worker-restart=0

.PHONY: quickstart engines test test-exhaustive test-streaming test-fast check pythons format bench docs clean

$(VENV)/installed: setup.py
	$(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/developing: $(VENV)/installed
	@echo "Tools of developers: 3.2 GB to download on Linux (torch with its CUDA libraries 2.7 GB,"
	@echo "TensorFlow 0.3 GB), but for what pip has already."
	$(PIP) --editable '.[dev]'
	touch $@

quickstart: $(VENV)/installed  ## The main job on real text: vocabulary, shards in both formats, a look.
	PATH="$(abspath $(BIN)):$$PATH" sh examples/quickstart.sh quickstart

# Beam's portable runner, as a program: the version of the Beam that setup.py admits.
PRISM := github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0

engines: .engines/prism $(VENV)/google/installed  ## What tests run jobs on where it is: Prism (needs Go), Dataflow's client.

.engines/prism: setup.py
	GOBIN="$(abspath .engines)" go install $(PRISM)
	touch $@

# Google's clients make every start of Beam slower: beside the other tools, not among them.
GOOGLE := google-cloud-dataflow-client google-cloud-storage google-apitools google-auth-httplib2

$(VENV)/google/installed: $(VENV)/developing
	$(BIN)/python -m venv $(VENV)/google
	$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		>"$$(echo $(VENV)/google/lib/python*/site-packages)/tools.pth"
	$(VENV)/google/bin/python -m pip install --quiet --disable-pip-version-check $(GOOGLE)
	touch $@

test: LANE := usual
test-exhaustive: LANE := exhaustive
# Two processes, SEED=1 for another order. What test leaves out its last lines say.
test test-exhaustive: $(VENV)/developing  ## Tests, and all of them: each property at all moments.
	@red=; for library in $(LIBRARIES); do \
		echo "tests of library: $$library"; \
		$(PYTEST) $(ORDER) --lane $(LANE) --library $$library || red="$$red $$library"; \
	done; if [ -n "$$red" ]; then echo "failed:$$red"; exit 1; fi

# mosaicml-streaming asks for an older numpy: an environment of its own, which takes all else from
# $(VENV), as by its own list it would bring another torch of 2.7 GB. It imports these, and no more.
STREAMING := $(VENV)-streaming
STREAMING_PACKAGES := 'numpy<2.2' mosaicml-streaming==0.13.0 catalogue cramjam python-snappy torchvision zstd
SITE := import site; print(site.getsitepackages()[0])

$(STREAMING)/installed: $(VENV)/developing Makefile
	$(BIN)/python -m venv --clear $(STREAMING)
	$(BIN)/python -c "$(SITE)" > "$$($(STREAMING)/bin/python -c "$(SITE)")/shared.pth"
	$(STREAMING)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		$(STREAMING_PACKAGES)
	touch $@

test-streaming: $(STREAMING)/installed  ## MDS shards, read by mosaicml-streaming.
	REQUIRE_STREAMING=1 $(STREAMING)/bin/python -m pytest -q $(ORDER) --library torch \
		tests/loaders/torch/test_streaming.py

test-fast: $(VENV)/developing  ## What a minute can tell: at library level, without Beam and trainers.
	$(PYTEST) $(ORDER) --lane fast --ignore=tests/beam

check: $(VENV)/developing  ## Lint, format and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

pythons: $(VENV)/developing  ## For each Python stated: all extras can be installed, the code compiles.
	$(BIN)/python .ci/pythons

format: $(VENV)/developing  ## Apply what check would only report.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/developing  ## The benchmark table; results go to benchmarks/results/.
	$(BIN)/python benchmarks/run.py $(BENCH)
	$(BIN)/python benchmarks/loaders.py

docs: $(VENV)/developing  ## The site, in build/site; a broken link fails.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

clean:
	rm -rf $(VENV) $(VENV)-streaming build dist *.egg-info quickstart
