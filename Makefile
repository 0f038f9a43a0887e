# Two commands: `make study` answers the question, `make test` passes every test. Both set up `.venv` first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= scenarios/indre/gateways.toml

.PHONY: study quick load waste water lighting verify osm cluster sensitivity test test-all bench lint clean

study: $(VENV)/.study ## the main job: how many gateways, on which high points
	@$(BIN)/python run.py study $(SCENARIO)

quick: $(VENV)/.study ## the same in under a minute, rougher
	@$(BIN)/python run.py study $(SCENARIO) --quick

load: $(VENV)/.study ## do capacity and batteries hold for ten years
	@$(BIN)/python run.py study scenarios/indre/load.toml

waste: $(VENV)/.study ## which drop-off points deserve a sensor, what a better calendar is worth
	@$(BIN)/python run.py study scenarios/indre/waste.toml

water: $(VENV)/.study ## how many district meters, where, how soon a leak is seen
	@$(BIN)/python run.py study scenarios/indre/water.toml

lighting: $(VENV)/.study ## clock per cabinet, node per lamp or plain switch-off, with or without LED
	@$(BIN)/python run.py study scenarios/indre/lighting.toml

verify: $(VENV)/.study ## every known value beside what the code gives
	@$(BIN)/python run.py verify

cluster: $(VENV)/.study ## what playing on a Dask cluster needs
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-cluster.txt

sensitivity: $(VENV)/.study ## what Morris's effects need
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-sensitivity.txt

osm: $(VENV)/.study ## what reading OpenStreetMap extracts needs
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-osm.txt

test: $(VENV)/.test ## every test but benchmarks and the slow ones
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-all: $(VENV)/.test ## every test, the slow ones too
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not bench"

bench: $(VENV)/.test ## every benchmark; the table, missed bars included, goes to results/bench/
	@mkdir -p results/bench
	@$(BIN)/python -m pytest tests/bench -m bench --benchmark-enable --benchmark-json=results/bench/bench.json; \
	  status=$$?; \
	  $(BIN)/python -m tests.bench.table results/bench/bench.json results/bench/bench.md && exit $$status

lint: $(VENV)/.test ## ruff, mypy strict, the dependency rule
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

clean:
	rm -rf $(VENV) results/.cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.study: $(VENV)/.python requirements.txt
	@echo "installing the locked packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@echo "compiling the kernels (once, one to two minutes)"
	@$(BIN)/python run.py warm
	@touch $@

$(VENV)/.test: $(VENV)/.study requirements-dev.txt requirements-osm.txt requirements-cluster.txt requirements-sensitivity.txt
	@echo "installing what the tests need into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@mkdir -p results/bench
	@touch $@
