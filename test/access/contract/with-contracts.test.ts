import { CONTRACT, partOf, POLICY } from './support';
import { withContracts } from '../../../src/access/contract/with-contracts';
import { judge } from '../../../src/access/judgement/judge';
import { modelOf } from '../../../src/access/model/model';
import { policyOf } from '../../../src/access/model/policy-document';
import { stackOf } from '../support';

const EMPTY = modelOf([]);
const PLACE = { path: 'shared-ecr.json', stack: '', file: 'shared-ecr.json', logicalId: '', account: '111111111111', region: 'us-east-1' };
const ARNS = 'arn:aws:ecr:us-east-1:111111111111:repository/';
const resource = (type: string, Properties: object) => ({ Type: `AWS::ECR::${type}`, Properties });

/** The contract with changes at its first repository, or at its registry. */
const changed = (ofRepository: object, ofRegistry: object = {}) => ({
  ...CONTRACT,
  repositories: [{ ...CONTRACT.repositories[0], ...ofRepository }, CONTRACT.repositories[1]],
  registries: [{ ...CONTRACT.registries[0], ...ofRegistry }],
});

describe('what a contract says', () => {
  test('is in the model as if its templates were in sight, and its places are the file', () => {
    const { repositories, registries } = withContracts(EMPTY, [partOf(CONTRACT)]);

    expect(repositories).toEqual([
      { ...PLACE, name: 'team-a/web-app', arn: `${ARNS}team-a/web-app`, policy: policyOf(POLICY), tags: new Map([['team', 'a']]) },
      { ...PLACE, name: 'web-app', arn: `${ARNS}web-app`, policy: policyOf(undefined), tags: new Map() },
    ]);
    const [{ policy, templates: [template], caches, replicationRules }] = CONTRACT.registries;
    expect(registries).toEqual([{
      account: '111111111111',
      region: 'us-east-1',
      stacks: ['shared-ecr.json'],
      policy: policyOf(policy),
      policyPlaces: [PLACE],
      rules: replicationRules,
      rulePlaces: [PLACE],
      templates: [{ ...PLACE, ...template, policy: policyOf(POLICY) }],
      caches: [{ ...PLACE, ...caches[0] }],
    }]);
  });

  test('decides pulls', () => {
    const site = (image: string, role: string) => stackOf({
      Resources: { Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: image }], ExecutionRoleArn: role } } },
    }, { path: role });
    const host = '111111111111.dkr.ecr.us-east-1.amazonaws.com';
    const model = modelOf([site(`${host}/team-a/web-app`, 'arn:aws:iam::222222222222:role/a'), site(`${host}/web-app`, 'arn:aws:iam::444444444444:role/b')]);

    expect(judge(model).map(({ owner }) => owner.state)).toEqual(['notInSight', 'notInSight']);
    expect(judge(withContracts(model, [partOf(CONTRACT)])).map(({ owner }) => owner.state)).toEqual(['granted', 'missing']);
  });

  test('is unknown to nobody else by the same name, and has the size that it has for its owner', () => {
    const Statement = [{ Effect: 'Allow', Principal: { AWS: '<AWS::AccountId>' }, Action: '<Fn::If>', Condition: { StringEquals: { 'aws:PrincipalTag/<Team>': ['<A>-<B>'] } } }];
    const { repositories: [{ policy }] } = withContracts(EMPTY, [partOf(changed({ policy: { Statement } }), 'a<b>.json')]);

    expect(policy.statements).toMatchObject([{
      principals: [{ type: 'AWS', value: '<AWS::AccountId in ab.json>' }],
      actions: ['<Fn::If in ab.json>'],
      conditions: [{ operator: 'StringEquals', key: 'aws:PrincipalTag/<Team in ab.json>', values: ['<A in ab.json>-<B in ab.json>'] }],
    }]);
    expect(policy.size).toBe(policyOf({ Statement }).size);
  });
});

