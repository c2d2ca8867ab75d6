import { appOf, CONSUMER_APP, letsIn, OWNER, OWNER_APP, ran, repository, ROLE } from './support';

test('a contract is JSON on standard output, and nothing else', () => {
  const { code, out, err } = ran('contract', OWNER_APP);
  expect([code, err]).toEqual([0, []]);
  expect(JSON.parse(out.join('\n'))).toEqual({
    kind: 'cdk-shared-ecr/contract',
    version: 1,
    repositories: [{ name: 'web', account: OWNER, region: 'us-east-1', policy: { Version: '2012-10-17', Statement: [letsIn(ROLE)] } }],
    registries: [],
  });
});

test('an app that owns nothing has no contract', () => {
  const { code, out, err } = ran('contract', CONSUMER_APP);
  expect([code, out]).toEqual([2, []]);
  expect(err[0]).toMatch(/^cdk-shared-ecr: contract: there is nothing to write a contract of/);
});

test('what cannot be in it is told on standard error', () => {
  const app = appOf({ Repository: repository(), Unnamed: { Type: 'AWS::ECR::Repository' } }, OWNER, 'Owner');
  const { code, out, err } = ran('contract', app);
  expect(code).toBe(0);
  expect(JSON.parse(out.join('\n')).repositories).toEqual([{ name: 'web', account: OWNER, region: 'us-east-1' }]);
  expect(err).toEqual([expect.stringMatching(/^cdk-shared-ecr: 'Owner\/Unnamed' is not in the contract: its name is known only at deployment/)]);
});

test('nor is what depends on conditions that only the deployment decides', () => {
  const statement = { 'Fn::If': ['IsShared', letsIn(ROLE), { Ref: 'AWS::NoValue' }] };
  const app = appOf({
    Repository: repository(statement),
    Always: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'always' } },
  }, OWNER, 'Owner', { Parameters: { Shared: { Type: 'String' } }, Conditions: { IsShared: { 'Fn::Equals': [{ Ref: 'Shared' }, 'yes'] } } });
  const { code, out, err } = ran('contract', app);
  expect(code).toBe(0);
  expect(JSON.parse(out.join('\n')).repositories.map(({ name }: { name: string }) => name)).toEqual(['always']);
  expect([...new Set(err)]).toEqual([
    `cdk-shared-ecr: the repository web of account ${OWNER}, us-east-1, is not in the contract: what it says depends on conditions that are known only at deployment`,
  ]);
});
