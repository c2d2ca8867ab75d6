import { StackScope } from '../template/stack-scope';
import { Resource } from '../template/template';

/** Where a registry is: there is one in each Region of an account. */
export interface RegistryPlace {
  readonly account: string;
  readonly region: string;
}

export function isSamePlace(a: RegistryPlace, b: RegistryPlace): boolean {
  return a.account === b.account && a.region === b.region;
}

/** `account 111122223333, us-east-1` */
export function registryInWords({ account, region }: RegistryPlace): string {
  return `account ${account}, ${region}`;
}

/** Where a resource is: in an account and a Region, in an app, and in a template. */
export interface Place extends RegistryPlace {
  /** The construct path. */
  readonly path: string;
  /** The construct path of the stack that is deployed; of a resource in a nested stack, that of the outermost one. */
  readonly stack: string;
  /** The file of the template, and the resource's name there. */
  readonly file: string;
  readonly logicalId: string;
}

export function placeOf({ stack: { account, region, root, file } }: StackScope, { path, logicalId }: Resource): Place {
  return { path, account, region, stack: root, file, logicalId };
}

/** The place of something that has one, and nothing else of it. */
export function placeIn({ path, account, region, stack, file, logicalId }: Place): Place {
  return { path, account, region, stack, file, logicalId };
}

/** The resources of a stack that are of one of the types, by their logical ids. */
export function resourcesOf(scope: StackScope, ...types: string[]): Array<[string, Resource]> {
  return [...scope.stack.resources].filter(([, resource]) => types.includes(resource.type) && scope.has(resource));
}
