#!/usr/bin/env bash
# Builds the minimal app in Go as it stands in examples/, with dist/go in place of what is published, and synthesizes it.
#
#     scripts/packages/go.sh FOLDER
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$1"

module=github.com/cdk-shared-ecr/cdk-shared-ecr-go/cdksharedecr

echo '--- a new Go app'
cp "$root"/examples/go/* .
unformatted=$(gofmt -l .)
[ -z "$unformatted" ] || { echo "gofmt would change examples/go/$unformatted"; exit 1; }
grep --quiet "awscdk/v2 v$cdk$" go.mod || { echo "examples/go/go.mod lacks aws-cdk-lib $cdk, which is what package-lock.json has"; exit 1; }
go mod edit -replace="$module=$(dirname "$(the_only "$root"/dist/go/cdksharedecr/go.mod)")"
go mod tidy
synthesize minimal.out
