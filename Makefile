# Two commands matter: `make run` and `make test`. Everything they need is installed into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench scan sbom requirements places codes

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 22

run: $(VENV)/run.stamp ## Start the portal here: install, migrate, seed, serve, send mail
	@$(BIN)/python -m tools.start

test: check ## Run every check and every test, on SQLite and PostgreSQL, in a real browser
	@$(BIN)/python -m pytest --cov=portal.domain --cov=portal.actions --cov-fail-under=100

check: $(VENV)/dev.stamp ## Check format, style, types, directions and templates
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --lint --quiet portal/web/templates

bench: $(VENV)/dev.stamp ## Measure the search page and the submit path beside their peers
	@$(BIN)/python -m bench

scan: $(VENV)/dev.stamp $(VENV)/scan/web.stamp $(VENV)/scan/api.stamp ## Let wapiti, sqlmap and schemathesis loose on a portal of their own
	@$(BIN)/python -m tools.scan $(ONLY)

sbom: $(VENV)/dev.stamp ## List all parts the portal runs on, with hashes and licences (CycloneDX, into build/)
	@$(BIN)/python -m tools.sbom

requirements: $(VENV)/dev.stamp ## Pin requirements*.in anew (UPGRADE=--upgrade takes newer releases)
	@for name in requirements requirements-dev tools/scan/requirements-web tools/scan/requirements-api; do \
	    $(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-annotate \
	        --custom-compile-command 'make requirements' $$name.in --output-file $$name.txt || exit; \
	done

places: $(VENV)/places.stamp ## Build the table of ZIPs, towns and villages anew
	@$(VENV)/places/bin/python -m tools.places

codes: $(VENV)/icd10.stamp ## Build the table of diagnosis codes anew
	@$(VENV)/icd10/bin/python -m tools.icd10

# The environment, made once and filled again only when a list of requirements changes.

# An environment whose Python has gone (moved folder, upgraded system) is made anew.
ifneq ($(shell $(BIN)/python -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
$(shell rm -f $(VENV)/pyvenv.cfg)
endif

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "The portal needs Python 3.11 or newer, and '$(PYTHON)' is not." \
	        "Name another one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; } >&2
	@$(PYTHON) -m venv --clear $(VENV) || { \
	    echo "Python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; } >&2

$(VENV)/run.stamp: requirements.txt $(VENV)/pyvenv.cfg
	@echo "Installing what the portal runs on ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need ..."
	@$(INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@

# The sources of the places are large and never run with the portal: they get an environment of their own.
$(VENV)/places.stamp: tools/places/requirements.txt $(VENV)/run.stamp
	@$(BIN)/python -m venv --clear $(VENV)/places
	@$(VENV)/places/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(VENV)/places/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# So does the source of the diagnosis codes, which needs nothing of ours.
$(VENV)/icd10.stamp: tools/icd10/requirements.txt $(VENV)/run.stamp
	@$(BIN)/python -m venv --clear $(VENV)/icd10
	@$(VENV)/icd10/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The scanners of pages and the one of the API ask for other versions of the same parts, and both for others than ours.
$(VENV)/scan/%.stamp: tools/scan/requirements-%.txt | $(VENV)/dev.stamp
	@echo "Installing the scanners ($*) ..."
	@$(BIN)/python -m venv --clear $(VENV)/scan/$*
	@$(VENV)/scan/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
