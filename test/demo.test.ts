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
const STACKS = [
  'SharedServices', 'SharedServicesEu', 'DevWeb', 'StagingPayments', 'ProductionWeb', 'ProductionRegistry', 'ProductionPayments', 'ProductionCluster',
  'PartnerRegistry', 'PartnerWeb', 'ImageBuild',
];

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

  describe('can be deployed account by account, in any order of accounts', () => {
    const stacksIn = ({ artifacts }: any) => Object.entries<any>(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
    const accountOf = (artifact: any) => /^aws:\/\/(\d{12})\//.exec(artifact.environment)![1];

    test('these are all its stacks', () => {
      expect(stacksIn(readJson('manifest.json')).map(([id]) => id)).toEqual(STACKS);
    });

    test('no stack waits for one of another account', () => {
      const manifest = readJson('manifest.json');
      const stacks = stacksIn(manifest);
      const waits = stacks.flatMap(([id, stack]) => stacks.filter(([other]) => stack.dependencies.includes(other)).map(([other]) => [id, other]));
      expect(waits).toEqual([
        // Replicas are there before images are copied to them; the cache is there before an image is pulled through it.
        ['SharedServices', 'SharedServicesEu'],
        ['PartnerWeb', 'PartnerRegistry'],
      ]);
      expect(waits.filter((pair) => new Set(pair.map((id) => accountOf(manifest.artifacts[id]))).size > 1)).toEqual([]);
    });

    test.each(STACKS)('%s takes nothing from other stacks, gives nothing to them, and waits for its own resources only', (stack) => {
      const template = readJson(`${stack}.template.json`);
      expect(JSON.stringify(template)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|"Export"/);
      expect(template.Outputs).toBeUndefined();
      const awaited = Object.values<any>(template.Resources).flatMap(({ DependsOn = [] }) => DependsOn);
      expect(awaited.filter((logicalId) => !(logicalId in template.Resources))).toEqual([]);
    });

    test('no policy names a principal that must be there before it: accounts are, roles need not be', () => {
      const policies = STACKS.flatMap((stack) => Object.values<any>(readJson(`${stack}.template.json`).Resources))
        .map(({ Properties = {} }) => Properties.RepositoryPolicyText ?? Properties.PolicyText ?? JSON.parse(Properties.RepositoryPolicy ?? 'null'))
        .filter(Boolean);
      expect(policies.length).toBe(10);
      const principals = policies.flatMap(({ Statement }) => Statement.flatMap(({ Principal }: any) => Object.values(Principal).flat()));
      expect(principals.filter((principal) => !/^(\d{12}|\*|lambda\.amazonaws\.com)$/.test(principal))).toEqual([]);
    });

    test('the output says in which order within an account, those first that others wait for', () => {
      const commands = report.filter((line) => line.startsWith('  npx cdk deploy ')).map((line) => line.replace(/ --app \S+/, '').replace(/ +/g, ' ').trim());
      expect(commands.length).toBe(STACKS.length);
      expect(commands.slice(0, 2)).toEqual([
        'npx cdk deploy SharedServicesEu # account 111111111111, eu-central-1',
        'npx cdk deploy SharedServices # account 111111111111, us-east-1, after SharedServicesEu',
      ]);
      expect(commands).toContain('npx cdk deploy PartnerWeb # account 777777777777, ap-southeast-2, after PartnerRegistry');
      expect(commands.filter((command) => command.includes('after')).length).toBe(2);
    });
  });

  test('is synthesized without warnings and notes', () => {
    const { artifacts } = readJson('manifest.json');
    const metadata = STACKS.map((stack) => artifacts[stack]).map((stack) => stack.metadata ?? readJson(stack.additionalMetadataFile));
    const entries = metadata.flatMap((ofStack) => Object.values<any>(ofStack).flat());
    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter(({ type }) => ['aws:cdk:warning', 'aws:cdk:error', 'aws:cdk:info'].includes(type))).toEqual([]);
  });

  test.each(['222222222222', '333333333333', '444444444444', '555555555555', '777777777777'])('can have its owner in account %s, which has its own part already', (account) => {
    const moved = demo(['--shared-account', account]).join('\n');
    expect(moved).not.toContain('111111111111');
    expect(moved).toContain(`SharedServices/WebApp in account ${account}, us-east-1`);
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
