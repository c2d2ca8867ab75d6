#!/usr/bin/env bash
# Copies what git would commit (what is new included, what is ignored not) to a folder: checks that change files work on the copy.
#
#     scripts/copy-checkout.sh FOLDER
set -euo pipefail

target=$(realpath "$1")
cd "$(dirname "$0")/.."

git ls-files --cached --others --exclude-standard -z |
  while IFS= read -r -d '' file; do
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
  done |
  tar --create --null --files-from=- | tar --extract --directory "$target"
