# Everything here works on a fresh machine with Python 3.11 or newer: each target sets up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests wait for servers, limits and browsers a quarter of their time: one more at a time than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev

.PHONY: help demo test quick check bench evaluate mutants docs lock clean

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 12

demo: $(READY)  ## an archive of the sample portal, walked as any portal is
	$(BIN)/nianbao demo

test: $(READY_DEV) check  ## every check and every test
	$(BIN)/python -m pytest -n $(WORKERS)

quick: $(READY_DEV) check  ## the pure tests alone, in under a minute
	$(BIN)/python -m pytest -n $(WORKERS) -m "not crawl and not browser and not gold and not slow"

check: $(READY_DEV)  ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# ARGS: --pages N, --rounds N, --parts crawl,rebuild …; --write writes docs/bench.md and docs/bench.json.
bench: $(READY_DEV)  ## speed, memory and size beside a bare crawl
	$(BIN)/python -m tests.bench $(ARGS)

# GOLD is the folder of real pages with what a careful reader found on them; `make test` finds it in NIANBAO_GOLD.
GOLD ?= $(NIANBAO_GOLD)
evaluate: $(READY_DEV)  ## how well real pages are read
	$(BIN)/python -m tests.evaluate $(GOLD)

# ARGS: one module of the table, its tests, how many faults are drawn (--most N).
mutants: $(READY_DEV)  ## small faults in the modules of tests/mutants/measured.py that their tests do not notice
	$(BIN)/python -m tests.mutants $(ARGS)

docs: $(READY_DEV)  ## the pages of docs/ that are written out of the code
	$(BIN)/python -m crawler.commands.reference

# What a user installs, and what a developer does; hashes, so that a package cannot be exchanged on its way.
COMPILE = $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --no-emit-index-url --no-emit-trusted-host \
    --no-emit-find-links --no-header --no-annotate --strip-extras
lock: $(READY_DEV)  ## pin anew what is installed
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --output-file requirements-dev.lock --constraint requirements.lock pyproject.toml

PIP = $(BIN)/pip install --quiet --disable-pip-version-check

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "nianbao needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes --requirement requirements.lock
	$(PIP) --no-deps --editable .
	@touch $@

$(READY_DEV): $(READY) requirements-dev.lock
	$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

clean:  ## take away the environment and what tools left
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
