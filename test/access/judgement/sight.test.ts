import { ownerOf, sightOf } from '../../../src/access/judgement/sight';
import { arnOf } from '../../../src/access/model/addresses';
import { modelOf } from '../../../src/access/model/model';
import { stackOf } from '../support';

const ACCOUNT = '111111111111';
const image = (repository: string, account = ACCOUNT, region = 'us-east-1') => ({ account, region, repository });
const sightOfResources = (Resources: Record<string, any>) => sightOf(modelOf([stackOf({ Resources })]), [{ organizationId: 'o-aaaaaaaaaa', accounts: [ACCOUNT] }]);
const policy = (Sid: string) => ({ Statement: [{ Sid, Effect: 'Allow', Principal: '*', Action: 'ecr:*' }] });

const RESOURCES = {
  Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: policy('Own') } },
  Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: policy('Registry') } },
  Cache: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: 'public.ecr.aws' } },
  Template: { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'shared', AppliedFor: ['PULL_THROUGH_CACHE'], RepositoryPolicy: policy('Template') } },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app' } },
};

test('what is in sight is found by its ARN, and organizations by their accounts', () => {
  const { roles, repositories, organizationOf } = sightOfResources(RESOURCES);
  expect([[...roles.keys()], [...repositories.keys()]]).toEqual([[`arn:aws:iam::${ACCOUNT}:role/app`], [arnOf(image('web-app'))]]);
  expect([organizationOf(ACCOUNT)?.organizationId, organizationOf('222222222222')]).toEqual(['o-aaaaaaaaaa', undefined]);
});

const ROOT = { ...RESOURCES.Cache, Properties: { ...RESOURCES.Cache.Properties, EcrRepositoryPrefix: 'ROOT' } };
const ASSETS = `cdk-hnb659fds-container-assets-${ACCOUNT}-us-east-1`;

test.each<[string, ReturnType<typeof image>, Record<string, object>, unknown[]]>([
  ['a repository', image('web-app'), RESOURCES, ['itself', 'no', ['Own', 'Registry']]],
  ['a repository of another Region', image('web-app', ACCOUNT, 'eu-central-1'), RESOURCES, [false, 'no', []]],
  ['another repository of the registry', image('api'), RESOURCES, [false, 'no', ['Registry']]],
  ['a repository in a cache', image('shared/a'), RESOURCES, ['itsOrigin', 'yes', ['Template', 'Registry']]],
  ['a repository that may be in a cache', image('a'), { Cache: ROOT }, [false, 'maybe', []]],
  ['a repository beside such a cache', image('web-app'), { ...RESOURCES, Cache: ROOT }, ['itself', 'no', ['Own', 'Registry']]],
  ['the repository of the assets', image(ASSETS), RESOURCES, ['itself', 'no', ['(statement 1)', 'Registry']]],
  ['that of another account', image(ASSETS.replace(ACCOUNT, '222222222222'), '222222222222'), RESOURCES, [false, 'no', []]],
  ['what is only called so', image('my-container-assets'), RESOURCES, [false, 'no', ['Registry']]],
])('of %s is known', (_, address, resources, expected) => {
  const { isInSight, isCached, statements } = ownerOf(address, ACCOUNT, sightOfResources(resources));
  expect([isInSight, isCached, statements.map(({ sid }) => sid)]).toEqual(expected);
});

test('of its policies is known which nobody knows before the deployment', () => {
  const unknown = (resource: { Properties: object }, property: string) => ({ ...resource, Properties: { ...resource.Properties, [property]: '<Fn::ImportValue>' } });
  const all = sightOfResources({
    ...RESOURCES,
    Repository: unknown(RESOURCES.Repository, 'RepositoryPolicyText'),
    Policy: unknown(RESOURCES.Policy, 'PolicyText'),
    Template: unknown(RESOURCES.Template, 'RepositoryPolicy'),
  });
  const known = sightOfResources(RESOURCES);
  const opaque = (sight: typeof all) => ['web-app', 'shared/a', ASSETS, 'api'].map((name) => ownerOf(image(name), ACCOUNT, sight).opaquePolicies);
  const registry = 'the policy of its registry';
  expect(opaque(all)).toEqual([['the policy of the repository', registry], ['its creation template', registry], [registry], [registry]]);
  expect(opaque(known)).toEqual([[], [], [], []]);
});
