#!/usr/bin/env bash
# Installs what `npm run package` made, in a new TypeScript app and in a new virtual environment, as users do; synthesizes the demo in
# both, runs the command on it, and compares all templates.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

the_only() {
  if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
    echo "expected one package, but there is: $*; run rm -rf dist && npm run package" >&2
    return 1
  fi
  echo "$root/$1"
}
version_of() {
  node --print "require('./package-lock.json').packages['node_modules/$1'].version"
}

tarball=$(the_only dist/js/*.tgz)
wheel=$(the_only dist/python/*.whl)
cdk=$(version_of aws-cdk-lib)

echo '--- what the tarball holds'
tar --list --gzip --file "$tarball" | sed 's#^package/##' | sort > "$work/files"
for needed in .jsii LICENSE README.md package.json lib/index.js lib/index.d.ts; do
  grep --quiet --line-regexp --fixed-strings "$needed" "$work/files" || { echo "the tarball lacks $needed"; exit 1; }
done
allowed='^(lib/.*\.(js|d\.ts)|rosetta/.*\.ts-fixture|\.jsii|\.jsii\.tabl\.json(\.gz)?|API\.md|LICENSE|README\.md|package\.json)$'
if grep --invert-match --extended-regexp "$allowed" "$work/files"; then
  echo 'the tarball holds these files, which no user needs; see npmignore in .projenrc.ts'
  exit 1
fi
echo "$(wc -l < "$work/files") files, nothing missing, nothing too much"

echo '--- a new TypeScript app'
mkdir "$work/typescript"
cd "$work/typescript"
npm init --yes > /dev/null
npm install --no-audit --no-fund "$tarball" "aws-cdk-lib@$cdk" "constructs@$(cd "$root" && version_of constructs)" \
  "typescript@$(cd "$root" && version_of typescript)" "tsx@$(cd "$root" && version_of tsx)" "@types/node@$(cd "$root" && version_of @types/node)"
cp "$root/examples/demo/app.ts" .
npx tsc --noEmit --strict --skipLibCheck --target es2022 --module node16 --types node app.ts
CDK_OUTDIR="$work/typescript.out" npx tsx app.ts

echo '--- its command'
npx --no-install cdk-shared-ecr --version
npx --no-install cdk-shared-ecr check "$work/typescript.out"
npx --no-install cdk-shared-ecr report --format markdown "$work/typescript.out" | grep --quiet '^```mermaid$'
npx --no-install cdk-shared-ecr contract "$work/typescript.out" > contract.json
npx --no-install cdk-shared-ecr check --contract contract.json "$work/typescript.out" > /dev/null

echo '--- a new Python app'
mkdir "$work/python"
cd "$work/python"
python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check "$wheel" "aws-cdk-lib==$cdk"
cp "$root/examples/python/app.py" .
CDK_OUTDIR="$work/python.out" .venv/bin/python app.py

echo '--- the templates'
templates() {
  (cd "$1" && find . -name '*.template.json' | sort)
}
templates "$work/typescript.out" > "$work/typescript.list"
templates "$work/python.out" > "$work/python.list"
diff --unified "$work/typescript.list" "$work/python.list"
[ -s "$work/typescript.list" ] || { echo 'no template was written'; exit 1; }
while IFS= read -r template; do
  diff --unified "$work/typescript.out/$template" "$work/python.out/$template"
done < "$work/typescript.list"
echo "$(wc -l < "$work/typescript.list") templates of TypeScript and Python are equal"
