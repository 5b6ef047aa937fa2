# The doors of the project. `make` alone says what they are.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo start check fix test trials bench mutants lock clean-demo

help: ## What each door does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/run.stamp: requirements/run.lock
	@scripts/environment $(PYTHON) run

$(VENV)/dev.stamp: requirements/run.lock requirements/dev.lock
	@scripts/environment $(PYTHON) dev

demo: $(VENV)/run.stamp ## The whole service with simulated seasons, on http://127.0.0.1:8000 (PORT=8001 for another port)
	@AROBASE_DEMO=1 AROBASE_DATA=$(CURDIR)/var/demo $(BIN)/python manage.py serve $(if $(PORT),--port $(PORT))

start: $(VENV)/run.stamp ## A real, empty instance (see docs/install.md), in its own data folder
	@AROBASE_DATA=$(CURDIR)/var/site $(BIN)/python manage.py serve $(if $(PORT),--port $(PORT))

check: $(VENV)/dev.stamp ## Format, lint, types, contracts between rooms, one voice, templates, migrations, frameworks
	@scripts/check

fix: $(VENV)/dev.stamp ## Mend what can be mended by a tool
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(VENV)/dev.stamp ## The suite, on PostgreSQL with Redis; what the database may change on SQLite with the file system too
	@scripts/test

trials: $(VENV)/dev.stamp ## What takes long: faults, kills, load, whole seasons, walks through every address, fuzz, programs of others
	@scripts/trials

bench: $(VENV)/dev.stamp ## The speed of everything measured, as ratios in one run (QUICK=1: queries and bytes of pages, two minutes)
	@scripts/system
	@$(BIN)/python -m bench $(if $(QUICK),--quick)

mutants: $(VENV)/dev.stamp ## Spoil the engine line by line: does a test notice? (hours; SAMPLE=60 of each module, ONLY='scoring.plan.*')
	@$(BIN)/python -m bench.mutants $(if $(ONLY),'$(ONLY)')

lock: $(VENV)/dev.stamp ## Write the exact versions again from the ranges of pyproject.toml
	@scripts/lock

clean-demo: ## Throw the demonstration's data away
	rm -rf var/demo
