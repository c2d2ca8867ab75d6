import { CONTRACT, fileOf, POLICY } from './support';
import { contractOf, contractText } from '../../../src/access/contract/contract';
import { readContract } from '../../../src/access/contract/read-contract';
import { modelOf } from '../../../src/access/model/model';
import { StackTemplate } from '../../../src/access/template/template';
import { stackOf } from '../support';

const resource = (type: string, Properties: object) => ({ Type: `AWS::ECR::${type}`, Properties });
const repository = (RepositoryName: unknown, more: object = {}) => resource('Repository', { RepositoryName, ...more });
const REGISTRY_POLICY = CONTRACT.registries[0].policy;

const RESOURCES = {
  WebApp: repository('web-app'),
  TeamWebApp: repository('team-a/web-app', { RepositoryPolicyText: POLICY, Tags: [{ Key: 'team', Value: 'a' }] }),
  Policy: resource('RegistryPolicy', { PolicyText: REGISTRY_POLICY }),
  Template: resource('RepositoryCreationTemplate', { Prefix: 'platform', AppliedFor: ['REPLICATION'], RepositoryPolicy: JSON.stringify(POLICY) }),
  Cache: resource('PullThroughCacheRule', {
    EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: '333333333333.dkr.ecr.us-east-1.amazonaws.com', CustomRoleArn: 'arn:aws:iam::111111111111:role/fetch',
  }),
  Replication: resource('ReplicationConfiguration', {
    ReplicationConfiguration: {
      Rules: [{ Destinations: [{ RegistryId: '222222222222', Region: 'eu-central-1' }], RepositoryFilters: [{ Filter: 'team-a/' }, { Filter: '' }] }],
    },
  }),
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'publish' } },
};

const contractOfStacks = (...stacks: Array<[object, Partial<StackTemplate>?]>) => (
  contractOf(modelOf(stacks.map(([Resources, more], index) => stackOf({ Resources }, { path: `Stack${index}`, ...more })))));

test('has the owner\'s side of an app, and nothing else', () => {
  const contract = contractOfStacks([RESOURCES]);

  expect(JSON.parse(contractText(contract))).toEqual(CONTRACT);
  expect(contract.notInContract).toEqual([]);
});

test('is read as it was written', () => {
  expect(readContract(fileOf(contractText(contractOfStacks([RESOURCES])))).contract).toEqual(CONTRACT);
});

test('is the same for the same app, in whichever order that is declared', () => {
  const { Policy, Cache, ...others } = RESOURCES;
  const reversed = Object.fromEntries(Object.entries(others).reverse());

  expect(contractText(contractOfStacks([{ Cache }], [reversed], [{ Policy }]))).toBe(contractText(contractOfStacks([RESOURCES])));
});

test('is a text for people, too', () => {
  expect(contractText(contractOfStacks([{ WebApp: repository('web-app') }]))).toBe(`{
  "kind": "cdk-shared-ecr/contract",
  "version": 1,
  "repositories": [
    {
      "name": "web-app",
      "account": "111111111111",
      "region": "us-east-1"
    }
  ],
  "registries": []
}
`);
});

