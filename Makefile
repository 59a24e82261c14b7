# make run: the app at http://127.0.0.1:8501     make test: all tests     Each makes .venv by itself.
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test test-postgres lint bench trust samples templates docs clean

run: $(VENV)/run.stamp
	$(VENV)/bin/streamlit run app.py

test: $(VENV)/test.stamp
	$(VENV)/bin/python -m pytest

# All that touches the store, once more on a PostgreSQL server that is started for it.
test-postgres: $(VENV)/test.stamp
	$(VENV)/bin/python tests/postgres.py $(VENV)/bin/python -m pytest tests/store $(shell grep -lE "open_desk|GDCORE_DATA|from acting" tests/test_*.py)

lint: $(VENV)/test.stamp
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

# Prints what was measured in one run; asserts nothing.
bench: $(VENV)/test.stamp
	$(VENV)/bin/python tests/benchmarks/bench_readers.py
	$(VENV)/bin/python tests/benchmarks/bench_rules.py
	$(VENV)/bin/python tests/benchmarks/bench_pages.py

# Files made to harm whoever reads them, under the limits that hold in earnest; prints what came of them.
trust: $(VENV)/test.stamp
	$(VENV)/bin/python tests/hostile/run.py

# The shipped sample reports, the templates of the letters and the generated rule pages.
samples: $(VENV)/test.stamp
	$(VENV)/bin/python -m gdcore.samples.demo data/reports

templates: $(VENV)/test.stamp
	$(VENV)/bin/python -m gdcore.exports.templates data/templates

docs: $(VENV)/test.stamp
	$(VENV)/bin/python -m gdcore.exports.handbook docs/rules

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; run: make PYTHON=python3.11 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/run.stamp: $(VENV)/python.stamp pyproject.toml constraints.txt
	$(PIP) -e .
	touch $@

$(VENV)/test.stamp: $(VENV)/python.stamp pyproject.toml constraints.txt
	$(PIP) -e '.[dev]'
	touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
