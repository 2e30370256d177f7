# Every target sets up what it needs by itself: a virtual environment in .venv, in the versions of requirements.lock.
# A stamp in it makes the second time quick; changing pyproject.toml or requirements.lock renews it.

VENV ?= .venv
PYTHON ?= python3 python3.13 python3.12 python3.11 python
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test lint format bench docs lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## install everything into .venv

demo: $(STAMP) ## write copy for the built-in catalog, and a page that shows it: demo.html
	@$(BIN)/shelftalker demo $(ARGS)

serve: $(STAMP) ## serve the API on this machine (ARGS="--port 9000")
	@$(BIN)/shelftalker serve $(ARGS)

test: $(STAMP) ## run every test, three at a time (ARGS="-k name" for some, ARGS="-n 0" for one at a time)
	@$(BIN)/python -m pytest -n 3 --dist loadfile $(ARGS)

lint: $(STAMP) ## style, types, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP) ## put every file into the house style
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

bench: $(STAMP) ## measure; one JSON line a figure
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(STAMP) ## check the links of every page and run its examples
	@$(BIN)/python -m pytest tests/docs $(ARGS)

lock: ## resolve the newest versions into requirements.lock
	@$(MAKE) --no-print-directory VENV=.venv-lock CONSTRAINTS= .venv-lock/.installed
	@.venv-lock/bin/python -m pip freeze --exclude-editable > requirements.lock
	@rm -rf .venv-lock

clean: ## remove everything that make has made
	@rm -rf $(VENV) .venv-lock build dist demo.html .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A name may stand on the path and still not run (version managers leave such names), so each candidate is tried.
# The build tools come from the lock too, so that no step resolves versions on its own.
CONSTRAINTS ?= -c requirements.lock
$(STAMP): pyproject.toml requirements.lock
	@for candidate in $(PYTHON); do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Shelftalker needs Python 3.11 or newer; none of these is: $(PYTHON). Name one: make setup PYTHON=/path/to/python" >&2; exit 2; \
	fi; \
	echo "Setting up $(VENV) with $$($$python --version 2>&1) (the first time takes a minute or two) ..." >&2; \
	$$python -m venv $(VENV) || { echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@$(PIP_INSTALL) $(CONSTRAINTS) hatchling editables
	@$(PIP_INSTALL) $(CONSTRAINTS) --no-build-isolation --editable '.[dev]'
	@touch $(STAMP)
