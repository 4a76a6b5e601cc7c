# One word per task; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests that a second database would only repeat: who may pass a door is decided in Python, demo and stored files are SQLite's,
# what is asked at random, walked or shown as an example goes through the same queries as the tests beside, documents,
# downloads, archives, signatures and files spend their time elsewhere, public pages and reads of the API show what is tested
# where it is gathered, searched and released, pages ask as many queries of either, and headers, load, logs and registers ask no database.
# The whole run (test-full) leaves none of them out.
ALIKE := --ignore=tests/site/test_doors.py --ignore=tests/site/test_demo.py --ignore=tests/site/test_stored_databases.py \
  --ignore=tests/site/test_api_fuzz.py --ignore=tests/site/test_api_examples.py --ignore=tests/site/test_nothing_leaks.py \
  --ignore=tests/site/test_portal_around.py --ignore=tests/site/test_uploads.py --ignore=tests/site/test_clamav.py \
  --ignore=tests/site/test_downloads.py --ignore=tests/site/test_headers.py --ignore=tests/site/test_overload.py \
  --ignore=tests/site/test_operation_nginx.py --ignore=tests/site/test_operation_files.py --ignore=tests/site/test_template_words.py \
  --ignore=tests/site/test_policy_headers.py --ignore=tests/site/test_passwords.py --ignore=tests/site/test_privacy_redaction.py \
  --ignore=tests/site/test_privacy_inventory.py --ignore=tests/site/test_warm.py \
  --ignore=tests/site/test_papers.py --ignore=tests/site/test_templates.py --ignore=tests/site/test_signatures.py \
  --ignore=tests/site/test_progress_pages.py --ignore=tests/site/test_opendata_downloads.py \
  --ignore=tests/site/test_portal_folder.py --ignore=tests/site/test_plan_files.py \
  --ignore=tests/site/test_second_factor.py --ignore=tests/site/test_administration.py --ignore=tests/site/test_memory.py --ignore=tests/site/test_bodies.py \
  --ignore=tests/site/test_migrations_are_safe.py --ignore=tests/site/test_ask_refusals.py --ignore=tests/site/test_operation_logs.py --ignore=tests/site/test_called.py \
  --ignore=tests/site/test_withheld_pages.py --ignore=tests/site/test_exchange.py --ignore=tests/site/test_nation_pages.py \
  --ignore=tests/site/test_portal.py --ignore=tests/site/test_api.py -k 'not queries'
LOCKS := requirements/build.txt requirements/all.txt
unexport PYTHONDONTWRITEBYTECODE # images set it; then every process of the tests would compile all that it imports again

.DEFAULT_GOAL := help
.PHONY: help install demo serve test units test-full test-python test-postgres e2e lint bench bench-documents bench-reading bench-site bench-survey bench-oit bench-national bench-signals bench-portal drill soak fuzz sbom audit needs lock schemas docs clean

help: ## list the tasks
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(READY) ## install everything into .venv (leaves .venv/bin/prongsai)

$(READY): $(LOCKS) pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Prongsai needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/all.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -c "from prongsai.documents.faces import faces_folder; faces_folder()"
	@touch $(READY)

demo: $(READY) ## all documents of five real agencies, below build/demo, and a demo database for `make serve`
	$(BIN)/python tools/demo.py build/demo
	$(BIN)/python -m prongsai.site fill_demo examples

serve: $(READY) ## the site at http://localhost:8000, on what `make demo` filled; a second factor is offered, not required
	PRONGSAI_SECOND_FACTOR="$${PRONGSAI_SECOND_FACTOR-[]}" $(BIN)/prongsai serve

test: $(READY) ## lint and every test but the heaviest
	@$(MAKE) --no-print-directory -j 2 lint units # types take one core for a minute, in which the other need not wait
	$(BIN)/python -m pytest -n auto --dist worksteal tests/e2e
	$(MAKE) --no-print-directory test-postgres

units: $(READY) needs
	$(BIN)/python -m pytest -n auto --dist worksteal

needs: # what tests use beside Python; missing and not permitted: the tests that need it say so
	@sh tools/debian-packages.sh poppler-utils:pdftotext tesseract-ocr:tesseract tesseract-ocr-tha:tesseract \
	  chromium:chromium postgresql:/usr/lib/postgresql
	@sh tools/npm-packages.sh tests/e2e

e2e: $(READY) needs ## the journeys and every page in headless Chromium
	$(BIN)/python -m pytest -n auto tests/e2e

