#!/usr/bin/env bash
# Fails if users of the last release could not compile with what is here, needs `npx projen compile`. What is broken on purpose stands in
# .compatignore, by the keys that this prints.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

breaks() {
  npx jsii-diff --error-on all --keys --ignore-file .compatignore "$1" > "$work/log" 2>&1 && return 1
  grep --quiet '^err ' "$work/log" || { cat "$work/log"; exit 1; }
}

# Would a change be noticed? A release of the same, with one method more, stands for one that was taken away.
mkdir "$work/release"
cp package.json "$work/release"
node -e '
  const assembly = JSON.parse(require("fs").readFileSync(".jsii", "utf8"));
  assembly.types["cdk-shared-ecr.SharedEcrRepository"].methods.push({ name: "takenAway", docs: { stability: "experimental" } });
  delete assembly.fingerprint;
  process.stdout.write(JSON.stringify({ ...assembly, fingerprint: "*" }));' > "$work/release/.jsii"
ln -s "$PWD/node_modules" "$work/release/node_modules"
breaks "$work/release" || { cat "$work/log"; echo 'a method that was taken away is not noticed'; exit 1; }
grep --quiet takenAway "$work/log" || { cat "$work/log"; exit 1; }

name=$(node --print 'require("./package.json").name')
if ! release=$(npm view "$name" version 2> "$work/npm.log"); then
  grep --quiet ' E404$' "$work/npm.log" || { cat "$work/npm.log"; exit 1; }
  echo "$name has no release yet, so nothing to be compatible with"
  exit 0
fi
if breaks "npm:$name@$release"; then
  cat "$work/log"
  exit 1
fi
echo "compatible with $name $release"
