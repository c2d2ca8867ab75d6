#!/usr/bin/env bash
# Builds the minimal app in Java as it stands in examples/, with dist/java as one more Maven repository, and synthesizes it.
#
#     scripts/packages/java.sh FOLDER
set -euo pipefail
source "$(dirname "$0")/common.sh"
cd "$1"

echo '--- a new Java app'
version=$(basename "$(dirname "$(the_only "$root"/dist/java/io/github/cdk-shared-ecr/cdk-shared-ecr/*/*.pom)")")
cp -R "$root/examples/java/." .
rm -rf target
for pin in "<cdk.version>$cdk<" "<constructs.version>$constructs<"; do
  grep --quiet --fixed-strings "$pin" pom.xml || { echo "examples/java/pom.xml lacks $pin, which is what package-lock.json has"; exit 1; }
done

# Maven keeps what it has once found, and every checkout makes a 0.0.0. The settings of the user stay in force.
rm -rf "$HOME/.m2/repository/io/github/cdk-shared-ecr/cdk-shared-ecr/$version"
cat > settings.xml <<END
<settings>
  <profiles>
    <profile>
      <id>dist</id>
      <repositories>
        <repository>
          <id>dist</id>
          <url>file://$root/dist/java</url>
        </repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles>
    <activeProfile>dist</activeProfile>
  </activeProfiles>
</settings>
END
mkdir .mvn
echo "--global-settings settings.xml -Dcdk-shared-ecr.version=$version" > .mvn/maven.config
synthesize minimal.out
