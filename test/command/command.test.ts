import { mkdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ran } from './support';
import { version } from '../../src/command/version';
import { assemblyOf } from '../access/support';

test('without arguments it says on standard error how it is used', () => {
  const { code, out, err } = ran();
  expect([code, out]).toEqual([2, []]);
  expect(err).toEqual(ran('--help').out);
});

test('it tells what it can do, and of each command what it takes', () => {
  expect(ran('--help').code).toBe(0);
  for (const name of ['check', 'report', 'contract', 'explain']) {
    expect(ran('--help').out.filter((line) => line.startsWith(`cdk-shared-ecr ${name} `))).toHaveLength(1);
    const help = ran(name, '--help');
    expect([help.code, help.err]).toEqual([0, []]);
    expect(help.out[0]).toContain(`cdk-shared-ecr ${name} `);
    expect(ran(name, 'cdk.out', '-h')).toEqual(help);
  }
});

test('all help fits into 150 columns', () => {
  const lines = [[], ['check'], ['report'], ['contract'], ['explain']].flatMap((name) => ran(...name, '--help').out);
  expect(lines.filter(({ length }) => length > 150)).toEqual([]);
});

test.each(['--version', '-v'])('%s tells the version of the package', (option) => {
  expect(ran(option)).toEqual({ code: 0, out: [version()], err: [] });
  expect(version()).toMatch(/^\d+\.\d+\.\d+/);
});

const EMPTY = assemblyOf({});
const DIRECTORY = assemblyOf({ 'manifest.json/x': '' });
const NO_JSON = assemblyOf({ 'manifest.json': '{' });
const NONE = assemblyOf({ 'manifest.json': '{}' });
mkdirSync(join(EMPTY, 'empty'));
writeFileSync(join(EMPTY, 'text'), '');

test.each([
  [['chek'], 'unknown command chek; did you mean check?; see cdk-shared-ecr --help'],
  [['--versoin'], 'unknown option --versoin; did you mean --version?; see cdk-shared-ecr --help'],
  [['deploy'], 'unknown command deploy; see cdk-shared-ecr --help'],
  [['check'], 'check: which cloud assembly? Name the directory that "cdk synth" wrote, by default cdk.out; see cdk-shared-ecr --help'],
  [['check', '--strcit', 'x'], 'check: unknown option --strcit; did you mean --strict?'],
  [['check', join(EMPTY, 'empty')], `check: "${EMPTY}/empty/manifest.json" cannot be read: there is no such file; a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out`],
  [['check', join(EMPTY, 'text')], expect.stringContaining(`check: "${EMPTY}/text/manifest.json" cannot be read: `)],
  [['check', DIRECTORY], expect.stringContaining(`check: "${DIRECTORY}/manifest.json" cannot be read: `)],
  [['report', NO_JSON], expect.stringContaining(`report: "${NO_JSON}/manifest.json" is not JSON: `)],
  [['contract', NONE], `contract: "${NONE}/manifest.json" is not the manifest of a cloud assembly: it has no artifacts; a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out`],
])('%j is bad input, which it says in one line', (args, message) => {
  const { code, out, err } = ran(...args);
  expect([code, out]).toEqual([2, []]);
  expect(err).toEqual([expect.stringMatching(/^cdk-shared-ecr: /)]);
  expect(err[0].slice('cdk-shared-ecr: '.length)).toEqual(message);
  expect(err[0]).not.toContain('\n');
});
