#!/usr/bin/env bash
# Runs the unit tests with the newest aws-cdk-lib and constructs, by the newest Node.js with long-term support, in a copy of the checkout;
# `npm test` has run them with the oldest of each. Snapshots count as in every other run.
set -euo pipefail
cd "$(dirname "$0")/.."

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT

scripts/copy-checkout.sh "$copy"
cd "$copy"
npm ci --no-audit --no-fund
npm install --no-save --no-audit --no-fund 'aws-cdk-lib@^2' 'constructs@^10'

# Only the program itself knows whether it has long-term support; the newest even major may not have it yet.
package=$(node --print '`node-${process.platform}-${process.arch}`')
newest=$(npm view "$package" version)
runtime=
for ((major = ${newest%%.*}; major > 20; major--)); do
  npm install --prefix "$copy/runtime" --no-save --no-audit --no-fund "$package@$major" || continue
  candidate="$copy/runtime/node_modules/$package/bin"
  if "$candidate/node" --eval 'process.exit(process.release.lts ? 0 : 1)'; then
    runtime=$candidate
    break
  fi
done
[ -n "$runtime" ] || { echo "no $package newer than 20 has long-term support"; exit 1; }
export PATH="$runtime:$PATH"
node --print '`Node.js ${process.version} (${process.release.lts})`'
node --print '`aws-cdk-lib ${require("aws-cdk-lib/package.json").version}, constructs ${require("constructs/package.json").version}`'
node node_modules/.bin/tsc --noEmit --project tsconfig.dev.json
node node_modules/.bin/jest --ci --coverage=false
