# Everything runs from here: make plan STACK=prod-large, make test, make check.
# uv is used from PATH, or brought into .tools/ when it is missing; nothing is installed elsewhere.

UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/uv/bin/uv)
STACK ?= dev-small
export PULUMI_ERROR_OUTPUT_STRING := 1

.PHONY: help plan test services cluster lint check fmt bench schema docs clean

help: ## Show the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.tools/uv/bin/uv:
	@mkdir -p .tools
	@python3 -m pip install --quiet --disable-pip-version-check --target .tools/uv uv==$(UV_VERSION) \
		|| { python3 -m venv .tools/uv && .tools/uv/bin/pip install --quiet uv==$(UV_VERSION); } \
		|| { echo "make: uv is missing and neither pip nor venv works with $$(python3 --version): install uv $(UV_VERSION) or python3-venv" >&2; exit 2; }

plan: $(filter .tools/%,$(UV)) ## Show what STACK is, costs and holds (no account, no credentials).
	@$(UV) run --quiet --locked --no-dev aigw plan $(STACK) $(ARGS)

test: $(filter .tools/%,$(UV)) ## Run the tests.
	@$(UV) run --quiet --locked pytest -n 2 $(ARGS)

services: $(filter .tools/%,$(UV)) ## Run the tests that start LiteLLM, Redis, PostgreSQL, PgBouncer.
	@$(UV) run --quiet --locked pytest -m services -n 0 tests/services $(ARGS)

cluster: $(filter .tools/%,$(UV)) ## Run the tests that need a control plane (AIGW_CLUSTER_KIT).
	@$(UV) run --quiet --locked pytest -m cluster -n 2 tests/cluster $(ARGS)

lint: $(filter .tools/%,$(UV)) ## ruff and mypy, zero findings.
	@$(UV) run --quiet --locked ruff check .
	@$(UV) run --quiet --locked ruff format --check .
	@$(UV) run --quiet --locked mypy

check: lint test ## Exactly what CI runs.

fmt: $(filter .tools/%,$(UV)) ## Format the code and mend what ruff can mend.
	@$(UV) run --quiet --locked ruff check --fix .
	@$(UV) run --quiet --locked ruff format .

bench: $(filter .tools/%,$(UV)) ## Measure what benchmarks/README.md states.
	@$(UV) run --quiet --locked python benchmarks/measure.py

schema: $(filter .tools/%,$(UV)) ## Write the JSON Schema of the stack files.
	@$(UV) run --quiet --locked aigw schema > preview/schemas/stack.schema.json

docs: $(filter .tools/%,$(UV)) ## Write what the code makes of the documentation.
	@$(UV) run --quiet --locked python -m preview.docs $(ARGS)

clean: ## Remove the environment and every cache.
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
