#!/bin/sh
# Installs the npm packages that tests use, below build/npm: npm-packages.sh FOLDER-WITH-package.json …
# Where npm is missing or not permitted, the tests that need them are skipped and say why.
for folder in "$@"; do
  target="build/npm/$(basename "$folder")"
  command -v npm >/dev/null 2>&1 || { echo "npm is not installed: tests that need $folder are skipped"; continue; }
  mkdir -p "$target"
  if ! cmp -s "$folder/package-lock.json" "$target/package-lock.json" || [ ! -d "$target/node_modules" ]; then
    cp "$folder/package.json" "$folder/package-lock.json" "$target/"
    (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null 2>&1) \
      || { rm -rf "$target/node_modules"; echo "not installed: $folder (tests that need it are skipped)"; }
  fi
done
