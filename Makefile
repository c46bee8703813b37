# The commands a person must know. `make` alone lists them.
SHELL := /bin/bash
PYTHON ?= python3
STACK ?= prod
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(shell sha256sum requirements.lock 2>/dev/null | cut -c1-16)
FETCHED := services/wheels/.fetched
LOADED := $(VENV)/load/.ready-$(shell sha256sum requirements-load.lock 2>/dev/null | cut -c1-16)
SPREAD := --dist loadscope --no-loadscope-reorder
CODE := __main__.py config components facts policy review preflight sandbox services standins tests
# The content that the stand-ins' own tests passed for is kept in git, as a lock file is.
PASSED := standins/tests/passed.sha256
STANDINS = $$(find standins requirements.lock -type f ! -path '*/.*' ! -name '*.pyc' ! -path '*/build/*' ! -path '*.egg-info/*' \
  ! -path $(PASSED) -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)

# Bytecode is kept: without it every process of a test run compiles tests and program anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up down preview status shell drill chaos demo load diff comment review upkeep preflight test rehearse soak standins-test standins-changed quick check bench schema reference wheels facts prices lock clean

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) $(FETCHED) ## install the pinned Python packages into .venv, and fetch what functions of the stack files need

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "python 3.11 or newer is needed, found %d.%d; set PYTHON=/path/to/python3.11" % sys.version_info[:2])'
	@echo "setup: installing $$(grep -c '^[a-z]' requirements.lock) pinned packages into $(VENV)"
	@$(BIN)/pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock & \
	  pid=$$!; trap 'kill $$pid 2>/dev/null; exit 130' INT TERM; seconds=0; \
	  while kill -0 $$pid 2>/dev/null; do sleep 1; seconds=$$((seconds + 1)); \
	    [ $$((seconds % 5)) -ne 0 ] || echo "setup: still installing, $$seconds s"; done; wait $$pid
	@touch $@