describe('what a template in sight says', () => {
  const modelWith = (Resources: object, more: object = {}) => modelOf([stackOf({ Resources }, more)]);

  test('wins over what contracts say of the same repository, and these need not agree then', () => {
    const model = modelWith({ A: resource('Repository', { RepositoryName: 'team-a/web-app' }) });
    const { repositories } = withContracts(model, [partOf(CONTRACT), partOf(changed({ policy: undefined }), 'other.json')]);

    expect(repositories.map(({ name, path, policy }) => [name, path, policy.size])).toEqual([['team-a/web-app', 'Stack/A', 0], ['web-app', 'shared-ecr.json', 0]]);
  });

  test('wins for each part of a registry by itself', () => {
    const own = { Statement: [] };
    const { registries } = withContracts(modelWith({
      Policy: resource('RegistryPolicy', { PolicyText: own }),
      Platform: resource('RepositoryCreationTemplate', { Prefix: 'platform', AppliedFor: ['CREATE_ON_PUSH'] }),
      Other: resource('PullThroughCacheRule', { EcrRepositoryPrefix: 'other' }),
    }), [partOf(CONTRACT)]);

    expect(registries).toEqual([expect.objectContaining({ stacks: ['Stack'], policy: policyOf(own), rules: CONTRACT.registries[0].replicationRules, rulePlaces: [PLACE] })]);
    expect(registries[0].policyPlaces.map(({ path }) => path)).toEqual(['Stack/Policy']);
    expect(registries[0].templates.map(({ path, appliedFor }) => [path, appliedFor])).toEqual([['Stack/Platform', ['CREATE_ON_PUSH']]]);
    expect(registries[0].caches.map(({ path, namespace }) => [path, namespace])).toEqual([['Stack/Other', 'other/'], ['shared-ecr.json', 'shared/']]);
  });

  test('wins also where only the deployment knows what it says', () => {
    const { registries: [{ policy, policyPlaces }] } = withContracts(modelWith({ Policy: resource('RegistryPolicy', { PolicyText: '<Fn::ImportValue>' }) }), [partOf(CONTRACT)]);
    expect([policy, policyPlaces.map(({ path }) => path)]).toEqual([{ statements: [], isOpaque: true, size: 0 }, ['Stack/Policy']]);
  });

  test('of another registry, or of one whose place is not known, is something else', () => {
    const policy = { Policy: resource('RegistryPolicy', { PolicyText: POLICY }) };
    const placesWith = (more: object) => withContracts(modelWith(policy, more), [partOf(CONTRACT)]).registries
      .map(({ account, region, stacks }) => [account, region, ...stacks]);

    expect(placesWith({ region: 'eu-central-1' })).toEqual([['111111111111', 'eu-central-1', 'Stack'], ['111111111111', 'us-east-1', 'shared-ecr.json']]);
    expect(placesWith({ account: '<AWS::AccountId>' })).toEqual([['<AWS::AccountId>', 'us-east-1', 'Stack'], ['111111111111', 'us-east-1', 'shared-ecr.json']]);
  });
});

describe('several contracts', () => {
  const both = (other: object) => withContracts(EMPTY, [partOf(CONTRACT), partOf(other, 'other.json')]);

  test('that say the same, in whichever order, say it once', () => {
    const { version, kind, ...rest } = CONTRACT;
    const unknown = changed({ tags: { team: '<Team>' } });

    const alone = withContracts(EMPTY, [partOf(CONTRACT)]);
    expect(both({ ...rest, kind, version })).toEqual({ ...alone, registries: [{ ...alone.registries[0], stacks: ['shared-ecr.json', 'other.json'] }] });
    expect(withContracts(EMPTY, [partOf(unknown, 'a.json'), partOf(unknown, 'b.json')]).repositories[0].tags.get('team')).toBe('<Team in a.json>');
  });

  test('of two teams that share a registry are joined', () => {
    const { repositories, registries } = both({
      ...CONTRACT,
      repositories: [{ name: 'api', account: '111111111111', region: 'us-east-1' }],
      registries: [{ account: '111111111111', region: 'us-east-1', templates: [{ namespace: 'b/', appliedFor: [] }], caches: [], replicationRules: [] }],
    });

    expect(repositories.map(({ name, file }) => [name, file])).toEqual([['team-a/web-app', 'shared-ecr.json'], ['web-app', 'shared-ecr.json'], ['api', 'other.json']]);
    expect(registries.map(({ stacks, templates }) => [stacks, templates.map(({ namespace }) => namespace)]))
      .toEqual([[['shared-ecr.json', 'other.json'], ['platform/', 'b/']]]);
  });

  test.each<[string, object, string]>([
    ['a policy', changed({ policy: undefined }), "the repository 'team-a/web-app' of account 111111111111, us-east-1"],
    ['a tag', changed({ tags: {} }), "the repository 'team-a/web-app' of account 111111111111, us-east-1"],
    ['the policy of a registry', changed({}, { policy: POLICY }), 'the registry of account 111111111111, us-east-1'],
    ['rules', changed({}, { replicationRules: [{ destinations: [], prefixes: [] }] }), 'the registry of account 111111111111, us-east-1'],
    ['a template', changed({}, { templates: [{ namespace: 'platform/', appliedFor: [] }] }), 'the registry of account 111111111111, us-east-1'],
    ['a cache', changed({}, { caches: [{ ...CONTRACT.registries[0].caches[0], role: '' }] }), 'the registry of account 111111111111, us-east-1'],
  ])('that contradict each other are an error that names both: %s', (_, other, what) => {
    expect(() => both(other)).toThrow(new Error(`the contracts "shared-ecr.json" and "other.json" say different things of ${what}; leave out the one that is older`));
  });
});

test('without contracts a model stays what it is', () => {
  expect(withContracts(EMPTY, [])).toEqual(EMPTY);
});
