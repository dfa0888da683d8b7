# make run: the explorer in the browser · make test: every test · make lint: style and types · make docs · make screenshots
# make results: measures all of docs/results.md anew (days), into build/results · make results-quick: a part (minutes)
# make lock: pins and hashes of all packages · make sbom: what the explorer is made of, into build/sbom.json · make clean
PYTHON ?= python3.11
BIN := .venv/bin
# The tensors are small: a second thread mostly waits.
export OMP_NUM_THREADS ?= 1

# Nothing is installed that is not of these hashes, and nothing that would run code to be built. Torch alone is pinned by
# version: its builds differ between indexes. Those with CUDA bring packages that they name by exact versions.
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
HASHED := $(INSTALL) --require-hashes --only-binary :all: -r
TORCH = $$(grep '^torch==' requirements.txt)
SBOM := build/sbom.json
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --only-binary :all: --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet

.PHONY: run test lint docs clean browser screenshots results results-quick lock sbom

run: .venv/.runtime
	$(BIN)/streamlit run app.py

test: .venv/.dev browser
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/oxlint

docs: .venv/.dev # into build/docs; a broken link is an error, and an advertisement of the theme's is left out
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

screenshots: .venv/.dev browser
	$(BIN)/python -m benchmarks.screenshots

results results-quick: .venv/.dev # both go on where they were stopped
	@mkdir -p build/$@
	sed -n 's/^$@ //p' benchmarks/commands.txt | while read -r line; do $(BIN)/python -m $$line </dev/null || exit 1; done
	$(BIN)/python -m benchmarks.results_table build/$@/*.json | tee build/$@/tables.md

lock: .venv/bin/uv # what is pinned already stays, unless ARGS=--upgrade asks for the newest
	$(LOCK) $(ARGS) requirements.txt -o requirements.lock
	$(LOCK) $(ARGS) requirements-dev.txt -c requirements.lock -o requirements-dev.lock
	for file in requirements.lock requirements-dev.lock; do \
		awk '/^[a-z]/ { kept = !/^(torch|triton)==|^(cuda|nvidia)-/ } kept' $$file > $$file.part && mv $$file.part $$file || exit 1; \
	done

sbom: .venv/.dev
	@mkdir -p $(dir $(SBOM))
	{ cat requirements.lock; echo "$(TORCH)"; } | PYTHONWARNINGS=ignore \
		$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file $(SBOM) -

browser:
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update && apt-get install -y --no-install-recommends chromium; \
	else \
		echo "Expected the command 'chromium' for the browser tests (got none); install it with your system's packages, e.g. 'sudo apt-get install chromium'." >&2; exit 1; \
	fi

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Expected the command '$(PYTHON)' (got none); install Python 3.11 or later, or name yours: make run PYTHON=python3." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/bin/uv: requirements-dev.txt | .venv/bin/python # before there is a lock file
	$(INSTALL) $$(grep '^uv==' requirements-dev.txt)
	@touch $@

.venv/.runtime: requirements.lock requirements.txt | .venv/bin/python
	$(HASHED) requirements.lock
	$(INSTALL) $(TORCH)
	@touch $@

.venv/.dev: requirements-dev.lock requirements-dev.txt requirements.txt | .venv/bin/python
	$(HASHED) requirements-dev.lock
	$(INSTALL) $(TORCH)
	@touch $@ .venv/.runtime

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
