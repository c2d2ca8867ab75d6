import { policyOf } from '../../../src/access/model/policy-document';
import { registriesOf } from '../../../src/access/model/registries';
import { StackTemplate } from '../../../src/access/template/template';
import { scopeOf } from '../support';

const POLICY = { Version: '2012-10-17', Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: ['222222222222'] }, Action: ['ecr:BatchGetImage'], Resource: '*' }] };
const NOTHING = { policy: { statements: [], isOpaque: false, size: 0 }, policyPlaces: [], rules: [], rulePlaces: [], templates: [], caches: [] };
const placeOf = (logicalId: string) => (
  { path: `Stack/${logicalId}`, account: '111111111111', region: 'us-east-1', stack: 'Stack', file: 'Stack.template.json', logicalId });

const resource = (type: string, Properties: object) => ({ Type: `AWS::ECR::${type}`, Properties });
const stack = (Resources: object, more?: Partial<StackTemplate>) => scopeOf({ Resources }, more);
const policy = resource('RegistryPolicy', { PolicyText: POLICY });

function registryOf(Resources: object) {
  return registriesOf([[stack(Resources)]])[0];
}

describe('a registry', () => {
  test('has a place, and a policy with a size', () => {
    expect(registryOf({ Policy: policy })).toEqual({
      ...NOTHING, account: '111111111111', region: 'us-east-1', stacks: ['Stack'], policy: policyOf(POLICY), policyPlaces: [placeOf('Policy')],
    });
  });

  test('is that of all stacks of its account and Region', () => {
    const eu = { path: 'C', region: 'eu-central-1' };
    expect(registriesOf([
      [stack({ Policy: policy }, { path: 'A' }), stack({ Role: { Type: 'AWS::IAM::Role' } }, { path: 'A/Nested' })],
      [stack({ Template: resource('RepositoryCreationTemplate', {}) }, { path: 'B' })],
      [stack({ Template: resource('RepositoryCreationTemplate', {}) }, eu)],
      [stack({}, { path: 'D', account: '222222222222' })],
    ]).map(({ account, region, stacks, templates }) => [account, region, stacks, templates.length])).toEqual([
      ['111111111111', 'us-east-1', ['A', 'B'], 1],
      ['111111111111', 'eu-central-1', ['C'], 1],
    ]);
  });

  test('is each stack\'s own where the place is not known, but that of stacks which are nested in one', () => {
    const somewhere = { account: '<AWS::AccountId>', region: '<AWS::Region>' };
    expect(registriesOf([
      [stack({ Policy: policy }, { path: 'A', ...somewhere }), stack({ Rule: resource('PullThroughCacheRule', {}) }, { path: 'A/Nested', ...somewhere })],
      [stack({ Policy: policy }, { path: 'B', ...somewhere })],
    ]).map(({ stacks }) => stacks)).toEqual([['A', 'A/Nested'], ['B']]);
  });

  test('has one policy and one replication configuration, the first; all places are known', () => {
    const configuration = (Filter: string) => resource('ReplicationConfiguration', { ReplicationConfiguration: { Rules: [{ RepositoryFilters: [{ Filter }] }] } });
    expect(registryOf({ A: policy, B: resource('RegistryPolicy', { PolicyText: {} }), C: configuration('c'), D: configuration('d') }))
      .toMatchObject({ policy: policyOf(POLICY), rules: [{ destinations: [], prefixes: ['c'] }], policyPlaces: [placeOf('A'), placeOf('B')], rulePlaces: [placeOf('C'), placeOf('D')] });
  });
});

test('rules say what is copied to where; without filters it is all', () => {
  expect(registryOf({
    Replication: resource('ReplicationConfiguration', {
      ReplicationConfiguration: {
        Rules: [
          {
            Destinations: [{ Region: 'eu-central-1', RegistryId: { Ref: 'AWS::AccountId' } }, { Region: 'us-east-1', RegistryId: '222222222222' }],
            RepositoryFilters: [{ Filter: 'team-a/', FilterType: 'PREFIX_MATCH' }, { Filter: 'web-app', FilterType: 'PREFIX_MATCH' }],
          },
          { Destinations: [{ Region: 'eu-west-1', RegistryId: '111111111111' }] },
        ],
      },
    }),
  }).rules).toEqual([
    { destinations: [{ account: '111111111111', region: 'eu-central-1' }, { account: '222222222222', region: 'us-east-1' }], prefixes: ['team-a/', 'web-app'] },
    { destinations: [{ account: '111111111111', region: 'eu-west-1' }], prefixes: [''] },
  ]);
});

describe('templates', () => {
  const templateOf = (properties: object) => registryOf({ Template: resource('RepositoryCreationTemplate', properties) }).templates[0];

  test('have a place, a namespace, and a policy, which is a text', () => {
    expect(templateOf({ Prefix: 'platform', AppliedFor: ['REPLICATION', 'CREATE_ON_PUSH'], RepositoryPolicy: JSON.stringify(POLICY) })).toEqual({
      path: 'Stack/Template',
      stack: 'Stack',
      file: 'Stack.template.json',
      logicalId: 'Template',
      account: '111111111111',
      region: 'us-east-1',
      namespace: 'platform/',
      appliedFor: ['REPLICATION', 'CREATE_ON_PUSH'],
      policy: policyOf(POLICY),
    });
  });

  test('may have a text that is joined at deployment', () => {
    const [before, after] = JSON.stringify(POLICY).split('222222222222');
    const { policy: { statements, size } } = templateOf({ RepositoryPolicy: { 'Fn::Join': ['', [before, { Ref: 'AWS::AccountId' }, after]] } });
    expect(statements[0].principals).toEqual([{ type: 'AWS', value: '111111111111' }]);
    expect(size).toBe(JSON.stringify(POLICY).length);
  });

  test.each([['ROOT', ''], ['platform/', 'platform/'], ['a/b', 'a/b/'], [undefined, '']])('with prefix %j are for names that begin with %j', (Prefix, namespace) => {
    expect(templateOf({ Prefix }).namespace).toBe(namespace);
  });
});

describe('caches', () => {
  const cacheOf = (properties: object) => registryOf({
    Rule: resource('PullThroughCacheRule', properties),
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'fetch' } },
  }).caches[0];

  test('say what they fetch, and by which role', () => {
    expect(cacheOf({
      EcrRepositoryPrefix: 'shared',
      UpstreamRegistry: 'ecr',
      UpstreamRegistryUrl: { 'Fn::Sub': '222222222222.dkr.ecr.us-east-1.${AWS::URLSuffix}' },
      UpstreamRepositoryPrefix: 'team-a',
      CustomRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
    })).toEqual({
      path: 'Stack/Rule',
      stack: 'Stack',
      file: 'Stack.template.json',
      logicalId: 'Rule',
      account: '111111111111',
      region: 'us-east-1',
      namespace: 'shared/',
      upstream: '222222222222.dkr.ecr.us-east-1.amazonaws.com',
      upstreamNamespace: 'team-a/',
      role: 'arn:aws:iam::111111111111:role/fetch',
    });
  });

  test('of other registries need no role, and may say no more than their kind', () => {
    expect(cacheOf({ EcrRepositoryPrefix: 'ROOT', UpstreamRegistry: 'k8s' })).toMatchObject({ namespace: '', upstream: 'k8s', upstreamNamespace: '', role: '' });
  });
});
