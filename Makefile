# make run: the app at http://127.0.0.1:8501     make test: all tests     Each makes .venv by itself.
PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: run test test-postgres lint bench supply trust samples templates docs clean

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
	$(VENV)/bin/python tests/benchmarks/bench_import.py --again
	$(VENV)/bin/python tests/postgres.py $(VENV)/bin/python tests/benchmarks/bench_import.py --reports 2000
	$(VENV)/bin/python tests/benchmarks/bench_import.py --reports 2000
	$(VENV)/bin/python tests/benchmarks/bench_import.py --reports 2000 --dask --workers 1
	$(VENV)/bin/python tests/benchmarks/bench_import.py --reports 2000 --dask --workers 2
	$(VENV)/bin/python tests/benchmarks/bench_pages.py

# What an installation consists of: build/sbom.json (CycloneDX), licences, and known weaknesses where the advisories can be reached.
SUPPLY := build/supply
supply: $(VENV)/run.stamp
	$(PYTHON) -m venv $(SUPPLY)
	$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check cyclonedx-bom==7.5.0 pip-audit==2.10.1 pip-licenses==5.5.5
	$(SUPPLY)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible -o build/sbom.json $(VENV)/bin/python
	$(SUPPLY)/bin/pip-licenses --python $(VENV)/bin/python --order license --fail-on 'GNU Affero' --partial-match
	$(SUPPLY)/bin/pip-audit -r constraints.txt --no-deps --disable-pip --strict || echo "pip-audit: weaknesses above, or the advisories could not be reached"

# Files made to harm whoever reads them, under the limits that hold in earnest; prints what came of them.
# Then an import of 300 files that is killed 200 times.
trust: $(VENV)/test.stamp
	$(VENV)/bin/python tests/hostile/run.py
	$(VENV)/bin/python tests/trust/killed.py build/killed 300 200 1
	$(VENV)/bin/python tests/benchmarks/bench_people.py

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
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