# Nothing is asked of an index where nothing is missing.
$(FETCHED): services/requirements.lock $(wildcard Pulumi.*.yaml bases/*.yaml) | $(READY)
	@$(BIN)/python -m components.functions.wheels
	@mkdir -p $(@D) && touch $@

up: setup ## deploy to the embedded AWS with the real engine, gated by the policy pack (STACKS="prod ...")
	@$(BIN)/python -m sandbox up $(STACKS)

preview: setup ## show what an up would change, gated by the policy pack
	@$(BIN)/python -m sandbox preview $(STACKS)

status: setup ## show what is running and deployed
	@$(BIN)/python -m sandbox status $(STACKS)

shell: setup ## a shell in which plain pulumi and aws commands reach the embedded AWS
	@$(BIN)/python -m sandbox shell

drill: setup ## take prod's region away, fail over to dr and back, leave evidence; the world is put back (STACKS="records records-dr")
	@$(BIN)/python -m sandbox drill $(STACKS)

chaos: setup ## run a stack's experiments on the embedded AWS, keep evidence; the world is put back (STACK=... ONLY=lost-task ARGS="--json")
	@$(BIN)/python -m sandbox chaos $(STACK) $(if $(ONLY),--only $(ONLY)) $(ARGS)

demo: setup ## show a system of agents from end to end with plain clients (STACK=agents, KEEP=1 leaves what was submitted)
	@$(BIN)/python -m sandbox demo $(STACK) $(if $(KEEP),--keep) $(ARGS)

load: setup $(LOADED) ## users by locust: a system of agents here, or claims of a stack file at URL (STACK=agents PROFILE=small URL= ARGS="--json")
	@$(BIN)/python -m sandbox load $(STACK) $(if $(PROFILE),--profile $(PROFILE)) $(if $(URL),--url $(URL)) $(ARGS)

$(LOADED): requirements-load.lock | $(READY)
	@echo "load: installing $$(grep -c '^[a-z]' requirements-load.lock) pinned packages into $(@D)"
	@rm -rf $(@D)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --target $(@D) -r requirements-load.lock
	@touch $@

down: setup ## stop everything and throw it away (DESTROY=1: by the engine, asking what is left; STACKS="...")
	@$(BIN)/python -m sandbox down $(if $(DESTROY),--destroy) $(STACKS)

diff: setup ## what the working tree changes of each stack, against BASE (main), offline
	@$(BIN)/python -m review.difference $(STACKS) --base $(or $(BASE),main)

comment: setup ## what a reviewer has to know of the working tree against BASE (main), as the comment of a pull request
	@$(BIN)/python -m review.comment show $(STACKS) --base $(or $(BASE),main)

review: setup ## inventory and policy verdict of STACK, offline in seconds
	@$(BIN)/python -m review $(STACK)

upkeep: setup ## what ends within half a year over all stacks: versions, waivers, exceptions, facts
	@$(BIN)/python -m review.upkeep $(STACKS)

preflight: setup ## ask the account of STACK, read-only, what would stop or spoil a first up (ARGS="--json")
	@$(BIN)/python -m preflight $(STACK) $(ARGS)

quick: setup ## the fast tests: no engine, no embedded AWS
	@$(BIN)/python -m pytest -m "not engine and not emulator and not slow and not rehearsal" --hypothesis-profile quick -n auto $(SPREAD)

check: setup ## formatter, linter, types, layers, schema
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m config.schema --check
	@$(BIN)/python -m review.residency --check
	@$(BIN)/python -m config.check

test: check ## every check and every test but the rehearsal's: prod and dr planned, a small stack deployed and destroyed
	@$(BIN)/python -m sandbox setup
	@$(BIN)/python -m pytest -m "not rehearsal" -n 3 $(SPREAD)
	@$(MAKE) --no-print-directory standins-changed

rehearse: setup $(LOADED) ## what takes half an hour: prod, dr and agents deployed, drilled, interrupted, destroyed
	@$(BIN)/python -m sandbox setup
	@$(BIN)/python -m pytest -m "rehearsal and not soak" -n 3 $(SPREAD)

soak: setup ## before a release: more cases of what the rehearsal tries some of, and the stand-ins' own tests
	@$(BIN)/python -m sandbox setup
	@$(BIN)/python -m pytest -m soak -n 3 $(SPREAD)
	@$(MAKE) --no-print-directory standins-test

standins-test: setup ## the stand-ins' own tests (make test runs them when the stand-ins changed)
	@tested=$(STANDINS); $(BIN)/python -m pytest standins/tests -n 3 --dist loadfile && echo $$tested >$(PASSED)

standins-changed: setup
	@if [ "$(STANDINS)" = "$$(cat $(PASSED) 2>/dev/null)" ]; then echo "stand-ins: unchanged since their tests passed"; \
	  else $(MAKE) --no-print-directory standins-test; fi

bench: setup ## what review, preview and pack cost, as ratios in one run (RECORD=1 writes docs/performance.md, ARGS="--only pack")
	@$(BIN)/python -m tests.bench $(if $(RECORD),--record) $(ARGS)

schema: setup ## write config/schema*.json, which stack files and bases point to
	@$(BIN)/python -m config.schema

reference: setup ## write docs/reference (keys of a stack file, what components make) and docs/agents (the agents' two APIs)
	@$(BIN)/python -m review.reference
	@$(BIN)/python -m review.residency
	@$(BIN)/python -m services.agents.describe docs/agents

wheels: setup ## fetch the packages of functions for where they run, held by the lock (make setup does it when a stack file changes)
	@$(BIN)/python -m components.functions.wheels

facts: setup ## write what AWS offers in each region, from packages (SOURCE=account asks AWS, CHECK=1 only compares)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
	  --target $(VENV)/facts -r requirements-facts.lock
	@$(BIN)/python -m facts $(if $(SOURCE),--source $(SOURCE)) $(if $(CHECK),--check)

prices: setup ## write the list prices of the review from a snapshot in YAML (SNAPSHOT=prices.yaml, CHECK=1 only compares)
	@$(BIN)/python -m review.cost.snapshot $(or $(SNAPSHOT),$(error SNAPSHOT=FILE is needed: a snapshot as review/cost/snapshot.py describes it)) $(if $(CHECK),--check)

lock: setup ## resolve requirements.lock, requirements-{facts,load}.lock and services/requirements.lock anew for every platform
	@$(BIN)/uv pip compile pyproject.toml --group sandbox --group services --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --annotation-style line --quiet --output-file requirements.lock
	@$(BIN)/uv pip compile --group services --constraint requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-header --annotation-style line --quiet --output-file services/requirements.lock
	@$(BIN)/uv pip compile --group facts --no-deps --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --quiet --output-file requirements-facts.lock
	@$(BIN)/uv pip compile --group load --constraint requirements.lock --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --output-file requirements-load.lock

clean: ## remove what setup and the sandbox left in the checkout
	@if [ -d .sandbox ] && [ -x $(BIN)/python ]; then $(BIN)/python -m sandbox down; fi
	@rm -rf $(VENV) .sandbox .archives .pytest_cache standins/.pytest_cache standins/build standins/*.egg-info .mypy_cache .ruff_cache .hypothesis
