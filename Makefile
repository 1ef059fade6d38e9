# `make` or `make help` lists the targets. Each does its own set-up: all it needs is Python 3.11 or newer.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
CODE := $(wildcard bot tests bench docs/*.py)

# The first command that is really there and really new enough; PYTHON=/path/to/python overrides the search.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

.PHONY: help demo test simulate bench lint format screenshots requirements clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.run  ## Try Mull with a made-up class in your browser (ARGS="--help" shows the options)
	@$(BIN)/mull demo $(ARGS)

# Tests run in as many processes as there are processors; the tests of one file stay together.
test: lint  ## Check style, types and layers, then run all tests (ARGS="-k name" runs some)
	@echo "Running the tests …"
	@$(BIN)/python -m pytest --numprocesses logical --dist loadfile $(ARGS)

simulate: $(VENV)/.run  ## Live 20 school years on a virtual clock, and compare what everybody saw with an oracle
	@$(BIN)/mull simulate $(or $(ARGS),--seeds 20)

bench: $(VENV)/.dev  ## Print the benchmark figures (BENCH=name runs one)
	@for file in $(if $(BENCH),bench/$(BENCH).py,$(shell grep -l __main__ bench/*.py)); do \
		echo "== $$file"; $(BIN)/python -m "bench.$$(basename $$file .py)"; done

lint: $(VENV)/.dev  ## Check style, types and layers
	@echo "Checking style, types and layers …"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@$(BIN)/ruff check --quiet --config ruff-pure.toml $(wildcard bot/core bot/flows)
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports --no-logo

format: $(VENV)/.dev  ## Tidy the code
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

screenshots: $(VENV)/.dev  ## Take the pictures in docs/ anew
	@$(BIN)/python docs/screenshots.py $(ARGS)

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-emit-index-url \
	--no-annotate --custom-compile-command "make requirements" pyproject.toml

requirements: $(VENV)/bin/python  ## Pin the newest versions that pyproject.toml allows
	@$(PIP) uv
	@echo "Choosing versions …"
	@$(COMPILE) --output-file requirements.txt
	@$(COMPILE) --extra test --constraint requirements.txt --output-file requirements-dev.txt

clean:  ## Remove the environment, caches and build output
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment serves both: .run holds what Mull needs, .dev adds what its tests need. The pins agree, since
# requirements-dev.txt is compiled against requirements.txt. Where Python itself was replaced and the environment no
# longer starts, the stamps count for nothing.

$(shell [ -x $(BIN)/python ] || rm -f $(VENV)/.run $(VENV)/.dev)

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "Mull needs Python 3.11 or newer, and none was found. Install it, or say where it is:" >&2; \
		echo "    make PYTHON=/path/to/python3" >&2; exit 1; fi
	@echo "Making an environment in $(VENV) with $$($(PYTHON) --version) …"
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "Python could not make an environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Mull needs (the first time takes about a minute) …"
	@$(PIP) --requirement requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what the tests need …"
	@$(PIP) --requirement requirements-dev.txt
	@touch $@
