import { readdirSync, readFileSync } from 'fs';
import { isBuiltin } from 'module';
import { dirname, join, relative } from 'path';

const SRC = join(__dirname, '../src');

interface SourceFile {
  readonly path: string;
  /** What it imports, that of `src` as paths from there. */
  readonly imports: string[];
  /** The text without comments. */
  readonly code: string;
}

const files: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8');
    const imports = [...text.matchAll(/(?:from|import|require\()\s*'([^']+)'/g)].map(([, specifier]) => specifier);
    return {
      path,
      imports: imports.map((specifier) => (specifier.startsWith('.') ? relative(SRC, join(SRC, dirname(path), specifier)) : specifier)),
      code: text.replace(/^\s*\/\*\*[^]*?\*\/\n/gm, '').replace(/^\s*\/\/.*\n/gm, ''),
    };
  });

/** The imports that a folder must not have, as `file: import`. */
function forbidden(folder: string, allowed: (specifier: string) => boolean): string[] {
  const inFolder = files.filter(({ path }) => path.startsWith(`${folder}/`));
  expect(inFolder.length).toBeGreaterThan(0);
  return inFolder.flatMap(({ path, imports }) => imports.filter((specifier) => !allowed(specifier)).map((specifier) => `${path}: ${specifier}`));
}

test('src/policy imports nothing but itself and Node: it is plain data in, plain data out', () => {
  expect(forbidden('policy', (specifier) => specifier.startsWith('policy/') || isBuiltin(specifier))).toEqual([]);
});

test('src/halves imports itself, src/policy and CDK, never the public files', () => {
  expect(forbidden('halves', (specifier) => /^(halves\/|policy\/|aws-cdk-lib(\/|$)|constructs$)/.test(specifier))).toEqual([]);
});

test('src/registry imports itself, src/halves, src/policy and CDK, never the public files', () => {
  expect(forbidden('registry', (specifier) => /^(registry\/|halves\/|policy\/|aws-cdk-lib(\/|$)|constructs$)/.test(specifier))).toEqual([]);
});

test('src/access imports itself, src/policy and Node: it reads what any app has synthesized', () => {
  expect(forbidden('access', (specifier) => /^(access|policy)\//.test(specifier) || isBuiltin(specifier))).toEqual([]);
});

test('src/command imports itself, src/access, src/policy and Node: it starts without CDK', () => {
  expect(forbidden('command', (specifier) => /^(command|access|policy)\//.test(specifier) || isBuiltin(specifier))).toEqual([]);
  expect(files.find(({ path }) => path === 'cli.ts')!.imports).toEqual(['command/command']);
});

test('nothing of CDK is imported that is not public', () => {
  const specifiers = files.flatMap(({ imports }) => imports).filter((specifier) => specifier.startsWith('aws-cdk-lib'));
  expect(specifiers.filter((specifier) => !/^aws-cdk-lib(\/aws-[a-z0-9-]+)?$/.test(specifier))).toEqual([]);
});

test('there are no runtime dependencies beyond CDK', () => {
  const packages = files.flatMap(({ imports }) => imports)
    .filter((specifier) => !isBuiltin(specifier) && !files.some(({ path }) => path === `${specifier}.ts`))
    .map((specifier) => specifier.split('/')[0]);
  expect([...new Set(packages)].sort()).toEqual(['aws-cdk-lib', 'constructs']);
});

test('files stay small enough to read in one go: at most 330 lines, documentation aside', () => {
  expect(files.filter(({ code }) => code.split('\n').length > 330).map(({ path }) => path)).toEqual([]);
});

test('one file lists the actions, and another what policies of AWS make of them', () => {
  expect(files.filter(({ code }) => /['"`]ecr:[A-Za-z]/.test(code)).map(({ path }) => path).sort())
    .toEqual(['policy/actions.ts', 'policy/managed-policies.ts']);
});

test('index.ts has one line for each public file', () => {
  const publicFiles = files.map(({ path }) => path).filter((path) => !path.includes('/') && !['index.ts', 'cli.ts'].includes(path)).sort();
  expect(files.find(({ path }) => path === 'index.ts')!.code)
    .toBe(publicFiles.map((path) => `export * from './${path.replace('.ts', '')}';\n`).join(''));
});
