# Needs make and Python 3.11 or later, nothing else: `make` sets up .venv, `make run` starts the product, `make help` tells more.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
HOME_DIR ?= .aftercare
PORT ?= 8000
WORKERS ?= 4

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# tests import the same modules thousands of times, in sandboxes and processes: compile them once, whatever the shell says
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := setup
.PHONY: help setup run test check trace format races walks texts bench screenshots lock clean

help: ## show the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

setup: $(STAMP) ## set up .venv, and nothing when it is up to date

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: install it, or say make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (a few minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "python3 cannot make a virtual environment here: on Debian, apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	$(BIN)/python .ci/install.py requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## start the whole product with sample data
	@exec $(BIN)/aftercare up --home $(HOME_DIR) --port $(PORT) --sample-data

test: setup ## run all tests but the long races, walks and every clock of every plan (races, walks, trace)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --timeout 300

texts: setup ## put new texts of the pages into the catalogs of api/locale, to be translated, and take old ones out
	$(BIN)/python -m tests.support.texts update

races: setup ## run the long races against the real server, hundreds of rounds
	$(BIN)/python -m pytest -m races -n 1

walks: setup ## walk at random through cases of all plans; WALK_STEPS=2000 moves, WALK_SEED=n for the same ones again
	$(BIN)/python -m pytest -m walks tests/walks

trace: setup ## run the scenarios and write docs/traceability.md; with TESTS=path only these, the rest of the page stays
	$(BIN)/python -m pytest -p tests.support.tracing --trace-to docs/traceability.md -m "clause and not races and not walks" \
		-n $(WORKERS) --dist loadscope -q --ignore tests/domain $(if $(TESTS),--trace-keep $(TESTS))

# each is a target of its own, the longest first: `make -j2 check` does two at a time
CHECKS := $(addprefix check-,types style imports plans traceability texts commands)
.PHONY: $(CHECKS)
check: $(CHECKS) ## format, lint, types, import directions, plans, traceability, commands of workflows

check-types: setup
	$(BIN)/mypy
check-style: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
check-imports: setup
	$(BIN)/lint-imports
check-plans: setup
	$(BIN)/aftercare plans check
check-traceability: setup
	$(BIN)/python -m tests.support.traceability
check-texts: setup
	$(BIN)/python -m tests.support.texts check
check-commands: setup
	$(BIN)/python -m tests.goldens.fingerprint

format: setup ## put the sources into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## run the benchmarks, each prints a table
	$(BIN)/python -m bench.overhead
	$(BIN)/python -m bench.lateness
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.replay
	$(BIN)/python -m bench.verify

screenshots: setup ## take the pictures of docs/screenshots: every page on sample data, wide, on a phone and dark
	$(BIN)/python -m tests.browser.screenshots

lock: setup ## resolve the dependencies anew and write requirements.lock with hashes, for every Python and platform
	$(BIN)/uv pip compile --quiet --upgrade --no-config --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-header --no-emit-index-url --no-emit-find-links --annotation-style line -o requirements.lock pyproject.toml

clean: ## remove what setup and the checks left, never the state of the product
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info build
