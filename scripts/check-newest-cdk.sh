#!/usr/bin/env bash
# Runs the unit tests with the newest aws-cdk-lib and constructs, in a copy of the checkout. Snapshots count as in every other run.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

scripts/copy-checkout.sh "$copy"
cd "$copy"
npm ci --no-audit --no-fund
npm install --no-save --no-audit --no-fund 'aws-cdk-lib@^2' 'constructs@^10'
node --print '`aws-cdk-lib ${require("aws-cdk-lib/package.json").version}, constructs ${require("constructs/package.json").version}`'
npx tsc --noEmit --project tsconfig.dev.json
npx jest --ci --coverage=false
