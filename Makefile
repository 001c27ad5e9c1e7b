# `make demo` and `make test` do all the set-up they need; both want Python 3.11+ and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WHEEL_STAMP := $(VENV)/.wheel
DEV_STAMP := $(VENV)/.dev
SOURCES := $(shell find src -type f -not -name '*.pyc') pyproject.toml README.md LICENSE docs/funnelcli.1 $(wildcard examples/*/*)

.PHONY: demo test lint types layers docs messages examples bench calibrate mutants thorough dev clean

demo: $(WHEEL_STAMP) ## set up, and print the dashboard of the example
	@$(BIN)/funnelcli report examples/saas_vn

test: lint types layers $(WHEEL_STAMP) ## set up, and run the whole suite against the built wheel
	$(BIN)/python -m pytest -n auto

lint: $(DEV_STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_STAMP) $(WHEEL_STAMP)
	$(BIN)/mypy

layers: $(DEV_STAMP) $(WHEEL_STAMP)
	$(BIN)/lint-imports --no-logo

docs: $(WHEEL_STAMP) ## write docs/ anew from the code
	$(BIN)/python tools/make_docs.py

messages: $(DEV_STAMP) ## collect the texts of the code into src/funnelcli/text/locales/*.po
	$(BIN)/python tools/messages.py

examples: ## make the examples anew
	$(PYTHON) examples/make_examples.py

bench: $(WHEEL_STAMP) ## measure against the peers; takes a few minutes
	$(BIN)/python benchmarks/run.py

calibrate: $(DEV_STAMP) $(WHEEL_STAMP) ## plan 2,000 firms of known rates at 80 %, and forecast 2,000; takes a quarter of an hour
	$(BIN)/python tools/calibrate.py
	$(BIN)/python tools/calibrate_forecast.py

mutants: $(DEV_STAMP) ## change the code in small ways and list what no unit test notices; by hand, takes half an hour
	$(BIN)/python tools/mutants.py

thorough: $(DEV_STAMP) $(WHEEL_STAMP) ## try the laws and the oracles on three times as many examples; by hand, takes a quarter of an hour
	FUNNELCLI_TRIES=all $(BIN)/python -m pytest -n auto tests/laws tests/oracle

dev: $(DEV_STAMP) ## an editable install for working on the code
	$(BIN)/pip install --quiet --no-deps --editable .
	@rm -f $(WHEEL_STAMP)

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=24"
	@touch $@

# The runtime needs first, so that the demo does not wait for the tools.
$(VENV)/.needs: $(VENV)/.made constraints.txt pyproject.toml
	$(BIN)/python tools/requirements.py > $(VENV)/needs.txt
	$(BIN)/pip install --quiet -c constraints.txt -r $(VENV)/needs.txt
	@touch $@

$(DEV_STAMP): $(VENV)/.needs
	$(BIN)/python tools/requirements.py dev > $(VENV)/dev.txt
	$(BIN)/pip install --quiet -c constraints.txt -r $(VENV)/dev.txt
	@touch $@

$(WHEEL_STAMP): $(VENV)/.needs $(SOURCES)
	@rm -rf dist
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .
	$(BIN)/pip install --quiet --no-deps --force-reinstall dist/*.whl
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