test('lists by account, Region and name', () => {
  const names = ['b', 'a-b', 'a'].map((name) => `${name}x`);
  const { repositories, registries } = contractOfStacks(
    [{ ...Object.fromEntries(names.map((name, index) => [`R${index}`, repository(name)])), Policy: RESOURCES.Policy }, { region: 'us-west-2' }],
    [{ R: repository('zz'), Policy: RESOURCES.Policy }],
    [{ R: repository('zz') }, { account: '000000000001', region: 'us-west-2' }],
  );

  expect(repositories.map(({ account, region, name }) => `${account} ${region} ${name}`)).toEqual([
    '000000000001 us-west-2 zz', '111111111111 us-east-1 zz', '111111111111 us-west-2 a-bx', '111111111111 us-west-2 ax', '111111111111 us-west-2 bx',
  ]);
  expect(registries.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2']);
});

test('leaves out what has no place or name to be known by, and says so', () => {
  const { repositories, registries, notInContract } = contractOfStacks(
    [{ Known: repository('web-app'), Nameless: repository(undefined), Wrong: repository('Web'), Odd: repository('odd', { RepositoryPolicyText: { Statement: { Effect: { 'Fn::If': [] } } } }) }],
    [{ A: repository('web-app'), Policy: RESOURCES.Policy }, { account: '<AWS::AccountId>' }],
    [{ B: repository('web-app'), C: repository('web-app') }, { region: '<AWS::Region>' }],
  );
  const remedy = 'give its stack an explicit environment: env: { account, region }';

  expect(repositories).toEqual([{ name: 'web-app', account: '111111111111', region: 'us-east-1' }]);
  expect(registries).toEqual([]);
  expect(notInContract).toEqual([
    "'Stack0/Nameless' is not in the contract: its name is known only at deployment; give it a repositoryName",
    "'Stack0/Wrong' is not in the contract: name is \"Web\", but a repository name has 2 to 256 characters: lower-case letters and digits, with \".\", \"_\", \"__\" or hyphens "
      + 'between them, in parts separated by "/", for example "team-a/web-app"',
    "'Stack0/Odd' is not in the contract: policy.Statement[0].Effect is \"<Fn::If>\", but it is \"Allow\" or \"Deny\"",
    `'Stack1/A' is not in the contract: its account is known only at deployment; ${remedy}`,
    `'Stack2/B' is not in the contract: its Region is known only at deployment; ${remedy}`,
    `'Stack2/C' is not in the contract: its Region is known only at deployment; ${remedy}`,
    `the registry of 'Stack1' is not in the contract: its account is known only at deployment; ${remedy}`,
  ]);
});

test('leaves out what is declared twice, if the two are different', () => {
  const { repositories, notInContract } = contractOfStacks(
    [{ A: repository('web-app', { RepositoryPolicyText: POLICY }), Same: repository('same') }],
    [{ B: repository('web-app'), Same: repository('same') }],
  );

  expect(repositories.map(({ name }) => name)).toEqual(['same']);
  expect(notInContract).toEqual(["'Stack0/A' is not in the contract: it is declared in several places, which say different things of it: 'Stack0/A', 'Stack1/B'"]);
});

test('leaves out that of which only the deployment knows what a policy says', () => {
  const unknown = { 'Fn::ImportValue': 'elsewhere' };
  const { repositories, registries, notInContract } = contractOfStacks([{
    A: repository('web-app', { RepositoryPolicyText: unknown }),
    B: repository('api', { RepositoryPolicyText: { Statement: [...POLICY.Statement, unknown] } }),
    C: repository('same'),
    Template: resource('RepositoryCreationTemplate', { Prefix: 'platform', AppliedFor: ['REPLICATION'], RepositoryPolicy: unknown }),
  }]);

  expect([repositories.map(({ name }) => name), registries]).toEqual([['same'], []]);
  const why = 'is not in the contract: what a policy of it says is known only at deployment; write out each of its statements';
  expect(notInContract).toEqual([`'Stack0/A' ${why}`, `'Stack0/B' ${why}`, `the registry of 'Stack0' ${why}`]);
});

test('with nothing in it is an error that says why', () => {
  expect(() => contractOfStacks([{}])).toThrow(new Error('there is nothing to write a contract of: no repository and no registry of a known account and Region'));
  expect(() => contractOfStacks([{ A: repository('web-app') }, { account: '<AWS::AccountId>' }])).toThrow(new Error(
    'there is nothing to write a contract of: no repository and no registry of a known account and Region\n'
    + "'Stack0/A' is not in the contract: its account is known only at deployment; give its stack an explicit environment: env: { account, region }"));
});

test('keeps unknown values, so that they stay unknown', () => {
  const policy = { Statement: [{ Effect: 'Allow', Principal: { AWS: { Ref: 'Puller' } }, Action: 'ecr:BatchGetImage' }] };

  expect(contractOfStacks([{ A: repository('web-app', { RepositoryPolicyText: policy }) }]).repositories[0].policy)
    .toEqual({ Statement: [{ Effect: 'Allow', Principal: { AWS: '<Stack0/Puller>' }, Action: 'ecr:BatchGetImage' }] });
});
