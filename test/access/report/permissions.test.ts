import { AccessModel } from '../../../src/access/model/model';
import { statementsOf } from '../../../src/access/model/policy-document';
import { Role } from '../../../src/access/model/roles';
import { permissionsOf } from '../../../src/access/report/permissions';
import { CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PUSH_ACTIONS } from '../../../src/policy/actions';

const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';
const WEB_APP = { repository: 'web-app', account: '111111111111', region: 'us-east-1' };
const LOGIN = { may: 'log in', repository: 'every registry', account: '', region: '', note: '' };

function permissions(...statements: object[]) {
  const role = { account: '222222222222', statements: statementsOf({ Statement: statements }) } as unknown as Role;
  return permissionsOf(role, OWNERS);
}

const OWNERS = {
  repositories: [{ arn: ARN }],
  registries: [
    {
      account: '111111111111',
      region: 'us-east-1',
      rules: [{ destinations: [{ account: '222222222222', region: 'eu-central-1' }, { account: '333333333333', region: 'eu-central-1' }], prefixes: ['team-a/', 'team-b/'] }],
      templates: [],
      caches: [],
    },
    {
      account: '222222222222',
      region: 'ap-southeast-2',
      rules: [],
      templates: [],
      caches: [{ namespace: 'shared/', upstream: '111111111111.dkr.ecr.us-east-1.amazonaws.com' }],
    },
    { account: '333333333333', region: 'eu-central-1', rules: [], templates: [{ namespace: 'team-a/', appliedFor: ['REPLICATION'] }], caches: [] },
  ],
} as unknown as AccessModel;

const pull = (Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action: PULL_ACTIONS, Resource, ...more });

test('the login stands first, then each repository', () => {
  expect(permissions(
    pull([ARN, `${ARN}/part`]),
    { Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' },
  )).toEqual([
    LOGIN,
    { may: 'pull', ...WEB_APP, note: '' },
    { may: 'pull', ...WEB_APP, repository: 'web-app/part', note: 'of another app: its owner must let the role in' },
  ]);
});

test('a login on anything but * is none', () => {
  expect(permissions({ Effect: 'Allow', Action: LOGIN_ACTION, Resource: ARN })).toEqual([]);
});

test('statements on one repository are told together', () => {
  expect(permissions(pull(ARN), { Effect: 'Allow', Action: PUSH_ACTIONS, Resource: ARN })).toEqual([{ may: 'push, pull', ...WEB_APP, note: '' }]);
});

test('what is denied, or under conditions, is told apart', () => {
  expect(permissions(
    pull(ARN),
    pull(ARN, { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
    { Effect: 'Deny', Action: 'ecr:*', Resource: '*' },
  )).toEqual([
    { ...LOGIN, may: 'not: log in' },
    { may: 'pull', ...WEB_APP, note: '' },
    { may: 'pull', ...WEB_APP, note: 'if aws:MultiFactorAuthPresent Bool true' },
    { may: 'not: everything', repository: 'every repository', account: 'every', region: 'every', note: '' },
  ]);
});

test('what is said by exclusion is told so', () => {
  expect(permissions(
    { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' },
    { Effect: 'Allow', Action: 'ecr:PutImage', NotResource: [ARN] },
  )).toEqual([
    { may: 'everything but iam:*', repository: 'every repository', account: 'every', region: 'every', note: '' },
    { may: 'ecr:PutImage', repository: `everything but ${ARN}`, account: '', region: '', note: '' },
  ]);
});

test('other services are not told of', () => {
  expect(permissions({ Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: '*' })).toEqual([]);
});

test.each<[string, string, object]>([
  ['the images of the EKS add-ons', 'arn:aws:ecr:eu-central-1:602401143452:repository/*',
    { repository: 'every repository', account: '602401143452', region: 'eu-central-1', note: 'a registry of AWS: images of the EKS add-ons' }],
  ['other images of AWS', 'arn:aws:ecr:us-east-1:906394416424:repository/aws-for-fluent-bit',
    { repository: 'aws-for-fluent-bit', account: '906394416424', region: 'us-east-1', note: 'a registry of AWS' }],
  ['repositories of the app by a pattern', 'arn:aws:ecr:*:111111111111:repository/web-*',
    { repository: 'web-*', account: '111111111111', region: 'every', note: '' }],
  ['a repository of the role\'s own account', 'arn:aws:ecr:us-east-1:222222222222:repository/own',
    { repository: 'own', account: '222222222222', region: 'us-east-1', note: '' }],
  ['a repository of an account that is not known', 'arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/web-app',
    { repository: 'web-app', account: '<AWS::AccountId>', region: '<AWS::Region>', note: '' }],
  ['what is no repository', 'arn:aws:s3:::bucket', { repository: 'arn:aws:s3:::bucket', account: '', region: '', note: '' }],
  ['what is only known at deployment', '<Stack/Parameter>', { repository: '<Stack/Parameter>', account: '', region: '', note: '' }],
])('%s', (_, resource, expected) => {
  expect(permissions(pull(resource))).toEqual([{ may: 'pull', ...expected }]);
});

describe('whence images come', () => {
  const noteOn = (resource: string, Action: readonly string[] = PULL_ACTIONS) => permissions({ Effect: 'Allow', Action, Resource: `arn:aws:ecr:${resource}` })[0].note;

  test('a replica in the role\'s own account', () => {
    expect(noteOn('eu-central-1:222222222222:repository/team-a/proxy')).toBe('from a replica of that in account 111111111111, us-east-1');
  });

  test('all replicas there', () => {
    expect(noteOn('eu-central-1:222222222222:repository/team-a/*')).toBe('from replicas of those in account 111111111111, us-east-1');
  });

  test('a replica that a template of the app lets others pull', () => {
    expect(noteOn('eu-central-1:333333333333:repository/team-a/proxy')).toBe('from a replica of that in account 111111111111, us-east-1');
  });

  test('a replica in another account, of whose policy the app says nothing', () => {
    expect(noteOn('eu-central-1:333333333333:repository/team-b/proxy'))
      .toBe('from a replica of that in account 111111111111, us-east-1; of another app: its owner must let the role in');
  });

  test('a cache', () => {
    expect(permissions(
      { Effect: 'Allow', Action: [...CACHE_PULL_ACTIONS, ...CACHE_CREATE_ACTIONS], Resource: 'arn:aws:ecr:ap-southeast-2:222222222222:repository/shared/web-app' },
    )).toEqual([
      { may: 'pull', repository: 'shared/web-app', account: '222222222222', region: 'ap-southeast-2', note: 'from a cache of account 111111111111, us-east-1' },
    ]);
  });

  test('is not told of a role that fills the cache', () => {
    expect(permissions({ Effect: 'Allow', Action: CACHE_FILL_ACTIONS, Resource: [ARN, 'arn:aws:ecr:ap-southeast-2:222222222222:repository/shared/*'] })).toEqual([
      { may: 'fetch for a cache', ...WEB_APP, note: '' },
      { may: 'fetch for a cache', repository: 'shared/*', account: '222222222222', region: 'ap-southeast-2', note: '' },
    ]);
  });
});
