.PHONY: help demo test check bench format docs setup

help:    ## this list
	@grep -E '^[a-z]+: .*##' Makefile | sed -E 's/: *##/ /; s/: setup *##/ /; s/^/  make /'

demo: setup  ## a learned robot at work, then the whole circle once at toy size
	.venv/bin/psizero demo

test: setup  ## unit tests, doctests, then the journey
	.venv/bin/python -m pytest

check: setup  ## format, lint, spelling, one-way imports, types
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/typos
	.venv/bin/lint-imports
	.venv/bin/pyright

bench: setup  ## measure the speeds on this computer, into benchmarks/results
	.venv/bin/python -m benchmarks.run_all

format: setup  ## rewrite files in the house format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

docs: setup  ## every link and command of README and docs is tried
	.venv/bin/python -m pytest tests/test_readme.py

setup:
	@.ci/setup
