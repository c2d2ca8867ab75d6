#!/usr/bin/env bash
# Compiles with jsii, warnings being errors; fails if API.md is not what the compiled API says, or if an example in the README or in
# a doc comment does not compile.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npx projen compile
npx projen rosetta
npx jsii-docgen --output "$work/API.md"
if ! diff --unified API.md "$work/API.md"; then
  echo 'API.md is not current; run npx projen compile && npx projen docgen, and commit API.md'
  exit 1
fi
echo 'API.md is current, and all examples compile'
