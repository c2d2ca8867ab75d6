#!/usr/bin/env bash
# Fails if `npx projen` would change a file: what projen generates is edited in .projenrc.ts only.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

scripts/copy-checkout.sh "$copy"
cp -R node_modules "$copy/node_modules"
git -C "$copy" init --quiet
git -C "$copy" add --all
(cd "$copy" && npx projen --no-post)

if ! git -C "$copy" diff --exit-code || [ -n "$(git -C "$copy" ls-files --others --exclude-standard)" ]; then
  git -C "$copy" ls-files --others --exclude-standard
  echo 'npx projen changes these files; run it, and commit what it changes'
  exit 1
fi
echo 'npx projen changes nothing'
