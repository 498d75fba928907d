# What people do with this checkout; `make help` lists it. Needs Python 3.11 or newer, git and make.

.DEFAULT_GOAL := help
PORT ?= 8000
SIZES ?= 1000,10000
PAGES ?= 200
WAYS ?= read,find,tag,structure,gazetteer,tagger,loaddata,executemany
BIN := .venv/bin
# When the locks were last installed.
RUNNING := .venv/.running
DEVELOPING := .venv/.developing
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(DEVELOPING) ## Make .venv and install all that tests, types and benchmarks need

$(BIN)/pip:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	    if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        exec "$$python" -m venv .venv; \
	    fi; \
	done; \
	echo 'make: no Python 3.11 or newer with its venv module was found;' \
	    'install one, or name it: make setup PYTHON=/path/to/python3' >&2; \
	exit 1

# The sizes are those of Python 3.11 on Linux.
$(RUNNING): requirements.lock | $(BIN)/pip
	@echo 'Installing what running needs into .venv: 47 packages, a download of 106 MB, 350 MB on disk ...'
	@$(PIP) install --progress-bar on --requirement requirements.lock
	@touch $@

# This lock has all of the other, at the same versions.
$(DEVELOPING): requirements-dev.lock requirements.lock | $(BIN)/pip
	@echo 'Installing what developing needs into .venv: 140 packages, a download of 220 MB, 900 MB on disk ...'
	@$(PIP) install --progress-bar on --requirement requirements-dev.lock
	@touch $(RUNNING) $@

.PHONY: run
run: $(RUNNING) ## Load seeds/ and samples/, and serve Newsroom on this machine (PORT=8000)
	@$(BIN)/python -c "$$FREE_PORT" $(PORT)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py loadseeds seeds samples || [ $$? -eq 1 ] # 1: some files were rejected, the rest is loaded
	@$(BIN)/python manage.py localeditor
	@printf '\nReading site       http://localhost:%s/\n' $(PORT)
	@printf 'Admin              http://localhost:%s/admin/\n' $(PORT)
	@printf 'API                http://localhost:%s/api/v1/\n' $(PORT)
	@printf 'API documentation  http://localhost:%s/api/docs/\n\nStop with Ctrl-C.\n\n' $(PORT)
	@DJANGO_RUNSERVER_HIDE_WARNING=true exec $(BIN)/python manage.py runserver --noreload $(PORT)

define FREE_PORT
import socket, sys
port = sys.argv[1]
if not port.isdecimal() or not 0 < int(port) < 65536:
    sys.exit(f"make run: PORT={port} is no port: give a number from 1 to 65535")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except OSError as error:
        sys.exit(f"make run: port {port} cannot be had ({error.strerror}): try another, as in make run PORT={int(port) + 1}")
endef
export FREE_PORT

.PHONY: check
check: setup ## Lint, format and types, and that no migration is missing
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/python manage.py check --fail-level WARNING
	@$(BIN)/python manage.py makemigrations --check --dry-run

.PHONY: test
test: check ## All that a change must pass: check, then the tests
	@$(BIN)/pytest --numprocesses auto --maxschedchunk 1

.PHONY: fast
fast: setup ## The tests without processes, servers and browsers: about a minute
	@$(BIN)/pytest -m "not slow and not benchmark and not soak" --numprocesses auto

.PHONY: coverage
coverage: setup ## Run the tests and list the lines that none of them runs
	@$(BIN)/pytest -p pytest_cov.plugin --cov --cov-report term-missing:skip-covered --numprocesses auto

.PHONY: bench
bench: setup ## Measure speed and memory (SIZES=1000,10000 articles, PAGES=200 to load, in which WAYS)
	@$(BIN)/pytest -m benchmark --capture=no
	@$(BIN)/python -m tests.benchmarks --sizes "$(SIZES)" --pages "$(PAGES)" --ways "$(WAYS)"

.PHONY: soak
soak: setup ## Run the tests that take minutes
	@$(BIN)/pytest -m soak --capture=no

# In an environment of its own, as only this needs the tool and all that it brings.
.PHONY: audit
audit: ## Ask whether a locked version has a known fault (needs the network)
	@if python3 -m venv .audit && .audit/bin/python -m pip install -qq --disable-pip-version-check pip-audit; then \
	    .audit/bin/python scripts/audit_dependencies.py; \
	else \
	    echo 'Dependencies were NOT audited: pip-audit cannot be installed'; \
	fi

.PHONY: messages
messages: setup ## Collect the strings to translate into the .po files (needs gettext)
	@for folder in articles newsroom; do \
	    (cd $$folder && ../$(BIN)/django-admin makemessages --locale zh_Hans --no-location --no-obsolete --no-wrap) || exit; \
	done

.PHONY: compilemessages
compilemessages: setup ## Compile the .po files into the .mo files that Newsroom reads (needs gettext)
	@for folder in articles newsroom; do (cd $$folder && ../$(BIN)/django-admin compilemessages) || exit; done

.PHONY: wheel
wheel: setup ## Build the wheel of this version into dist/
	@$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

# uv is the only tool whose lock holds on every Python at once; --no-header and --no-annotate keep index
# addresses out of the files. The first lock is the widest, and the others take their versions from it.
UPGRADE := --upgrade
COMPILE := .uv/bin/uv pip compile --quiet --system-certs --universal --python-version 3.11 $(UPGRADE) \
    --generate-hashes --no-header --no-annotate pyproject.toml

.PHONY: lock
lock: ## Choose the newest allowed versions and write the locks again (UPGRADE= keeps the versions that are locked)
	@python3 -m venv .uv && .uv/bin/python -m pip install -qq uv
	@$(COMPILE) --all-extras --group dev --output-file requirements-dev.lock
	@$(COMPILE) --extra tagger --extra postgres --constraint requirements-dev.lock --output-file requirements.lock
	@$(COMPILE) --all-extras --constraint requirements-dev.lock --output-file requirements-s3.lock \
	    $$(sed -n 's/^\([^ =]*\)==.*/--no-emit-package \1/p' requirements.lock)
