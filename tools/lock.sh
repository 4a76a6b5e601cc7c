#!/bin/sh
# Hashed requirement files without download addresses, valid for every supported Python.
set -eu
lock() { .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet "$@"; }
for name in build all spark fuzz audit; do
  lock "requirements/$name.in" -o "requirements/$name.txt"
done
# What a server needs and no more: the versions that the tests ran with, without what only developers use.
lock pyproject.toml --extra documents --extra evidence --extra national --extra parquet --extra publishing \
  --extra reading --extra site --extra statistics -c requirements/all.txt -o requirements/site.txt
