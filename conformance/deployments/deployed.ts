import { CHANGED } from './app';
import { arrived } from './arrived';
import { deploy, difference, Method, TO_CREATE, TO_UPDATE } from './cli';
import { Inventory, inventoryOf } from './inventory';
import { consumerFirst, Order } from './orders';
import { prepare, Scene, Version } from './scene';
import { equal, Verdict } from './verdict';

/** Deploys to empty accounts, and looks at what is there then. */
export async function firstDeployment(scene: Scene, order: Order): Promise<Verdict[]> {
  await prepare(scene);
  return [
    ...await deployInOrder(scene, scene.first, order, TO_CREATE),
    ...arrived(scene.first.scopes, await inventoryOf(scene.environments, scene.variables), 'CREATE_COMPLETE'),
  ];
}

/** Deploys the second version where the first one is, which changes what is there and replaces nothing. */
export async function secondDeployment(scene: Scene): Promise<Verdict[]> {
  const { first, second, renamed, environments, variables } = scene;
  await prepare(scene);
  const verdicts = await deployInOrder(scene, first, [first.stacks.map(({ name }) => name)], TO_CREATE);
  const before = await inventoryOf(environments, variables);

  const [toSecond, toRenamed] = [await difference(second.assembly, variables), await difference(renamed.assembly, variables)];
  verdicts.push(equal('stacks that the second deployment changes', [...toSecond.stacks].sort(), [...CHANGED].sort()));
  verdicts.push(toSecond.isDestructive ? `the CLI says that something would be replaced or go:\n${toSecond.said}` : undefined);
  verdicts.push(toRenamed.isDestructive ? undefined : `a renamed repository is replaced, but the CLI does not say so:\n${toRenamed.said}`);

  verdicts.push(...await deployInOrder(scene, second, consumerFirst(second.stacks), TO_UPDATE));
  const after = await inventoryOf(environments, variables);
  return [...verdicts, ...arrived(second.scopes, after, 'UPDATE_COMPLETE'), ...kept(before, after)];
}

/** One call of the CLI after the other. Were there a stack that waits for one of a later call, the CLI would deploy that too. */
async function deployInOrder({ variables }: Scene, { assembly }: Version, order: Order, method: Method): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const [index, stacks] of order.entries()) {
    const before = order.slice(0, index).flat();
    const deployed = (await deploy(assembly, stacks, method, variables)).filter((stack) => !before.includes(stack));
    verdicts.push(equal(`stacks that the CLI deploys if asked for ${stacks.join(' ')}`, deployed.sort(), [...stacks].sort()));
  }
  return verdicts;
}

/** moto makes these anew whenever their stack is updated, changed or not, so that they are kept is known from the CLI alone. */
export const MADE_ANEW = ['AWS::ECS::Cluster'];

/** Whether all that was there is still the same, and not another one that took its place. Should moto keep more one day, this fails. */
function kept(before: Inventory, after: Inventory): Verdict[] {
  const now = identities(after);
  return [...identities(before)].map(([what, { type, identity }]) => (
    equal(`${what} is kept`, now.get(what)?.identity === identity, !MADE_ANEW.includes(type))));
}

interface Identified {
  readonly type: string;
  /** Its physical name; of roles the id, and of repositories the date, since what replaces them may have their names. */
  readonly identity: string;
}

function identities({ environments, accounts }: Inventory): ReadonlyMap<string, Identified> {
  const stacks = environments.flatMap((environment) => environment.stacks);
  return new Map<string, Identified>([
    ...stacks.flatMap(({ name: stack, resources }) => Object.entries(resources).map(([id, { type, name }]) => (
      [`${type} ${id} of ${stack}`, { type, identity: name }] as const))),
    ...environments.flatMap(({ account, region, repositories }) => repositories.map(({ repositoryName: name, createdAt }) => (
      [`repository ${name} in ${account}, ${region}`, { type: 'AWS::ECR::Repository', identity: createdAt }] as const))),
    ...accounts.flatMap(({ roles }) => roles.map(({ arn, id }) => [arn, { type: 'AWS::IAM::Role', identity: id }] as const)),
  ]);
}
