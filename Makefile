# Two commands do all the set-up: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export BROADSHEET_HOME ?= $(CURDIR)/demo-home

.PHONY: demo test test-nodes test-postgres setup setup-test programs lint types contracts unit lock messages clean

demo: $(VENV)/.installed
	@$(BIN)/broadsheet demo

test: lint types contracts unit

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed requirements-test.lock
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

setup: $(VENV)/.installed
setup-test: $(VENV)/.installed-test

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy

contracts: setup-test
	$(BIN)/lint-imports

programs:
	@scripts/install-test-programs

# In two processes; what goes together, tests/conftest.py says.
# Two whole nodes take a minute and a half by themselves: `make test-nodes`.
unit: setup-test programs
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --durations 15 -m "not nodes"

test-nodes: setup-test programs
	$(BIN)/python -m pytest -m nodes -s

# The same tests on a PostgreSQL of their own, which ends with them.
test-postgres: setup-test programs
	TEST_ON=postgresql $(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --durations 15 -m "not nodes"

# Needs uv on the path; the lock files carry hashes and no index address.
lock:
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml --group build --output-file requirements.lock
	uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml --group build --group test --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV)

# Collects what is to be translated, adds it to the catalogues and compiles them.
CATALOGUES := src/broadsheet/locale
messages: setup-test
	cd src/broadsheet && PYTHONPATH=../../scripts ../../$(BIN)/pybabel extract -F ../../babel.cfg -k _ -k gettext_lazy \
	    -k ngettext_lazy:1,2 -k pgettext_lazy:1c,2 --no-location --sort-output -o locale/django.pot .
	$(BIN)/pybabel update -i $(CATALOGUES)/django.pot -d $(CATALOGUES) -D django \
	    --no-fuzzy-matching --width 100 --ignore-pot-creation-date
	rm $(CATALOGUES)/django.pot
	$(BIN)/pybabel compile -d $(CATALOGUES) -D django
