import { readFileSync } from 'fs';
import { join } from 'path';
import * as index from '../src';

const SRC = join(__dirname, '../src');

test('the classes of the package', () => {
  expect(Object.keys(index).sort()).toEqual([
    'CrossAccountPullRole', 'EcrGrantee', 'PullAccessMode', 'PullAccessValidator', 'PullRuntime', 'PullThroughCache', 'RegistryPullGrant',
    'RegistryReplication', 'RegistryReplicationGrant', 'ReplicationDestination', 'SharedEcrRepository',
  ]);
});

test('the public names of the package, interfaces too', () => {
  const names = readFileSync(join(SRC, 'index.ts'), 'utf8').trim().split('\n').flatMap((line) => {
    const [, file] = /^export \* from '\.\/([a-z-]+)';$/.exec(line)!;
    return [...readFileSync(join(SRC, `${file}.ts`),
      'utf8').matchAll(/^export (?:abstract )?(\w+) (\w+)/gm)].map(([, kind, name]) => `${kind} ${name}`);
  });

  expect(names.sort()).toEqual([
    'class CrossAccountPullRole',
    'class EcrGrantee',
    'class PullAccessValidator',
    'class PullRuntime',
    'class PullThroughCache',
    'class RegistryPullGrant',
    'class RegistryReplication',
    'class RegistryReplicationGrant',
    'class ReplicationDestination',
    'class SharedEcrRepository',
    'enum PullAccessMode',
    'interface CreatedRepositoryProps',
    'interface CrossAccountPullRoleProps',
    'interface LambdaGranteeOptions',
    'interface OrganizationMembers',
    'interface PullAccessFinding',
    'interface PullAccessRemedy',
    'interface PullAccessValidatorProps',
    'interface PullThroughCacheProps',
    'interface RegistryPullGrantProps',
    'interface RegistryReplicationGrantProps',
    'interface RegistryReplicationProps',
    'interface ReplicaProps',
    'interface ReplicateToOptions',
    'interface SharedEcrRepositoryAttributes',
    'interface SharedEcrRepositoryProps',
  ]);
});
