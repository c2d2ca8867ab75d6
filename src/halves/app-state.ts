import { IConstruct } from 'constructs';

/** What is known once for each app hangs on the root of its constructs, since nothing is global. It is made when it is first asked for. */
export function ofApp<T>({ node: { root } }: IConstruct, key: symbol, make: () => T): T {
  if (!Object.hasOwn(root, key)) {
    Object.defineProperty(root, key, { value: make() });
  }
  return (root as IConstruct & Readonly<Record<symbol, T>>)[key];
}
