#!/bin/sh
# Hashed requirement files without download addresses, valid for every supported Python.
set -eu
for name in build all spark; do
  .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-header --quiet "requirements/$name.in" -o "requirements/$name.txt"
done
