#!/usr/bin/env bash
# Installs what `npm run package` made in a new app of each language, as users do; synthesizes the demo in TypeScript and Python, and the
# minimal app in TypeScript, Java and Go; runs the command; and compares all templates.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for language in typescript python java go dotnet; do
  mkdir "$work/$language"
  start=$SECONDS
  "scripts/packages/$language.sh" "$work/$language"
  echo "$language took $((SECONDS - start)) s"
done

templates() {
  (cd "$1" && find . -name '*.template.json' | sort)
}
# compare EXAMPLE LANGUAGE NAME: its templates with those of TypeScript
compare() {
  local typescript="$work/typescript/$1.out" other="$work/$2/$1.out"
  templates "$typescript" > "$work/typescript.list"
  templates "$other" > "$work/other.list"
  diff --unified "$work/typescript.list" "$work/other.list"
  [ -s "$work/typescript.list" ] || { echo "no template of $1 was written"; exit 1; }
  while IFS= read -r template; do
    diff --unified "$typescript/$template" "$other/$template"
  done < "$work/typescript.list"
  echo "$(wc -l < "$work/typescript.list") templates of examples/$1 in TypeScript and of its twin in $3 are equal"
}

echo '--- the templates'
compare demo python Python
compare minimal java Java
compare minimal go Go
