import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { errorOf, identityStatementsOf, newApp, repositoryPolicyOf, templateOf } from './support';
import { buildConsumer } from '../examples/consumer-app/app';
import { demo } from '../examples/demo/main';
import { buildOwner } from '../examples/owner-app/app';

const ROOT = join(__dirname, '..');
const STACKS = ['SharedServices', 'DevWeb', 'StagingPayments', 'ProductionWeb', 'ProductionCluster', 'ImageBuild'];

/** The resources that say who may do what with which image. The others are the CDK's, and change with its releases. */
function whoAndWhat({ Resources }: any): object {
  return Object.fromEntries(Object.entries<any>(Resources).filter(([, { Type }]) => /^AWS::(ECR|IAM)::/.test(Type)));
}

describe('the demo', () => {
  const out = mkdtempSync(join(tmpdir(), 'demo-'));
  let report: string[];
  beforeAll(() => { report = demo(['--out', out]); });

  const readJson = (file: string) => JSON.parse(readFileSync(join(out, file), 'utf8'));

  test('prints who may pull what, as the README shows it', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, shown] = /<summary>What the demo prints<\/summary>\n\n```text\n(.*?)\n```/s.exec(readme)!;
    expect(demo([]).join('\n')).toBe(shown);
  });

  test('fits into 120 columns', () => {
    expect(report.filter((line) => line.replaceAll(out, 'OUT').length > 120)).toEqual([]);
  });

  test.each(STACKS)('has these repositories, roles and policies in %s', (stack) => {
    expect(whoAndWhat(readJson(`${stack}.template.json`))).toMatchSnapshot();
  });

  test('has no stack that waits for another', () => {
    const { artifacts } = readJson('manifest.json');
    expect(STACKS.flatMap((stack) => artifacts[stack].dependencies)).toEqual(STACKS.map((stack) => `${stack}.assets`));
  });

  test('has no assets and no custom resources: it can be deployed anywhere', () => {
    for (const stack of STACKS) {
      const { files, dockerImages } = readJson(`${stack}.assets.json`);
      expect([Object.keys(files).length, dockerImages]).toEqual([1, {}]);
      const types = Object.values<any>(readJson(`${stack}.template.json`).Resources).map(({ Type }) => Type);
      expect(types.filter((type) => /^Custom::|CustomResource$/.test(type))).toEqual([]);
    }
  });
});

describe('bad input', () => {
  const usage = 'usage: npm run demo -- [--out DIR] [--shared-account ID]';

  test.each([
    [['--verbose'], `unknown option "--verbose"; ${usage}`],
    [['DIR'], `unknown option "DIR"; ${usage}`],
    [['--out'], `--out needs a value; ${usage}`],
    [['--out', '--shared-account'], `--out needs a value; ${usage}`],
    [['--shared-account', ''], `--shared-account needs a value; ${usage}`],
  ])('%j', (args, message) => {
    expect(errorOf(() => demo(args))).toBe(message);
  });

  test('a directory that cannot be', () => {
    const file = join(ROOT, 'package.json');
    expect(errorOf(() => demo(['--out', join(file, 'out')]))).toMatch(`cannot write to "${file}/out": ENOTDIR`);
  });

  test('an account id that the library refuses', () => {
    expect(errorOf(() => demo(['--shared-account', '123']))).toMatch(/"123".*12 digits/);
  });

  test('is a line on standard error and an exit code, not a stack trace', () => {
    const tsx = join(ROOT, 'node_modules/.bin/tsx');
    const { status, stdout, stderr } = spawnSync(tsx, ['--tsconfig', 'tsconfig.dev.json', 'examples/demo/main.ts', '--verbose'], { cwd: ROOT, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `demo: unknown option "--verbose"; ${usage}\n` });
  });
});

describe('two teams, two apps', () => {
  const templateIn = (build: (app: App) => Stack) => whoAndWhat(templateOf(build(newApp())));

  test('the owner\'s', () => {
    expect(templateIn(buildOwner)).toMatchSnapshot();
  });

  test('the consumer\'s', () => {
    expect(templateIn(buildConsumer)).toMatchSnapshot();
  });

  test('fit together: the owner lets in the role that the consumer makes', () => {
    const owner = buildOwner(newApp());
    const consumer = buildConsumer(newApp());
    const [pull] = repositoryPolicyOf(owner.node.findChild('WebApp') as any).Statement;
    expect(pull.Condition.ArnLike['aws:PrincipalArn']).toEqual(['arn:aws:iam::222222222222:role/web-app-execution']);
    expect(identityStatementsOf(consumer).find(({ Sid }) => Sid === 'PullImages')).toEqual({
      Sid: 'PullImages',
      Effect: 'Allow',
      Action: pull.Action,
      Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/web-app',
    });
  });
});
