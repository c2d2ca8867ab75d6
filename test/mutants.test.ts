import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CorrectApp, Subject, subjectOf } from '../mutants/apps/app';
import { APPS } from '../mutants/apps/apps';
import { faultsOf } from '../mutants/faults/faults';
import { problemsOf } from '../mutants/oracle/oracle';
import { keyOf } from '../mutants/oracle/problem';
import { linesOf } from '../mutants/report';
import { Score, scoreOf } from '../mutants/score';
import { LIBRARY } from '../mutants/verdict';
import { RULES } from '../src/access/findings/rules';

const TINY: CorrectApp = { name: 'tiny', build: [buildTiny] };

function buildTiny(app: App): void {
  const owner = new Stack(app, 'Owner', { env: { account: '111111111111', region: 'us-east-1' } });
  new ecr.CfnRepository(owner, 'WebApp', {
    repositoryName: 'web-app',
    repositoryPolicyText: { Statement: { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'] } },
  });
  const consumer = new Stack(app, 'Consumer', { env: { account: '222222222222', region: 'us-east-1' } });
  const role = new iam.CfnRole(consumer, 'Role', {
    roleName: 'web',
    assumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' } },
    managedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'],
  });
  new ecs.CfnTaskDefinition(consumer, 'Task', {
    executionRoleArn: role.attrArn, containerDefinitions: [{ name: 'web', image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/web-app:v1' }],
  });
}

let tiny: Subject;

beforeAll(() => {
  tiny = subjectOf(TINY);
});

/** What comes of it in short. */
function inShort(score: Score): { total: number; killed: number; silent: number; survivors: number; isPerfect: boolean } {
  const survivors = score.mutants.filter(({ complaints }) => complaints.length > 0).length;
  const well = score.mutants.filter(({ complaints }) => complaints.length === 0);
  return {
    total: score.mutants.length,
    killed: well.filter(({ argument }) => argument === undefined).length,
    silent: well.filter(({ argument }) => argument !== undefined).length,
    survivors,
    isPerfect: linesOf([score], false).isPerfect,
  };
}

test('the faults of a tiny app', () => {
  expect(faultsOf(tiny.templates).map(({ kind, what }) => `${kind}: ${what}`)).toEqual([
    'repository policy: drop a statement: Owner/WebApp RepositoryPolicyText #1',
    'repository policy: deny what was allowed: Owner/WebApp RepositoryPolicyText #1',
    'repository policy: drop one of Action: Owner/WebApp RepositoryPolicyText #1: ecr:BatchGetImage',
    'repository policy: drop one of Action: Owner/WebApp RepositoryPolicyText #1: ecr:GetDownloadUrlForLayer',
    'repository policy: replace one of Action: Owner/WebApp RepositoryPolicyText #1: ecr:BatchGetImage',
    'repository policy: replace one of Action: Owner/WebApp RepositoryPolicyText #1: ecr:GetDownloadUrlForLayer',
    'repository policy: Action becomes its opposite: Owner/WebApp RepositoryPolicyText #1',
    'repository policy: let another account in: Owner/WebApp RepositoryPolicyText #1: 222222222222',
    'repository policy: let everybody in: Owner/WebApp RepositoryPolicyText #1',
    'trust policy: drop a statement: Consumer/Role AssumeRolePolicyDocument #1',
    'trust policy: deny what was allowed: Consumer/Role AssumeRolePolicyDocument #1',
    'trust policy: replace one of Action: Consumer/Role AssumeRolePolicyDocument #1: sts:AssumeRole',
    'trust policy: Action becomes its opposite: Consumer/Role AssumeRolePolicyDocument #1',
    'trust policy: let another service in: Consumer/Role AssumeRolePolicyDocument #1: ecs-tasks.amazonaws.com',
    'repository: another name: Owner/WebApp RepositoryName',
    'repository: no policy: Owner/WebApp RepositoryPolicyText',
    'policy: too long: Owner/WebApp RepositoryPolicyText.Statement',
    'repository: not there: Owner/WebApp',
    'role: without a managed policy: Consumer/Role ManagedPolicyArns.0',
    'role: within another boundary: Consumer/Role PermissionsBoundary',
    'role: another name: Consumer/Role RoleName',
    'image: another account: Consumer/Task ContainerDefinitions.0.Image',
    'image: another Region: Consumer/Task ContainerDefinitions.0.Image',
    'image: another repository: Consumer/Task ContainerDefinitions.0.Image',
    'image: pulled by a role that is not there: Consumer/Task ExecutionRoleArn',
    'stack: in another account: Owner 111111111111',
    'stack: in another Region: Owner us-east-1',
    'stack: in another account: Consumer 222222222222',
    'stack: in another Region: Consumer us-east-1',
  ]);
});

test('a fault changes nothing but what it says', () => {
  const before = JSON.stringify(tiny.templates, replacer);
  for (const { what, apply } of faultsOf(tiny.templates)) {
    expect([what, JSON.stringify(apply(tiny.templates), replacer) === before]).toEqual([what, false]);
  }
  expect(JSON.stringify(tiny.templates, replacer)).toBe(before);
});

function replacer(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

test('what the second opinion says of a fault', () => {
  const said = (kind: string) => {
    const { apply } = faultsOf(tiny.templates).find((fault) => fault.kind === kind)!;
    return problemsOf({ ...tiny, templates: apply(tiny.templates) }).map(keyOf);
  };
  const pull = 'at Consumer/Task on arn:aws:ecr:us-east-1:111111111111:repository/web-app';
  expect(problemsOf(tiny)).toEqual([]);
  expect(said('repository policy: drop a statement')).toEqual([`owner-half-missing ${pull} (owner)`]);
  expect(said('repository policy: deny what was allowed')).toEqual([`owner-half-denied ${pull} (owner)`]);
  expect(said('repository policy: let everybody in')).toEqual(['open-principal at Owner/WebApp on arn:aws:ecr:us-east-1:111111111111:repository/web-app']);
  expect(said('repository: not there')).toEqual([`owner-not-in-sight ${pull} (owner)`]);
  expect(said('trust policy: let another service in')).toEqual([`role-not-assumable ${pull} (consumer)`]);
  expect(said('role: without a managed policy')).toEqual([`consumer-half-missing ${pull} (consumer)`]);
  expect(said('role: another name')).toEqual([]);
});

test('the library reports all that breaks, and nothing else', () => {
  expect(inShort(scoreOf(TINY, tiny, LIBRARY))).toEqual({ total: 29, killed: 27, silent: 2, survivors: 0, isPerfect: true });
});

describe('a judge that is wrong does not score 100 %', () => {
  test('one that finds nothing wrong', () => {
    expect(inShort(scoreOf(TINY, tiny, () => []))).toEqual({ total: 29, killed: 0, silent: 2, survivors: 27, isPerfect: false });
  });

  test('one that always finds something wrong', () => {
    const [finding] = LIBRARY({ ...tiny, templates: faultsOf(tiny.templates)[0].apply(tiny.templates) });
    const score = scoreOf(TINY, tiny, () => [finding]);
    expect(score.falseAlarms).toEqual(['said, but not so: owner-half-missing at Consumer/Task on arn:aws:ecr:us-east-1:111111111111:repository/web-app (owner)']);
    expect(inShort(score).isPerfect).toBe(false);
  });

  test.each<[string, object]>([
    ['that takes one half for the other', { half: 'consumer' }],
    ['whose rule is another one', { rule: 'owner-half-denied' }],
    ['that has no remedy', { remedy: '' }],
    ['that has nothing to paste', { statements: [] }],
    ['whose statement does not help', { statements: [{ half: 'owner', document: '', statements: [{ Effect: 'Allow', Principal: { AWS: '333333333333' }, Action: '*' }] }] }],
    ['whose statement does harm', { statements: [{ half: 'owner', document: '', statements: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }] }] }],
  ])('one %s', (_, wrong) => {
    const judge = (subject: Subject) => LIBRARY(subject).map((finding) => (finding.rule === 'owner-half-missing' ? { ...finding, ...wrong } : finding));
    const { survivors, isPerfect } = inShort(scoreOf(TINY, tiny, judge));
    expect([survivors > 0, isPerfect]).toEqual([true, false]);
  });
});

test('the apps have different names, and what is said of them as they are is said with a reason', () => {
  expect(new Set(APPS.map(({ name }) => name)).size).toBe(APPS.length);
  expect(APPS.length).toBeGreaterThanOrEqual(9);
  for (const { rule, why } of APPS.flatMap(({ known = [] }) => known)) {
    expect([RULES[rule].severity, why.length > 0]).toEqual(['warning', true]);
  }
});

test('too few mutants are no proof', () => {
  const score = scoreOf(TINY, tiny, LIBRARY);
  expect([linesOf([score], false).isPerfect, linesOf([score], true).isPerfect]).toEqual([true, false]);
});
