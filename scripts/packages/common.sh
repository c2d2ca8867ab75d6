# What the scripts beside this one share: where the checkout is, which package there is, and which versions the lock file has.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# the_only FILE: the file, if the pattern that it came from has matched one
the_only() {
  if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
    echo "expected one package, but there is: $*; run rm -rf dist && npm run package" >&2
    return 1
  fi
  echo "$1"
}

version_of() {
  node --print "require('$root/package-lock.json').packages['node_modules/$1'].version"
}

cdk=$(version_of aws-cdk-lib)
constructs=$(version_of constructs)

# synthesize FOLDER: the app in this folder, by the command in its cdk.json, as `npx cdk synth` does
synthesize() {
  CDK_OUTDIR="$PWD/$1" bash -c "$(node --print "require('$PWD/cdk.json').app")"
}
