#!/usr/bin/env bash
# Looks whether there is a C# file for every type of the API. Only the release pipeline compiles them.
set -euo pipefail
source "$(dirname "$0")/common.sh"

echo '--- the .NET sources'
types=$(node --print "Object.values(JSON.parse(fs.readFileSync('$root/.jsii', 'utf8')).types).map(({ name }) => name).join(' ')")
for type in $types; do
  the_only "$root/dist/dotnet/CdkSharedEcr/CdkSharedEcr/$type.cs" > /dev/null
done
echo "$(wc -w <<< "$types") types"
