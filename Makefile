# One entry, the same on every machine. `make` alone lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.8
TORCH := torch==2.13.0
BIN := .venv/bin
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PYTEST := $(BIN)/pytest -n 2
SAMPLE := var/sample/slices
NPM := npm --prefix web --loglevel=error
WEB := src/isocenter/web/index.html
BUNDLE := src/isocenter/download/isocenter-tools.zip
BUNDLE_SOURCES := $(shell find src/isocenter -name '*.py') $(wildcard compat/*) tools/make_bundle.py
WEB_SOURCES := $(wildcard web/*.json web/*.ts web/*.js web/*.html web/src/* web/src/*/*)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 18

.PHONY: setup
setup: .venv/.stamp $(WEB) $(BUNDLE) ## make .venv with all that tests need; build web tool and download

.venv/.stamp: requirements.lock pyproject.toml
	@echo "setup: installing requirements.lock into .venv"
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.lock
	$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	touch $@

# The web tool: Node 20 and npm build it into the package. Without npm everything else still works.
web/node_modules/.stamp: web/package-lock.json
	@echo "setup: installing web/package-lock.json"
	if command -v npm >/dev/null; then $(NPM) ci; else mkdir -p $(@D); fi
	touch $@

$(WEB): web/node_modules/.stamp $(WEB_SOURCES)
	if command -v npm >/dev/null; then $(NPM) run --silent build -- --logLevel warn; \
	else echo "setup: no npm, so there is no web tool" >&2; [[ "$${CI:-}" != true ]]; fi

# The command-line tools that the server offers for download.
$(BUNDLE): .venv/.stamp $(WEB) $(BUNDLE_SOURCES)
	$(BIN)/python tools/make_bundle.py

.PHONY: run
run: setup ## start the server here, with its viewers and a sample series to drop into the page
	test -d $(SAMPLE) || $(BIN)/python examples/sample_series.py --slices 400 --out $(SAMPLE)
	$(BIN)/isocenter viewers install --data var/data || echo "run: without viewers" >&2
	@echo "A series to try: drop the folder $(SAMPLE) into the page"
	exec $(BIN)/isocenter serve --data var/data

.PHONY: test
test: ## everything that CI checks: judges, set-up, lint, all tests
	@$(PYTHON) tools/stages.py judges setup lint tests tests-torch

.PHONY: test-all
test-all: ## `make test` with the long fuzz and the full-size runs
	@$(PYTHON) tools/stages.py judges setup lint tests-all tests-torch

.PHONY: quick
quick: setup ## the fast tests, in under a minute
	$(PYTEST) -m "not slow and not full"

.PHONY: tests
tests: setup
	$(PYTEST) -m "not full"

.PHONY: coverage
coverage: setup ## `make tests` with the lines that they reach; takes twice as long
	$(PYTEST) -m "not full" --cov --cov-report=term

.PHONY: tests-all
tests-all: setup
	$(PYTEST) -m "" --hypothesis-profile=long --timeout=3600 --cov --cov-report=term

# What needs PyTorch: the CPU build alone is some 900 MB, so that it has an environment of its own,
# which looks into .venv for all else.
.PHONY: tests-torch
tests-torch: .venv-torch/.stamp ## the tests of what needs PyTorch
	.venv-torch/bin/python -m pytest -n 2 --dist loadfile -m torch \
	  $$(grep -rl --include='test_*.py' 'pytest.mark.torch' tests)

.venv-torch/.stamp: .venv/.stamp
	@echo "tests-torch: installing $(TORCH) into .venv-torch"
	test -x .venv-torch/bin/python || $(BIN)/python -m venv .venv-torch
	$(BIN)/python tools/lend_packages.py .venv-torch/bin/python
	.venv-torch/bin/python $(PIP_INSTALL) $(TORCH)
	touch $@

.PHONY: judges
judges: ## install the independent programs that tests compare us with (Debian, root)
	@bash tools/judges.sh

.PHONY: lint
lint: setup ## format, lint, types, floors, tidiness, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/tidy.py
	$(BIN)/python tools/make_reference.py --check
	$(BIN)/codespell .
	if command -v npm >/dev/null; then $(NPM) run --silent lint; fi

.PHONY: format
format: setup ## put the code into the form that lint demands
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(NPM) run --silent format

.PHONY: docs
docs: setup ## write docs/reference and run the code blocks of the documents
	$(BIN)/python tools/make_reference.py
	$(BIN)/pytest tests/docs

.PHONY: bench
bench: .venv-bench/.stamp ## measure against the peers; results in var/bench
	.venv-bench/bin/python -m benchmarks
	.venv-bench/bin/python -m benchmarks.serving
	.venv-bench/bin/python -m benchmarks.archive
	.venv-bench/bin/python -m benchmarks.ingest
	$(MAKE) bench-dataset

.PHONY: bench-dataset
bench-dataset: .venv-torch/.stamp ## measure how fast images come to PyTorch
	.venv-torch/bin/python $(PIP_INSTALL) monai==1.6.1 simpleitk==2.5.7
	.venv-torch/bin/python -m benchmarks.dataset

.venv-bench/.stamp: requirements-bench.lock pyproject.toml
	@echo "bench: installing requirements-bench.lock into .venv-bench"
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python $(PIP_INSTALL) --require-hashes -r requirements-bench.lock
	.venv-bench/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	touch $@

.PHONY: lock
lock: ## choose exact versions anew from pyproject.toml, for every platform
	test -x .venv-lock/bin/python || $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python $(PIP_INSTALL) uv==$(UV_VERSION)
	$(call compile,dev --extra server,requirements.lock)
	$(call compile,bench --extra server,requirements-bench.lock)

.PHONY: bundle
bundle: $(BUNDLE) ## make the download of the command-line tools that the server offers

define compile
	.venv-lock/bin/uv pip compile pyproject.toml --extra $(1) --upgrade --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --quiet --custom-compile-command "make lock" --output-file $(2)
endef

.PHONY: clean
clean: ## remove what the commands made, but not the environments
	rm -rf var dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
