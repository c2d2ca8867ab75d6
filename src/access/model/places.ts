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

/** Where something is; `path` is its place in the app, that of a stack the stack's own. */
export interface Place extends RegistryPlace {
  readonly path: string;
}

export function placeOf({ stack: { account, region } }: StackScope, { path }: Resource): Place {
  return { path, account, region };
}

/** The resources of a stack that are of one of the types, by their logical ids. */
export function resourcesOf({ stack }: StackScope, ...types: string[]): Array<[string, Resource]> {
  return [...stack.resources].filter(([, { type }]) => types.includes(type));
}
