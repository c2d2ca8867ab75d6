import { modelOf } from '../../../src/access/model/model';
import { ownersIn } from '../../../src/access/model/owners';
import { stackOf } from '../support';

const POLICY = { Version: '2012-10-17', Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: ['222222222222'] }, Action: ['ecr:BatchGetImage'] }] };
const SIZE = JSON.stringify(POLICY).length;

const template = (Prefix: string, ...AppliedFor: string[]) => ({
  Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix, AppliedFor, RepositoryPolicy: JSON.stringify(POLICY) },
});
const cache = (EcrRepositoryPrefix: string) => ({
  Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix, UpstreamRegistryUrl: '333333333333.dkr.ecr.us-east-1.amazonaws.com' },
});
const repository = (RepositoryName: string) => ({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName, RepositoryPolicyText: POLICY } });
const replication = (Filter: string) => ({
  Type: 'AWS::ECR::ReplicationConfiguration',
  Properties: { ReplicationConfiguration: { Rules: [{ Destinations: [{ Region: 'eu-central-1', RegistryId: { Ref: 'AWS::AccountId' } }], RepositoryFilters: [{ Filter }] }] } },
});

function owners(here: object, inEurope: object = {}) {
  return ownersIn(modelOf([stackOf({ Resources: here }), stackOf({ Resources: inEurope }, { path: 'Eu', region: 'eu-central-1' })]))
    .map(({ path, name, what, policy: { size } }) => [path, name, what, size]);
}

test('repositories and their replicas', () => {
  expect(owners({ WebApp: repository('web-app'), Replication: replication('web-app') }, { Replica: repository('web-app'), Other: repository('other') })).toEqual([
    ['Stack/WebApp', 'web-app', '', SIZE],
    ['Eu/Replica', 'web-app', 'a replica of that in us-east-1', SIZE],
    ['Eu/Other', 'other', '', SIZE],
  ]);
});

test('replicas that Amazon ECR makes, by their template', () => {
  expect(owners({ Replication: replication('team-a/') }, { Template: template('team-a', 'REPLICATION') }))
    .toEqual([['Eu/Template', 'team-a/*', 'replicas of those in us-east-1', SIZE]]);
});

test('a template tells for what it is, if nothing in sight uses it', () => {
  expect(owners({ Template: template('ROOT', 'REPLICATION', 'CREATE_ON_PUSH') })).toEqual([['Stack/Template', '*', 'made by Amazon ECR for REPLICATION, CREATE_ON_PUSH', SIZE]]);
});

describe('cached repositories', () => {
  test('by the template of the cache', () => {
    expect(owners({ Cache: cache('shared'), Template: template('shared', 'PULL_THROUGH_CACHE') }))
      .toEqual([['Stack/Template', 'shared/*', 'a cache of account 333333333333, us-east-1', SIZE]]);
  });

  test('by a template with a shorter prefix', () => {
    expect(owners({ Cache: cache('shared'), Template: template('ROOT', 'PULL_THROUGH_CACHE') })).toEqual([
      ['Stack/Template', '*', 'made by Amazon ECR for PULL_THROUGH_CACHE', SIZE],
      ['Stack/Cache', 'shared/*', 'a cache of account 333333333333, us-east-1', SIZE],
    ]);
  });

  test('by a template that is not for them have no policy', () => {
    expect(owners({ Cache: cache('shared'), Template: template('shared', 'REPLICATION') })).toEqual([
      ['Stack/Template', 'shared/*', 'made by Amazon ECR for REPLICATION', SIZE],
      ['Stack/Cache', 'shared/*', 'a cache of account 333333333333, us-east-1', 0],
    ]);
  });

  test('whose images are replicas, too, are told both', () => {
    expect(owners({ Replication: replication('shared/') }, { Cache: cache('shared'), Template: template('shared', 'PULL_THROUGH_CACHE', 'REPLICATION') }))
      .toEqual([['Eu/Template', 'shared/*', 'replicas of those in us-east-1 and a cache of account 333333333333, us-east-1', SIZE]]);
  });
});
