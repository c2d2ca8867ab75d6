import { Inventory } from './inventory';
import { readAssembly } from '../../src/access/template/assembly';
import { Exports, StackScope } from '../../src/access/template/stack-scope';
import { Fields, fieldsOf, listOf, Resource, textOf, textsOf } from '../../src/access/template/template';
import { unknownValue } from '../../src/access/template/text-patterns';

/** The templates of an assembly, with the library's reader to resolve what is in them. */
export function scopesOf(assembly: string): StackScope[] {
  const exports = new Exports();
  const scopes = readAssembly(assembly).map((template) => new StackScope(template, exports));
  scopes.forEach((scope) => exports.add(scope));
  return scopes;
}

interface ExpectedRole {
  readonly account: string;
  readonly arn: string;
  readonly trust: unknown;
  readonly inline: Fields;
}

/** The roles of the templates. The names that the deployment made up are taken from what it made. */
export function expectedRoles(scopes: readonly StackScope[], inventory: Inventory): ExpectedRole[] {
  const names = namesIn(scopes, inventory);
  const known = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(/<[^<>]*>/g, (unknown) => names.get(unknown) ?? unknown)) as T;
  const policies = scopes.flatMap((scope) => ofType(scope, 'AWS::IAM::Policy').map(({ properties }) => {
    const { PolicyName: name, PolicyDocument: document, Roles: roles } = fieldsOf(known(scope.resolve(properties)));
    return { account: scope.stack.account, name: textOf(name), document, roles: textsOf(roles) };
  }));
  return scopes.flatMap((scope) => ofType(scope, 'AWS::IAM::Role').map((role) => {
    const { account } = scope.stack;
    const { AssumeRolePolicyDocument: trust, Policies: inline } = fieldsOf(known(scope.resolve(role.properties)));
    const attached = policies.filter((policy) => policy.account === account && policy.roles.includes(known(scope.nameOf(role))));
    return {
      account,
      arn: known(scope.arnOf(role.logicalId)),
      trust,
      inline: Object.fromEntries([
        ...listOf(inline).map(fieldsOf).map(({ PolicyName, PolicyDocument }) => [textOf(PolicyName), PolicyDocument]),
        ...attached.map(({ name, document }) => [name, document]),
      ]),
    };
  }));
}

/** The names that the deployment made up, by what stands for them in what the reader resolves. What moto does not make is called `None` there. */
function namesIn(scopes: readonly StackScope[], { environments }: Inventory): ReadonlyMap<string, string> {
  return new Map(scopes.flatMap(({ stack }) => {
    const here = environments.find(({ account, region }) => account === stack.account && region === stack.region);
    const { resources = {} } = here?.stacks.find(({ name }) => name === stack.name) ?? {};
    return [...stack.resources.values()].map(({ logicalId, path }) => [unknownValue(path), resources[logicalId]?.name ?? 'None'] as const);
  }));
}

export function ofType({ stack }: StackScope, type: string): Resource[] {
  return [...stack.resources.values()].filter((resource) => resource.type === type);
}
