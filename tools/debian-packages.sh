#!/bin/sh
# Installs Debian packages that are missing, where that is permitted: debian-packages.sh PACKAGE:COMMAND-OR-FOLDER …
# Where it is not, the tests that need them are skipped and say why.
missing=""
for pair in "$@"; do
  command -v "${pair#*:}" >/dev/null 2>&1 || [ -d "${pair#*:}" ] || missing="$missing ${pair%%:*}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing$missing"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
    >/dev/null 2>&1 && exit 0
fi
echo "not installed:$missing (tests that need them are skipped)"
