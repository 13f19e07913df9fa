# The two commands: `make run` and `make test`. Settings: LIBTORCH, LIBTORCH_VERSION, XDG_CACHE_HOME,
# VAE_DATA_DIR (see scripts/setup and scripts/test).

.PHONY: help setup build run test bench lint fuzz torture own-model check-pytorch compare-densities docs clean
.DEFAULT_GOAL := help

# An import that Package.swift does not declare is an error.
swift_build := swift build -c release --explicit-target-dependency-import-check error

help:
	@echo "make run            set up, build, train a VAE on sprites and name the report to open"
	@echo "make test           set up, lint, test, and list what was skipped"
	@echo "make setup          install and fetch what is missing; then plain swift build and swift test work"
	@echo "make build          build .build/release/vae"
	@echo "make bench          the contest with PyTorch and JAX (fetches both, some gigabytes); ARGS=\"--only mlp --quick\""
	@echo "make lint           check the format of the sources"
	@echo "make fuzz           feed the readers of untrusted files with broken ones, a minute each"
	@echo "make torture        kill, starve and corrupt the program in every way it is to withstand; ARGS=\"--seed 7 --quick --only kills\""
	@echo "make own-model      build and run Examples/OwnModel, a package of its own that depends on a tag of this one"
	@echo "make check-pytorch  compare our bounds with PyTorch's (fetches PyTorch, some gigabytes, where python3 lacks it); ARGS=RUN"
	@echo "make compare-densities TABLE=FILE.csv  a flow's held-out density beside a Gaussian's and a kernel estimate's"
	@echo "make docs           write the reference of the public symbols to .build/docs"
	@echo "make clean          remove what was built; runs and the cache stay"
	@echo
	@echo "LIBTORCH=/path uses an existing LibTorch; LIBTORCH_VERSION=2.11.0 fetches another pinned version."

setup:
	@scripts/setup

build: setup
	$(swift_build) --product vae

run: build
	.build/release/vae train --data sprites

test: setup lint
	@scripts/test

lint:
	swift format lint --strict --recursive Package.swift $(wildcard Sources Tests Examples Fuzz Benchmarks)

fuzz: setup
	@scripts/fuzz

torture: build
	@scripts/torture $(ARGS)

own-model: setup
	@scripts/own-model

check-pytorch: build
	@python=$$(scripts/python-peers pytorch) && VAE_DATA_DIR=$$(scripts/data-folder) "$$python" Benchmarks/check_bound.py $(ARGS)

compare-densities: build
	@python=$$(scripts/python-peers tests) && "$$python" Benchmarks/compare_densities.py $(TABLE) $(ARGS)

bench: build
	$(swift_build) --product Contest
	@python=$$(scripts/python-peers contest) && VAE_DATA_DIR=$$(scripts/data-folder) "$$python" Benchmarks/contest.py $(ARGS)

docs: setup
	@scripts/docs

clean:
	rm -rf .build
