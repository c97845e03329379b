PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
AUDIT_DATA = https://pypi.org/pypi/pip/json

.PHONY: run test lint audit clean

run: $(VENV)/.requirements
	$(BIN)/python Main.py

# The tests start many processes: without bytecode on disk, each would compile all modules again.
test: $(VENV)/.requirements-dev
	PYTHONDONTWRITEBYTECODE= tests/with_display.sh $(BIN)/python -m pytest --numprocesses 2 --dist loadfile \
		--no-loadscope-reorder $(ARGUMENTS)

lint: $(VENV)/.requirements-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

audit: $(VENV)/.requirements-dev
	@$(BIN)/python -c 'import requests as r; r.get("$(AUDIT_DATA)", timeout=20).json()["vulnerabilities"]' \
		2>/dev/null || { echo 'Not audited: $(AUDIT_DATA) gives no list of known weaknesses;' \
		'connect to pypi.org, then try again' >&2; exit 1; }
	$(BIN)/pip-audit --local --strict --progress-spinner off

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo 'Python 3.10 or later is needed: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import tkinter' 2>/dev/null || \
		{ echo 'Python has no tkinter: apt-get install python3-tk (Debian, Ubuntu), dnf install python3-tkinter (Fedora) or brew install python-tk (macOS)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo 'The virtual environment could not be made; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	@touch $@

$(VENV)/.requirements: requirements.txt $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@# As pip does for the packages: the first start is then as fast as every later one.
	@$(BIN)/python -m compileall -q Main.py Recognition.py number_recognition
	@touch $@

$(VENV)/.requirements-dev: requirements-dev.txt $(VENV)/.requirements
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
