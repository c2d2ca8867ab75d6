import { Aws, Stack, Stage, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { partitionOf } from '../policy/addresses';
import { Registry } from '../policy/grant';

/** Where something is deployed; a token where only the deployment knows. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** How the place of a consumer relates to the place of an owner. */
export enum Relation {
  /** At least one of the two is known only at deployment. (Environment-agnostic stacks are the same: CDK deploys them to one place.) */
  UNKNOWN = 'UNKNOWN',
  SAME = 'SAME',
  DIFFERENT = 'DIFFERENT',
}

export function compare(a: string, b: string): Relation {
  if (a === b) {
    return Relation.SAME;
  }
  return Token.isUnresolved(a) || Token.isUnresolved(b) ? Relation.UNKNOWN : Relation.DIFFERENT;
}

/** Whether the template of the construct was written already: what is added to it now would be lost. */
export function wasWritten(construct: IConstruct): boolean {
  return (Stage.of(construct) as { assembly?: unknown } | undefined)?.assembly !== undefined;
}

export function sameEnvironment(a: Environment, b: Environment): boolean {
  return compare(a.account, b.account) === Relation.SAME && compare(a.region, b.region) === Relation.SAME;
}

/** Whether the deployment is left to say where it goes, in part or in all. */
export function isAgnostic({ account, region }: Environment): boolean {
  return Token.isUnresolved(account) || Token.isUnresolved(region);
}

/** Whether a construct is deployed to an environment. Of what only the deployment places, another Stage than the viewer's is elsewhere. */
export function isDeployedTo(environment: Environment, construct: IConstruct, viewer: IConstruct): boolean {
  return sameEnvironment(Stack.of(construct), environment) && (!isAgnostic(environment) || Stage.of(construct) === Stage.of(viewer));
}

/** Throws if the two are in different partitions of AWS, between which nothing can be granted or copied. */
export function requireSamePartition(what: string, region: string, other: string, otherRegion: string, remedy: string): void {
  if (!Token.isUnresolved(region) && !Token.isUnresolved(otherRegion) && partitionNameOf(region) !== partitionNameOf(otherRegion)) {
    throw new Error(`${what} is in Region ${region} and ${other} in Region ${otherRegion}, which are in different partitions of AWS, ${remedy}`);
  }
}

/** Throws if nothing can be added to the stack any more. */
export function requireUnwritten(stack: Stack): void {
  if (wasWritten(stack)) {
    const stage = Stage.of(stack)!.node.path;
    throw new Error(`'${stack.node.path}' was already written with ${stage ? `its Stage '${stage}'` : 'its app'}, so what is added to it would be lost; add it before that is synthesized`);
  }
}

/** The registry of an environment. The partition follows from the Region, whatever feature flags the app has. */
export function registryOf({ account, region }: Environment): Registry {
  return { account, region, partition: partitionNameOf(region) };
}

export function partitionNameOf(region: string): string {
  return Token.isUnresolved(region) ? Aws.PARTITION : partitionOf(region).name;
}

export function urlSuffixOf(region: string): string {
  return Token.isUnresolved(region) ? Aws.URL_SUFFIX : partitionOf(region).urlSuffix;
}

/** Whether CloudFormation can carry a reference from the owner's stack to the consumer's: same Stage, same account, same Region. */
export function canRefer(owner: Stack, consumer: Stack): boolean {
  return Stage.of(owner) === Stage.of(consumer)
    && compare(owner.account, consumer.account) === Relation.SAME
    && compare(owner.region, consumer.region) === Relation.SAME;
}

/** Whether CDK can be told to deploy one stack before another: both are in one Stage, and the first does not wait for the second. */
export function canPrecede(first: Stack, then: Stack): boolean {
  return Stage.of(first) === Stage.of(then) && !dependsOn(outermost(first), outermost(then));
}

/** The stack that is deployed by itself, and has a name before it is: a nested one is not and has none. */
export function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}

function dependsOn(stack: Stack, other: Stack): boolean {
  return stack.dependencies.some((dependency) => dependency === other || dependsOn(dependency, other));
}

/** Throws unless the environment is known well enough to be written into another environment's template. */
export function requireKnown(owner: IConstruct, environment: Environment, consumer: IConstruct): void {
  if (Token.isUnresolved(environment.account) || Token.isUnresolved(environment.region)) {
    throw new Error(`'${owner.node.path}' is in an environment-agnostic stack and is used by '${consumer.node.path}' in another environment `
      + `(${describe(Stack.of(consumer))}), so its address cannot be computed; `
      + `give the stack of '${owner.node.path}' an explicit environment: env: { account, region }`);
  }
}

export function describe({ account, region }: Environment): string {
  const show = (value: string) => (Token.isUnresolved(value) ? 'agnostic' : value);
  return `account ${show(account)}, Region ${show(region)}`;
}
