# Two commands matter: `make demo` shows Sightline at work, `make test` proves it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

TIMES  ?= 10

# What Python has compiled is kept for the next process: the tests start hundreds, and four of them read every test.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo up test properties check bench growth england mutants code-mutants coverage-of-requirements lock clean

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

demo: $(READY)  ## an autumn of auditing in each council that ships, then the views; ends by itself
	$(BIN)/sightline demo

up: $(READY)  ## the whole system on this machine, until Ctrl-C
	$(BIN)/sightline up

# The properties draw the same examples each time here: what is landed is judged by its change, not by dice.
test: $(READY)  ## a test that failed runs once more, three of all at most, and its failure is printed all the same
	$(BIN)/pytest -n 4 --dist loadfile --reruns 1 --max-suite-reruns 3 --rerun-show-tracebacks

# The search for what nobody thought of: new examples each time. What is found fails with the line that draws it again.
properties: $(READY)  ## every property TIMES over, with examples that were never drawn before
	for time in $$(seq $(TIMES)); do $(BIN)/pytest -n 2 -m hypothesis --hypothesis-profile free || exit 1; done

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m tests.bench

growth: $(READY)  ## what questions, commands, starts and idle minutes cost as history grows tenfold
	$(BIN)/python -m tests.bench.growth

england: $(READY)  ## what many councils with little history each make of starts, memory, streams and idle minutes
	$(BIN)/python -m tests.bench.england

mutants: $(READY)  ## which tests notice a change of the policies; goes on where it was ended
	$(BIN)/python -m tests.mutants

code-mutants: $(READY)  ## which tests notice a change of the code that rules and history rest on; a sample, by a seed
	$(BIN)/python -m tests.mutants.code $(if $(SEED),--seed $(SEED))

coverage-of-requirements: $(READY)  ## what becomes of the 630 requirements of five frameworks
	$(BIN)/python -m tests.requirements

LOCKED := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

lock: $(READY)  ## pins every dependency by hash, and of them again those of a deployment; the files name no host
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev $(LOCKED) --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --constraints requirements.lock $(LOCKED) --output-file deploy/requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build *.egg-info
