# make run: index raw/ and serve the search page. make test: the whole suite. make lint: style, types, layers.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The lock files name every dependency, so pip has none to find.
INSTALL := $(PIP) install --require-hashes --no-deps --use-pep517

.PHONY: run test cluster cluster-stop test-whoosh lint wheel lock chromium bench bench-real bench-reading bench-relevance bench-feeds clean

run: $(VENV)/.run
	@exec $(BIN)/searcher serve --update

test: $(VENV)/.dev $(VENV)/.corpus chromium
	$(BIN)/python -m benchmarks.local_cluster run $(VENV)/opensearch sh -c \
		'$(BIN)/python -m pytest -n auto --dist worksteal && $(BIN)/python -m pytest -m faults'

# make cluster: a cluster of three nodes on this machine, for single tests; make cluster-stop ends it.
cluster: $(VENV)/.dev
	@$(BIN)/python -m benchmarks.local_cluster start $(VENV)/opensearch

cluster-stop:
	@$(BIN)/python -m benchmarks.local_cluster stop $(VENV)/opensearch

# The tests of whoosh3 itself, with our codec in place of its own.
test-whoosh: $(VENV)/.dev
	$(BIN)/python tests/whoosh/suite.py

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing what the search engine needs into $(VENV) ..."
	@$(INSTALL) -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "installing what the tests need ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

# The source distribution of feedparser, as it is pinned, carries the feeds that its own tests read.
$(VENV)/.corpus: requirements.txt $(VENV)/.dev
	@rm -rf $(VENV)/corpus && mkdir $(VENV)/corpus
	@sed -n '/^feedparser==/,/[^\]$$/p' requirements.txt > $(VENV)/corpus/requirements.txt
	@$(PIP) download --no-deps --no-binary :all: --no-build-isolation --require-hashes --dest $(VENV)/corpus \
		-r $(VENV)/corpus/requirements.txt
	@touch $@

# Debian keeps the part of venv that installs pip in a package of its own.
$(BIN)/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || sh tests/apt_install.sh python3-venv
	@$(PYTHON) -m venv $(VENV)

chromium:
	@command -v chromium >/dev/null && command -v chromedriver >/dev/null || sh tests/apt_install.sh chromium chromium-driver

# Pins every dependency with its hashes, for all platforms and the Python of Debian 12, which is the oldest we serve.
LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11.2 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --extra build
lock: $(VENV)/.dev
	$(PIP) install uv
	$(BIN)/$(LOCK) -o requirements.txt pyproject.toml
	$(BIN)/$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(BIN)/$(LOCK:--extra build=) --no-deps -c requirements.txt -o requirements-opensearch.txt requirements-opensearch.in
	$(BIN)/$(LOCK:--extra build=) -c requirements.txt -o benchmarks/requirements.txt benchmarks/requirements.in
	$(BIN)/$(LOCK:--extra build=) --no-deps -c requirements.txt -o tests/whoosh/requirements.txt tests/whoosh/requirements.in

# make bench DATA=folder [ARTICLES=950000]: this engine and others in one run; see benchmarks/speed.py.
bench: $(VENV)/.bench
	python3 -c 'import xapian' 2>/dev/null || sh tests/apt_install.sh python3-xapian || true
	$(BIN)/python -m benchmarks.speed $(DATA) --articles $(or $(ARTICLES),0)

# make bench-real DATA=folder [ARTICLES=80000] [FOLDER=folder to keep indexes in]: everything that a user waits for, on articles
# of 450 words, beside Tantivy and FTS5; see benchmarks/targets.py.
bench-real: $(VENV)/.bench
	$(BIN)/python -m benchmarks.targets $(DATA) --articles $(or $(ARTICLES),80000) $(if $(FOLDER),--folder $(FOLDER))

# make bench-reading DATA=folder: what is read out of pages, by country too, and languages told, beside other tools.
bench-reading: $(VENV)/.bench
	$(BIN)/python -m benchmarks.extraction $(DATA)
	$(BIN)/python -m benchmarks.ablation $(DATA)
	$(BIN)/python -m benchmarks.language $(DATA)

# make bench-relevance DATA=folder: what is found first, beside other engines.
bench-relevance: $(VENV)/.bench
	python3 -c 'import xapian' 2>/dev/null || sh tests/apt_install.sh python3-xapian || true
	$(BIN)/python -m benchmarks.relevance $(DATA)
	$(BIN)/python -m benchmarks.names $(DATA)
	$(BIN)/python -m benchmarks.comparing $(DATA)

# make bench-feeds [INDEX=folder]: how fast feeds are refreshed, beside lemon24's reader, and how soon an article is found.
bench-feeds: $(VENV)/.bench
	$(BIN)/python -m benchmarks.feeds $(if $(INDEX),--index $(INDEX))

$(VENV)/.bench: benchmarks/requirements.txt $(VENV)/.run
	@$(INSTALL) -r benchmarks/requirements.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
