#!/usr/bin/env bash
# Installs the wheel in a new virtual environment, and synthesizes the demo.
#
#     scripts/packages/python.sh FOLDER
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$1"

echo '--- a new Python app'
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check "$(the_only "$root"/dist/python/*.whl)" "aws-cdk-lib==$cdk"
cp "$root/examples/python/app.py" "$root/examples/python/cdk.json" .
PATH="$PWD/.venv/bin:$PATH" synthesize demo.out
