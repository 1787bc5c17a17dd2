# The two commands: `make demo` runs the main job, `make test` passes the tests. Both set everything up by themselves.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# nbgrader calls its neighbours by name, so the environment's own programs come first.
export PATH := $(CURDIR)/$(BIN):$(PATH)
SOURCES := pyproject.toml README.md nbgrader_config.py \
	$(shell find course autograders source assignments -type f -not -path '*/__pycache__/*' -not -path '*/.*')

# Three workers, as much of a test is waiting: two begin with the tests with a browser, which come first, and one
# with the rest, file by file.
THREE := -n 3 --dist loadscope --no-loadscope-reorder

.PHONY: demo test fast lab check build lock clean

demo: $(VENV)/.installed  ## a class of 60 goes through an assignment; the folder demo/ and its report.html are left
	$(BIN)/heatproof demo --into demo

test: $(VENV)/.installed  ## lint, types, and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(THREE)

fast: $(VENV)/.installed  ## the tests that need neither a browser nor nbgrader's own commands
	$(BIN)/python -m pytest $(THREE) -m "not browser and not nbgrader"

lab: $(VENV)/.installed  ## open the course in JupyterLab
	$(BIN)/heatproof lab

check: $(VENV)/.installed  ## prove every scenario, exercise, key, rubric and word
	$(BIN)/heatproof check

build: $(VENV)/.installed  ## make the notebooks from their Markdown, and the releases from the masters
	$(BIN)/heatproof build

lock:  ## choose the versions of requirements.lock anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade \
		--generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock

clean:
	rm -rf $(VENV) demo dist build

# A uv that is already there is used; otherwise pip puts one into the new environment.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Heatproof needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@command -v uv >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

$(VENV)/.locked: requirements.lock $(VENV)/.made
	uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@touch $@

# The wheel itself, not an editable install: only a wheel puts the JupyterLab extension where JupyterLab looks.
$(VENV)/.installed: $(SOURCES) $(VENV)/.locked
	uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --reinstall-package heatproof .
	@touch $@
