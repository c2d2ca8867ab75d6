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
