# Sales Workbench. `make report` and `make test` are all a fresh machine needs; `make help` lists the rest.
# Works in a folder whose name has spaces, with GNU make 3.81 and newer.

# The first Python on this machine that is new enough; name another with PYTHON=…
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)

RUN := .venv/bin/python

# Brought up to date when pyproject.toml changes; made from nothing when the folder has moved (an
# editable install knows its place by an absolute path) or the Python it was made with is gone.
READY := .venv/ready
CHECK_READY := import os; print(open('$(READY)', encoding='utf-8').read() == os.getcwd())
ifneq ($(shell $(RUN) -c "$(CHECK_READY)" 2>/dev/null),True)
.PHONY: $(READY)
CLEAR := --clear
endif

.DEFAULT_GOAL := help
.PHONY: help env report test quick lint lab twins pages bench samples picture
.DELETE_ON_ERROR:

help: ## what can be made here
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

env: $(READY) ## the Python environment in .venv, with the package and all test tools
	@echo "The Python environment in .venv is ready."

report: $(READY) data/samples/orders.csv ## all reports in both languages, from the configured data
	@$(RUN) -m workbench report --all --lang all

# Two tests side by side, a file at a time, so that what a file's tests share is made once. The
# browser's own come after them: Playwright leaves an event loop running, which panels would wait for.
test: lint ## everything: style, types, floors, doctests, tests, notebooks, browser, Spark, PostgreSQL
	@$(RUN) -m pytest -n 2 --dist loadfile --ignore tests/browser
	@$(RUN) -m pytest -n 2 --dist loadfile tests/browser

quick: lint ## the same without browser, Spark, PostgreSQL and notebooks, in under two minutes
	@$(RUN) -m pytest -q -n auto --hypothesis-profile quick -m "not browser and not spark and not postgres and not notebook and not slow"

lint: $(READY) ## style, types and which floor may import which
	@$(RUN) -m ruff check
	@$(RUN) -m ruff format --check
	@$(RUN) -m mypy
	@.venv/bin/lint-imports --no-logo

lab: $(READY) data/samples/orders.csv ## the notebooks, in JupyterLab on this machine only
	@$(RUN) -m workbench lab

twins: $(READY) ## the code of the Chinese notebooks again, from the English ones
	@$(RUN) docs/twins.py

pages: $(READY) ## the pages of all tables in docs/, from the contracts and the samples
	@$(RUN) docs/tables.py

bench: .venv/bench ## how fast, beside pandas, polars and lifetimes; equal results required (QUICK=1: a minute)
	@$(RUN) -m benchmarks $(if $(QUICK),--quick)

# the command writes over no source of the settings, which these are here
SAMPLES = $(RUN) -m workbench samples --out data/.new && mkdir -p data/samples && mv data/.new/* data/samples && rmdir data/.new

samples: $(READY) ## the sample company again, byte for byte, in data/samples
	@$(SAMPLES)

picture: $(READY) data/samples/orders.csv ## the example in reports/example and its picture, from the samples
	@$(RUN) docs/picture.py

data/samples/orders.csv: | $(READY)
	@$(SAMPLES)

define NO_PYTHON
"$(PYTHON)" is not a Python 3.11 or newer, which Sales Workbench needs.
Install one (Debian, Ubuntu: sudo apt install python3 python3-venv), or name one: make env PYTHON=python3.12
endef
define NO_VENV
"$(PYTHON)" cannot make a virtual environment: its module ensurepip is missing.
Debian and Ubuntu keep it in a package of its own: sudo apt install python3-venv
endef
define NO_PACKAGES
The packages could not be installed: see pip's message above.
Without a connection to a package index, set PIP_INDEX_URL or PIP_FIND_LINKS, then run make env again.
endef
export NO_PYTHON NO_VENV NO_PACKAGES

$(READY): pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { printf '%s\n' "$$NO_PYTHON" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { printf '%s\n' "$$NO_VENV" >&2; exit 1; }
	@echo "Bringing the Python environment in .venv up to date (a few minutes the first time)"
	@"$(PYTHON)" -m venv $(CLEAR) .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check --use-pep517 \
		--editable '.[postgres,spark,test]' || { printf '%s\n' "$$NO_PACKAGES" >&2; exit 1; }
	@$(RUN) -c "import os; open('$(READY)', 'w', encoding='utf-8').write(os.getcwd())"

# a peer that nothing else needs
.venv/bench: $(READY)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --use-pep517 \
		--editable '.[bench]' || { printf '%s\n' "$$NO_PACKAGES" >&2; exit 1; }
	@touch $@
