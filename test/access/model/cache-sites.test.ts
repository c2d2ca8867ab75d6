import { modelOf } from '../../../src/access/model/model';
import { stackOf } from '../support';

const ACCOUNT = '111111111111';
const UPSTREAM = '222222222222';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/fetch`;

const rule = (EcrRepositoryPrefix: string, more: object = {}) => ({
  Type: 'AWS::ECR::PullThroughCacheRule',
  Properties: { EcrRepositoryPrefix, UpstreamRegistryUrl: `${UPSTREAM}.dkr.ecr.us-west-2.amazonaws.com`, CustomRoleArn: ROLE, ...more },
});
const task = (...names: string[]) => ({
  Type: 'AWS::ECS::TaskDefinition',
  Properties: { ContainerDefinitions: names.map((name) => ({ Image: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/${name}` })), ExecutionRoleArn: ROLE },
});
const sitesOf = (Resources: Record<string, any>) => modelOf([stackOf({ Resources })]).sites.filter(({ runtime }) => runtime === 'pull-through cache');
const inShort = (Resources: Record<string, any>) => sitesOf(Resources).map(({ path, image, keptIn }) => [path, image.repository, keptIn?.repository]);

test('a cache pulls from upstream what is pulled through it', () => {
  expect(sitesOf({ rule: rule('shared', { UpstreamRepositoryPrefix: 'team-a' }), task: task('shared/web-app:v1') })).toEqual([{
    path: 'Stack/rule',
    stack: 'Stack',
    file: 'Stack.template.json',
    logicalId: 'rule',
    account: ACCOUNT,
    region: 'us-east-1',
    runtime: 'pull-through cache',
    image: { account: UPSTREAM, region: 'us-west-2', repository: 'team-a/web-app' },
    puller: { type: 'role', arn: ROLE },
    keptIn: { account: ACCOUNT, region: 'us-east-1', repository: 'shared/web-app' },
  }]);
});

test.each<[string, Record<string, any>, unknown[]]>([
  ['for each image once', { rule: rule('shared'), a: task('shared/a', 'shared/b'), b: task('shared/a:v2') }, [['a', 'shared/a'], ['b', 'shared/b']]],
  ['for an image the cache of the longest prefix', { all: rule('ROOT'), rule: rule('shared'), task: task('shared/a', 'b') }, [['a', 'shared/a'], ['b', 'b']]],
  ['for whatever, where nobody in sight pulls through it', { rule: rule('shared', { UpstreamRepositoryPrefix: 'team-a' }), task: task('other') },
    [['team-a/<what is pulled>', 'shared/<what is pulled>']]],
  ['not from a registry that is not private', { rule: rule('hub', { UpstreamRegistryUrl: 'registry-1.docker.io' }), task: task('hub/nginx') }, []],
  ['not by a role, which it needs in another account only', { rule: rule('shared', { UpstreamRegistryUrl: `${ACCOUNT}.dkr.ecr.us-west-2.amazonaws.com`, CustomRoleArn: undefined }) }, []],
])('%s', (_, resources, expected) => {
  expect(inShort(resources).map(([, ...names]) => names)).toEqual(expected);
});

test('the places are those of the rules', () => {
  expect(inShort({ all: rule('ROOT'), rule: rule('shared'), task: task('shared/a', 'b') }).map(([path]) => path)).toEqual(['Stack/rule', 'Stack/all']);
});

test('a cache without a role, of another account, is pulled by nobody knows whom', () => {
  expect(sitesOf({ rule: rule('shared', { CustomRoleArn: undefined }) })[0].puller).toEqual({ type: 'unknown', why: 'the rule of the cache has no role' });
});
