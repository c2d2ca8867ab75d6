import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, AppProps, aws_ecr as ecr, aws_ecs as ecs, aws_iam as iam, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { CONSUMER, errorOf, newJudgedApp, newRepository, newStack, OTHER, OWNER } from './support';
import { EcrGrantee, PullAccessMode, PullAccessValidator, SharedEcrRepository } from '../src';
import { contractOf, contractText } from '../src/access/contract/contract';
import { modelOf } from '../src/access/model/model';
import { readAssembly } from '../src/access/template/assembly';

const IMAGE = '999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:v1';
const PULLS = { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], resources: ['arn:aws:ecr:us-east-1:999999999999:repository/web-app'] };
const LOGIN = { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] };

/** A task whose role has its half of the grant, written by hand. */
function newTask(scope: Construct, statements: iam.PolicyStatementProps[] = [PULLS, LOGIN], roleName = 'app'): ecs.CfnTaskDefinition {
  const role = new iam.Role(scope, 'Role', { roleName, assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com') });
  statements.forEach((statement) => role.addToPolicy(new iam.PolicyStatement(statement)));
  return new ecs.CfnTaskDefinition(scope, 'Task', { containerDefinitions: [{ name: 'web', image: IMAGE }], executionRoleArn: role.roleArn });
}

/** An owner that lets nobody in, and a consumer that pulls. */
function brokenApp(props: AppProps = {}): App {
  const app = newJudgedApp(props);
  newRepository(app);
  newTask(newStack(app, 'Consumer', CONSUMER));
  return app;
}

const context = (mode: string) => ({ context: { 'cdk-shared-ecr:pullAccess': mode } });
const FAILURE = 'cannot pull web-app';

let printed: jest.SpyInstance;
beforeEach(() => { printed = jest.spyOn(console, 'error').mockImplementation(); });
afterEach(() => { printed.mockRestore(); });
const output = () => printed.mock.calls.flat().join('\n');
const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('by default', () => {
  test('a pull that fails for certain makes the synthesis fail, once, with the statement to add', () => {
    const message = errorOf(() => brokenApp().synth());
    expect(occurrences(message, FAILURE)).toBe(1);
    expect(message).toContain('Consumer/Task');
    expect(message).toContain('"Sid":"PullRoles"');
    expect(message).toContain('PullAccessValidator::owner-half-missing');
  });

  test('an app whose pulls work synthesizes, and nothing is said', () => {
    const app = newJudgedApp();
    newRepository(app, { pullers: [EcrGrantee.account(CONSUMER.account)] });
    newTask(newStack(app, 'Consumer', CONSUMER));
    app.synth();
    expect(output()).toBe('');
  });

  test('what is not in sight is a warning', () => {
    const app = newJudgedApp();
    SharedEcrRepository.fromRepositoryArn(newStack(app, 'Other', OTHER), 'WebApp', PULLS.resources[0]);
    newTask(newStack(app, 'Consumer', CONSUMER));
    app.synth();
    expect(occurrences(output(), 'PullAccessValidator::owner-not-in-sight')).toBe(1);
  });

  test('each finding is reported once, however many environments and constructs there are', () => {
    const app = newJudgedApp();
    newRepository(app);
    [CONSUMER, OTHER, { ...CONSUMER, region: 'eu-central-1' }].forEach((env, index) => {
      const stack = newStack(app, `Consumer${index}`, env);
      SharedEcrRepository.fromRepositoryArn(stack, 'WebApp', PULLS.resources[0]);
      newTask(stack);
    });
    expect(occurrences(errorOf(() => app.synth()), FAILURE)).toBe(3);
  });

  test('stacks in Stages and nested stacks are judged', () => {
    const app = newJudgedApp();
    newRepository(app);
    newTask(newStack(new Stage(app, 'Prod'), 'Consumer', CONSUMER));
    newTask(new NestedStack(newStack(app, 'Outer', OTHER), 'Nested'));
    const message = errorOf(() => app.synth());
    expect(occurrences(message, FAILURE)).toBe(2);
    expect(message).toContain('Prod/Consumer/Task');
    expect(message).toContain('Outer/Nested/Task');
  });

  test('findings are acknowledged as those of the CDK are', () => {
    const app = brokenApp();
    Validations.of(app).acknowledge({ id: 'PullAccessValidator::owner-half-missing', reason: 'test' });
    app.synth();
    expect(output()).not.toContain(FAILURE);
  });

  test('what is synthesized again is judged again', () => {
    const app = newJudgedApp();
    newRepository(app);
    app.synth();
    newTask(newStack(app, 'Consumer', CONSUMER));
    expect(() => app.synth({ force: true })).toThrow(FAILURE);
  });
});

describe('the context key', () => {
  test('turns errors into warnings', () => {
    brokenApp(context('warn')).synth();
    expect(occurrences(output(), FAILURE)).toBe(1);
    expect(output()).toContain('WARNING');
    expect(output()).not.toContain('ERROR');
  });

  test('turns it off', () => {
    brokenApp(context('off')).synth();
    expect(output()).toBe('');
  });

  test('says error as well', () => {
    expect(() => brokenApp(context('error')).synth()).toThrow(FAILURE);
  });

  test('must be one of these', () => {
    expect(() => brokenApp(context('on')).synth()).toThrow('the context key cdk-shared-ecr:pullAccess is "on", but it is one of error, warn, off');
  });

  test('names organizations', () => {
    const app = newJudgedApp({ context: { 'cdk-shared-ecr:organizations': [{ organizationId: 'o-a1b2c3d4e5', accounts: [OTHER.account, OWNER.account] }] } });
    newRepository(app, { pullers: [EcrGrantee.organization('o-a1b2c3d4e5')] });
    newTask(newStack(app, 'Member', OTHER));
    app.synth();
    expect(PullAccessValidator.findings(app)).toEqual([]);
  });

  test.each([
    ['organizations', { organizationId: 'o-1' }, 'cdk-shared-ecr:organizations.organizationId is "o-1"'],
    ['contracts', 'contract.json', 'the context key cdk-shared-ecr:contracts is "contract.json", but it is a list of files'],
    ['contracts', [7], 'the context key cdk-shared-ecr:contracts is [7], but it is a list of files'],
    ['contracts', ['nowhere.json'], 'nowhere.json'],
  ])('of %s is checked: %j', (key, value, message) => {
    expect(() => brokenApp({ context: { [`cdk-shared-ecr:${key}`]: value } }).synth()).toThrow(message);
  });
});

describe('one that is added', () => {
  test('judges an app without constructs of this library', () => {
    const app = newJudgedApp();
    new ecr.Repository(newStack(app, 'Owner', OWNER), 'Repository', { repositoryName: 'web-app' });
    newTask(newStack(app, 'Consumer', CONSUMER));
    Validations.of(app).addPlugins(new PullAccessValidator());
    expect(() => app.synth()).toThrow(FAILURE);
  });

  test.each([[PullAccessMode.WARN, 1], [PullAccessMode.OFF, 0]])('takes the place of the one that is there by itself: %s', (mode, times) => {
    const app = brokenApp();
    Validations.of(app).addPlugins(new PullAccessValidator({ mode }));
    app.synth();
    expect(occurrences(output(), FAILURE)).toBe(times);
  });

  test('has a say over the context', () => {
    const app = brokenApp(context('off'));
    Validations.of(app).addPlugins(new PullAccessValidator({ mode: PullAccessMode.ERROR }));
    expect(occurrences(errorOf(() => app.synth()), FAILURE)).toBe(1);
  });

  test('refuses malformed organizations at once', () => {
    expect(() => new PullAccessValidator({ organizations: [{ organizationId: 'o-a1b2c3d4e5', accounts: ['1'] }] }))
      .toThrow('organizations[0].accounts[0] is "1", but an account id is 12 digits');
  });

  test('the CDK keeps the list of plugins where it is looked for', () => {
    const app = newJudgedApp();
    const validator = new PullAccessValidator();
    Validations.of(app).addPlugins(validator);
    expect((app as any)._validationPlugins).toContain(validator);
  });
});

describe('one that is added to a Stage', () => {
  /** Pulls in two Stages that both fail. */
  function twoStages(): readonly [App, Stage, Stage] {
    const app = newJudgedApp();
    newRepository(app);
    const [one, other] = ['Beta', 'Prod'].map((id) => new Stage(app, id));
    newTask(newStack(one, 'Consumer', CONSUMER));
    newTask(newStack(other, 'Consumer', OTHER));
    return [app, one, other];
  }

  test('judges what is in the Stage, and nobody else does', () => {
    const [app, beta] = twoStages();
    Validations.of(beta).addPlugins(new PullAccessValidator({ mode: PullAccessMode.OFF }));
    const message = errorOf(() => app.synth());
    expect(occurrences(message, FAILURE)).toBe(1);
    expect(message).toContain('Prod/Consumer/Task');
  });

  test('does so whatever was added to the app', () => {
    const [app, beta, prod] = twoStages();
    Validations.of(app).addPlugins(new PullAccessValidator());
    [beta, prod].forEach((stage) => Validations.of(stage).addPlugins(new PullAccessValidator({ mode: PullAccessMode.WARN })));
    app.synth();
    expect(occurrences(output(), FAILURE)).toBe(2);
    expect(output()).not.toContain('ERROR');
  });

  test('of two, the last judges', () => {
    const [app] = twoStages();
    Validations.of(app).addPlugins(new PullAccessValidator(), new PullAccessValidator({ mode: PullAccessMode.WARN }));
    app.synth();
    expect(occurrences(output(), FAILURE)).toBe(2);
    expect(output()).not.toContain('ERROR');
  });
});

describe('what keeps it from judging', () => {
  const NOWHERE = 'the contract "nowhere.json" cannot be read';

  function unjudged(mode: string): App {
    const app = newJudgedApp({ context: { 'cdk-shared-ecr:contracts': ['nowhere.json'], 'cdk-shared-ecr:pullAccess': mode } });
    newRepository(app);
    [CONSUMER, OTHER].forEach((env) => newTask(newStack(app, `Consumer${env.account}`, env)));
    return app;
  }

  test('is an error, told once, with the way out', () => {
    const message = errorOf(() => unjudged('error').synth());
    expect(occurrences(message, `ERROR whether images can be pulled was not judged: ${NOWHERE}`)).toBe(1);
    expect(message).toContain('mend it, or synthesize without this: set the context key cdk-shared-ecr:pullAccess to "off"');
  });

  test('is about no construct, so that the command of the CDK tells it whichever stacks are asked for', () => {
    const app = unjudged('error');
    expect(() => app.synth()).toThrow(NOWHERE);
    const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
    const [{ conclusion, violations: [{ ruleName, violatingConstructs: [construct] }] }] = pluginReports
      .filter(({ pluginName }: any) => pluginName === 'PullAccessValidator');
    expect([conclusion, ruleName, construct.constructPath]).toEqual(['failure', 'not-judged', '']);
  });

  test('is a warning where findings are', () => {
    unjudged('warn').synth();
    expect(occurrences(output(), `WARNING whether images can be pulled was not judged: ${NOWHERE}`)).toBe(1);
  });

  test('is nothing to know where nothing is judged', () => {
    unjudged('off').synth();
    expect(output()).toBe('');
  });

  test('is not a context key that is set to null', () => {
    const app = newJudgedApp({ context: { 'cdk-shared-ecr:organizations': null, 'cdk-shared-ecr:contracts': null, 'cdk-shared-ecr:pullAccess': null } });
    newRepository(app);
    app.synth();
    expect(output()).toBe('');
  });
});

describe('findings', () => {
  const expected = {
    rule: 'owner-half-missing',
    severity: 'error',
    constructPath: 'Consumer/Task',
    stackPath: 'Consumer',
    logicalId: 'Task',
    account: CONSUMER.account,
    region: CONSUMER.region,
    runtime: 'ECS task',
    repositoryArn: PULLS.resources[0],
    half: 'owner',
    message: expect.stringContaining(FAILURE),
    remedy: expect.stringContaining('add'),
    remedies: [{
      document: expect.stringContaining('the policy of web-app'),
      statements: [JSON.stringify({
        Sid: 'PullRoles',
        Effect: 'Allow',
        Principal: { AWS: [CONSUMER.account] },
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${CONSUMER.account}:role/app`] } },
      })],
    }],
  };

  test('are those of the whole app, and nothing is thrown or printed', () => {
    expect(PullAccessValidator.findings(brokenApp())).toEqual([expected]);
    expect(output()).toBe('');
  });

  test('do not depend on the mode', () => {
    expect(PullAccessValidator.findings(brokenApp(context('off')))).toEqual([expected]);
  });

  test('are those of a scope, inside a Stage too', () => {
    const app = newJudgedApp();
    newRepository(app);
    const [prod, other] = ['Prod', 'Production'].map((id) => newStack(new Stage(app, id), 'Consumer', CONSUMER));
    newTask(prod);
    newTask(other);
    const paths = (scope: Construct) => PullAccessValidator.findings(scope).map(({ constructPath }) => constructPath);
    expect(paths(app)).toEqual(['Prod/Consumer/Task', 'Production/Consumer/Task']);
    expect(paths(prod.node.scope as Stage)).toEqual(['Prod/Consumer/Task']);
    expect(paths(prod)).toEqual(['Prod/Consumer/Task']);
    expect(paths(prod.node.findChild('Task') as Construct)).toEqual(['Prod/Consumer/Task']);
    expect(paths(prod.node.findChild('Role') as Construct)).toEqual([]);
  });

  test('know what contracts say', () => {
    const contract = join(mkdtempSync(join(tmpdir(), 'contract-')), 'shared-ecr.json');
    const owner = newJudgedApp();
    newRepository(owner, { pullers: [EcrGrantee.account(CONSUMER.account)] });
    writeFileSync(contract, contractText(contractOf(modelOf(readAssembly(owner.synth().directory)))));

    const app = newJudgedApp();
    newTask(newStack(app, 'Consumer', CONSUMER));
    expect(PullAccessValidator.findings(app).map(({ rule }) => rule)).toEqual(['owner-not-in-sight']);
    expect(PullAccessValidator.findings(app, { contracts: [contract] })).toEqual([]);
  });

  test('are those of an app', () => {
    expect(() => PullAccessValidator.findings(new Construct(undefined as any, ''))).toThrow('the root of \'\' is none; create the constructs in an App');
  });

  test('of an app that was synthesized, and failed, are the same', () => {
    const app = brokenApp();
    expect(() => app.synth()).toThrow();
    expect(PullAccessValidator.findings(app)).toEqual([expected]);
  });

  test('of a stack without an app of its own', () => {
    expect(PullAccessValidator.findings(new Stack())).toEqual([]);
  });
});
