#!/usr/bin/env bash
# What must be true of the files as they are: no registry host in them, no dependency at run time but the CDK, licences that let
# anybody use the library, and the same two commands in the README and in .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
fail() {
  echo "FAIL: $1"
  failed=1
}

hosts='registry[.]npmjs|registry[.]yarnpkg|npm[.]pkg[.]github|pypi[.]org/simple|pythonhosted[.]org|repo1?[.]maven|sonatype[.]|proxy[.]golang|api[.]nuget|"resolved": "http[s]?:'
if git grep --untracked --line-number --extended-regexp "$hosts"; then
  fail 'a file names the host of a package registry; which registry is used is the business of the machine'
fi

if ! node -e '
  const { dependencies, bundledDependencies, peerDependencies } = require("./package.json");
  process.exit(!dependencies && !bundledDependencies && Object.keys(peerDependencies).sort().join() === "aws-cdk-lib,constructs" ? 0 : 1)'; then
  fail 'package.json has dependencies other than the peers aws-cdk-lib and constructs'
fi

# What is there comes under other licences: nothing else may be made with it.
if git grep --untracked --line-number --extended-regexp "(from|require[(]|import[(]) *'(@cloud-copilot|cdk-nag|[./]*/conformance)" -- ':!conformance'; then
  fail 'a file outside of conformance imports what is there'
fi

npx tsx --tsconfig tsconfig.dev.json scripts/check-licences.ts || fail 'a dependency has a licence that is not permissive'

for command in 'npm ci && npm run demo' 'npm ci && npm test'; do
  grep --quiet --extended-regexp "^$command( +#.*)?$" README.md || fail "README.md has no line with the command: $command"
  grep --quiet --fixed-strings "'$command'" .ci/run || fail ".ci/run does not run the command: $command"
done

exit "$failed"