test-postgres: $(READY) needs ## the site's tests on a PostgreSQL that this starts
	$(BIN)/python tools/with_postgres.py $(BIN)/python -m pytest -n auto --dist worksteal tests/site $(if $(PRONGSAI_FULL),,$(ALIKE)); status=$$?; \
	  [ $$status = 0 ] || { [ $$status = 77 ] && [ -z "$$PRONGSAI_NEED_ALL" ]; }

test-full: $(READY) lint ## every test, the heaviest too, and other Pythons that are found
	@sh tools/debian-packages.sh poppler-utils:pdftotext tesseract-ocr:tesseract tesseract-ocr-tha:tesseract libreoffice-writer-nogui:soffice nginx-light:nginx
	@if command -v java >/dev/null; then $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt; \
	  else echo "java: not found, the cluster test is skipped"; fi
	PRONGSAI_FULL=1 $(BIN)/python -m pytest -n auto --dist worksteal
	PRONGSAI_FULL=1 $(BIN)/python -m pytest -n auto --dist worksteal tests/e2e
	PRONGSAI_FULL=1 $(MAKE) --no-print-directory test-postgres
	@for python in python3.12 python3.13; do \
	  if $$python -c "" 2>/dev/null; then $(MAKE) test-python PYTHON=$$python || exit 1; \
	  else echo "$$python: not found, skipped"; fi; done

test-python: ## the tests under another interpreter: make test-python PYTHON=python3.13
	$(PYTHON) -m venv build/venv-$(notdir $(PYTHON))
	build/venv-$(notdir $(PYTHON))/bin/python -m pip install --quiet --require-hashes -r requirements/build.txt
	build/venv-$(notdir $(PYTHON))/bin/python -m pip install --quiet --require-hashes -r requirements/all.txt
	build/venv-$(notdir $(PYTHON))/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	build/venv-$(notdir $(PYTHON))/bin/python -m pytest -n auto

lint: $(READY) ## ruff and strict types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: bench-documents bench-reading bench-site bench-survey bench-oit bench-national bench-portal ## all benchmarks

bench-documents: $(READY) ## documents per second and peak memory, beside python-docx + LibreOffice
	@sh tools/debian-packages.sh libreoffice-writer-nogui:soffice
	$(BIN)/python bench/documents.py

bench-reading: $(READY) ## values, findings and repairs of clean and corrupted reports against their truth
	$(BIN)/python bench/reading.py

bench-site: $(READY) ## server time and queries of every page with 8,325 agencies × 5 years
	$(BIN)/python bench/site.py

bench-survey: $(READY) needs ## respondents a second on SQLite and PostgreSQL, and that no confirmed answer is lost
	$(BIN)/python bench/survey.py

bench-oit: $(READY) ## links per second and memory of the evidence checks beside plain httpx
	$(BIN)/python bench/oit.py

bench-national: $(READY) ## a whole nation counted and scored, beside the I/O floor, DuckDB, pandas and numpy
	$(BIN)/python bench/national.py

bench-signals: $(READY) ## precision and recall of the signals on simulated nations that they were not tuned on
	$(BIN)/python bench/signals.py

bench-portal: $(READY) ## one round of the whole nation as open data in every format
	$(BIN)/python bench/portal.py

drill: $(READY) needs ## backup under load, destroy everything, restore, verify, count; every fault; a moment restored
	@sh tools/debian-packages.sh gcc:cc e2fsprogs:mkfs.ext4
	$(BIN)/python bench/drill.py
	$(BIN)/python bench/faults.py

SECONDS ?= 300
fuzz: $(READY) ## every reader under a fuzzer: make fuzz SECONDS=3600, the time of all together
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt \
	  || echo "the fuzzer cannot be installed here (it has wheels for CPython on Linux and macOS)"
	$(BIN)/python tools/fuzz.py --seconds $(SECONDS)

sbom: $(READY) ## the parts of the site with their versions and licences, as CycloneDX: build/sbom.json
	$(BIN)/python tools/sbom.py build/sbom.json

audit: $(READY) ## ask whether a locked version has a known vulnerability; status 3 where nobody could be asked
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	$(BIN)/python tools/audit.py

soak: $(READY) needs ## an hour of mixed traffic: memory and times flat, every answer counted
	$(BIN)/python bench/soak.py

lock: $(READY) ## make the hashed requirement files anew
	sh tools/lock.sh

docs: $(READY) ## make the generated reference pages and schemas anew
	$(BIN)/python tools/generate.py

clean: ## remove what was built (not .venv)
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
