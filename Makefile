# make run: the explorer in the browser · make test: every test · make lint: style and types · make docs · make screenshots · make clean
PYTHON ?= python3.11
BIN := .venv/bin
# The tensors are small: a second thread mostly waits.
export OMP_NUM_THREADS ?= 1

.PHONY: run test lint docs clean browser screenshots

run: .venv/.runtime
	$(BIN)/streamlit run app.py

test: .venv/.dev browser
	$(BIN)/python -m pytest $(ARGS)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/oxlint

docs: .venv/.dev # into build/docs; a broken link is an error, and an advertisement of the theme's is left out
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

screenshots: .venv/.dev browser
	$(BIN)/python -m benchmarks.screenshots

browser:
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update && apt-get install -y --no-install-recommends chromium; \
	else \
		echo "Expected the command 'chromium' for the browser tests (got none); install it with your system's packages, e.g. 'sudo apt-get install chromium'." >&2; exit 1; \
	fi

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Expected the command '$(PYTHON)' (got none); install Python 3.11 or later, or name yours: make run PYTHON=python3." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.runtime

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
