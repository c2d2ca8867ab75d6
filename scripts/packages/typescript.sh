#!/usr/bin/env bash
# Looks what the tarball holds, installs it in a new TypeScript app, synthesizes the demo and the minimal app, and runs the command.
#
#     scripts/packages/typescript.sh FOLDER
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$1"

tarball=$(the_only "$root"/dist/js/*.tgz)

echo '--- what the tarball holds'
tar --list --gzip --file "$tarball" | sed 's#^package/##' | sort > files
for needed in .jsii LICENSE README.md package.json lib/index.js lib/index.d.ts; do
  grep --quiet --line-regexp --fixed-strings "$needed" files || { echo "the tarball lacks $needed"; exit 1; }
done
allowed='^(lib/.*\.(js|d\.ts)|rosetta/.*\.ts-fixture|\.jsii|\.jsii\.tabl\.json(\.gz)?|API\.md|LICENSE|README\.md|package\.json)$'
if grep --invert-match --extended-regexp "$allowed" files; then
  echo 'the tarball holds these files, which no user needs; see npmignore in .projenrc.ts'
  exit 1
fi
echo "$(wc -l < files) files, nothing missing, nothing too much"

echo '--- a new TypeScript app'
npm init --yes > /dev/null
npm install --no-audit --no-fund "$tarball" "aws-cdk-lib@$cdk" "constructs@$constructs" \
  "typescript@$(version_of typescript)" "tsx@$(version_of tsx)" "@types/node@$(version_of @types/node)"
for example in demo minimal; do
  cp "$root/examples/$example/app.ts" "$example.ts"
  npx tsc --noEmit --strict --skipLibCheck --target es2022 --module node16 --types node "$example.ts"
  CDK_OUTDIR="$PWD/$example.out" npx tsx "$example.ts"
done

echo '--- its command'
npx --no-install cdk-shared-ecr --version
npx --no-install cdk-shared-ecr check demo.out
npx --no-install cdk-shared-ecr report --format markdown demo.out | grep --quiet '^```mermaid$'
npx --no-install cdk-shared-ecr contract demo.out > contract.json
npx --no-install cdk-shared-ecr check --contract contract.json demo.out > /dev/null
