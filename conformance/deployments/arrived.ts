import { Environment } from './cli';
import { expectedRoles, ofType } from './expected';
import { Inventory, MadeStack } from './inventory';
import { equal, Verdict } from './verdict';
import { StackScope } from '../../src/access/template/stack-scope';
import { fieldsOf } from '../../src/access/template/template';

/** The types whose resources moto does not make, and says nothing. */
export const NOT_MADE = [
  'AWS::CodeBuild::Project', 'AWS::ECR::PullThroughCacheRule', 'AWS::ECR::RegistryPolicy', 'AWS::ECR::ReplicationConfiguration',
  'AWS::ECR::RepositoryCreationTemplate', 'AWS::EKS::Cluster', 'AWS::EKS::Nodegroup',
];

/**
 * Whether what the templates say is there, and nothing besides.
 *
 * @param status the status that all stacks must be in
 */
export function arrived(scopes: readonly StackScope[], inventory: Inventory, status: string): Verdict[] {
  return [...stacksArrived(scopes, inventory, status), ...rolesArrived(scopes, inventory), ...repositoriesArrived(scopes, inventory)];
}

function stacksArrived(scopes: readonly StackScope[], { environments }: Inventory, status: string): Verdict[] {
  return environments.flatMap((environment) => {
    const wanted = scopesIn(environment, scopes);
    const made = environment.stacks.map((one) => `${one.name} ${one.status}`);
    return [
      equal(`stacks in ${inWords(environment)}`, made.sort(), wanted.map(({ stack: { name } }) => `${name} ${status}`).sort()),
      ...wanted.flatMap((scope) => resourcesArrived(scope, environment.stacks.find(({ name }) => name === scope.stack.name)?.resources ?? {})),
    ];
  });
}

function resourcesArrived({ stack }: StackScope, made: MadeStack['resources']): Verdict[] {
  const ids = new Set([...stack.resources.keys(), ...Object.keys(made)]);
  return [...ids].map((id) => {
    const wanted = stack.resources.get(id)?.type;
    const expected = wanted === undefined || NOT_MADE.includes(wanted) ? 'not made' : wanted;
    return equal(`resource ${id} of ${stack.name}`, made[id]?.type ?? 'not made', expected);
  });
}

function rolesArrived(scopes: readonly StackScope[], inventory: Inventory): Verdict[] {
  const wanted = expectedRoles(scopes, inventory);
  return inventory.accounts.flatMap(({ account, roles }) => {
    const here = wanted.filter((role) => role.account === account);
    return [
      equal(`roles in ${account}`, roles.map(({ arn }) => arn).sort(), here.map(({ arn }) => arn).sort()),
      ...here.flatMap(({ arn, trust, inline }) => {
        const role = roles.find((one) => one.arn === arn);
        return [
          equal(`who may assume ${arn}`, role?.trust, trust),
          equal(`policies of ${arn}`, role?.inline, inline),
          // Should moto attach those of AWS one day, this fails.
          equal(`managed policies of ${arn}`, role?.managed, []),
        ];
      }),
    ];
  });
}

/** Of a repository, moto keeps only its name and whether tags can be moved. Should it keep more one day, this fails. */
function repositoriesArrived(scopes: readonly StackScope[], { environments }: Inventory): Verdict[] {
  return environments.flatMap((environment) => {
    const wanted = scopesIn(environment, scopes)
      .flatMap((scope) => ofType(scope, 'AWS::ECR::Repository').map(({ properties }) => fieldsOf(scope.resolve(properties))));
    const made = environment.repositories.map((one) => ({
      name: one.repositoryName,
      tags: one.imageTagMutability,
      scan: one.imageScanningConfiguration,
      key: one.encryptionConfiguration,
      policy: one.policy,
    }));
    return [
      equal(`repositories in ${inWords(environment)}`, made.map(({ name }) => name).sort(), wanted.map(({ RepositoryName: name }) => name).sort()),
      ...wanted.map(({ RepositoryName: name, ImageTagMutability: tags, EncryptionConfiguration: encryption }) => (
        equal(`repository ${name} in ${inWords(environment)}`, made.find((one) => one.name === name), {
          name, tags, scan: {}, key: encryption === undefined ? { encryptionType: 'AES256' } : {}, policy: 'RepositoryPolicyNotFoundException',
        }))),
    ];
  });
}

function scopesIn({ account, region }: Environment, scopes: readonly StackScope[]): StackScope[] {
  return scopes.filter(({ stack }) => stack.account === account && stack.region === region);
}

function inWords({ account, region }: Environment): string {
  return `${account}, ${region}`;
}
