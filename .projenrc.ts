import { awscdk, javascript, JsonPatch } from 'projen';

/**
 * The lowest release in which a failing validation plugin makes `app.synth()` throw:
 * with 2.261.0 the same app returns, with exit code 1; with 2.262.0 it throws.
 */
const CDK_FLOOR = '2.262.0';
const GO_PACKAGE = 'cdksharedecr';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-shared-ecr',
  description: 'Share private Amazon ECR images between AWS accounts: say once who may pull or push, and every account gets its half of the grant',
  author: 'The cdk-shared-ecr authors',
  authorAddress: 'cdk-shared-ecr@users.noreply.github.com',
  repositoryUrl: 'https://github.com/cdk-shared-ecr/cdk-shared-ecr.git',
  license: 'Apache-2.0',
  stability: 'experimental',
  keywords: ['aws', 'cdk', 'ecr', 'containers', 'cross-account', 'organizations', 'lambda', 'ecs', 'eks'],
  defaultReleaseBranch: 'main',
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  bin: { 'cdk-shared-ecr': 'lib/cli.js' },

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.0',
  jsiiVersion: '~5.9.0',
  typescriptVersion: '~5.9.0',
  minNodeVersion: '20.0.0',
  npmAccess: javascript.NpmAccess.PUBLIC,
  npmTrustedPublishing: true,
  publishToPypi: { distName: 'cdk-shared-ecr', module: 'cdk_shared_ecr', trustedPublishing: true },
  publishToMaven: { javaPackage: 'io.github.cdksharedecr', mavenGroupId: 'io.github.cdk-shared-ecr', mavenArtifactId: 'cdk-shared-ecr' },
  publishToGo: { moduleName: 'github.com/cdk-shared-ecr/cdk-shared-ecr-go', packageName: GO_PACKAGE, githubUseSsh: true },
  publishToNuget: { dotNetNamespace: 'CdkSharedEcr', packageId: 'CdkSharedEcr', trustedPublishing: true },

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      moduleNameMapper: {
        '^cdk-shared-ecr$': '<rootDir>/src',
        '^@aws/cloudformation-validate$': '<rootDir>/test/no-validation.ts',
      },
      coverageThreshold: { branches: 95, lines: 98 },
      // V8's own coverage takes twice the time, and by default one core is left out.
      coverageProvider: 'babel',
      maxWorkers: '100%',
      collectCoverageFrom: ['src/**/*.ts'],
      testTimeout: 60_000,
    },
  },
  devDeps: [
    'fast-check@4.10.2',
    'tsx@4.23.15',
    'aws-cdk@2.1148.1',
    '@aws-cdk/aws-apprunner-alpha@2.207.0-alpha.0',
  ],
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: { paths: { 'cdk-shared-ecr': ['./src'] } },
    include: ['.projenrc.ts', 'examples/**/*.ts', 'bench/**/*.ts', 'mutants/**/*.ts', 'scripts/**/*.ts'],
    exclude: ['node_modules', 'lib', 'dist', 'conformance', 'examples/**/cdk.out'],
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'bench', 'mutants', 'scripts'], tsconfigPath: './tsconfig.dev.json', projectService: false },
  gitignore: ['/.jsii.tabl.json*', 'cdk.out', '.venv', '.tools', '/examples/java/target', '__pycache__', '*.pyc', '.DS_Store'],
  pullRequestTemplateContents: ['Fixes #', '', '<!-- What changes for a user, and how you proved it. -->'],
});

project.npmignore?.addPatterns('/docs', '/examples', '/bench', '/conformance', '/mutants', '/scripts', '/projenrc', '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/.ci', 'cdk.out');

// Lock files name no host: the registry is the machine's own business.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
project.tryFindObjectFile('.github/workflows/release.yml')!.patch(
  JsonPatch.remove('/jobs/release_npm/steps/9/env/NPM_REGISTRY'),
);

// A warning of jsii is a mistake: a factory that is a reserved word would get another name in Python.
project.compileTask.reset('jsii --fail-on-warnings');

// The tests check types and style too, and never change a file.
project.testTask.reset();
project.testTask.exec('tsc --noEmit --project tsconfig.dev.json', { name: 'types' });
project.testTask.exec('eslint --ext .ts --no-error-on-unmatched-pattern src test examples bench mutants scripts .projenrc.ts', {
  name: 'style', env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
} as any);
project.testTask.exec('jest --ci', { receiveArgs: true });

// Java: jsii would download the CDK for every build; Maven keeps it on the machine. What is built is not put there.
project.tasks.tryFind('package:java')!.reset(
  'jsii-pacmak -v --target java --maven-local-repository "$HOME/.m2/repository" --mvn-define maven.install.skip=true',
);

// Go: jsii asks for indirect modules in the versions that npm happens to have installed. The CDK's own module says what it needs.
const goTask = project.tasks.tryFind('package:go')!;
goTask.reset('jsii-pacmak -v --target go --code-only');
for (const step of ["grep -v '// indirect$' go.mod > direct.mod && mv direct.mod go.mod", 'go mod tidy', 'go build ./...']) {
  goTask.exec(step, { cwd: `dist/go/${GO_PACKAGE}` });
}

// Every package, made from what the sources are now, on a developer's machine as in CI. Only the release pipeline compiles .NET.
project.packageTask.reset();
project.packageTask.spawn(project.compileTask);
for (const language of ['js', 'python', 'java', 'go']) project.packageTask.spawn(project.tasks.tryFind(`package:${language}`)!);
project.packageTask.exec('jsii-pacmak -v --target dotnet --code-only', { name: 'dotnet sources' });

// Code in the README and in doc comments must compile.
project.addTask('rosetta', { description: 'Compile every example of the README and of the API', exec: 'jsii-rosetta extract --strict' });
project.postCompileTask.spawn(project.tasks.tryFind('rosetta')!);

project.addTask('demo', { description: 'Synthesize the demo and say who may pull what', exec: 'tsx --tsconfig tsconfig.dev.json examples/demo/main.ts', receiveArgs: true });
project.addTask('conformance', { description: 'Let tools of others judge the templates', exec: 'tsx --tsconfig tsconfig.dev.json conformance/main.ts', receiveArgs: true });
project.addTask('bench', { description: 'Compare with the CDK\'s own grants', exec: 'tsx --tsconfig tsconfig.dev.json bench/main.ts', receiveArgs: true });
project.addTask('mutants', { description: 'Break correct apps, and see whether it is found out', exec: 'tsx --tsconfig tsconfig.dev.json mutants/main.ts', receiveArgs: true });

project.synth();
