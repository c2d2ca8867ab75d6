import { IConstruct } from 'constructs';

const CONTRACTS = Symbol.for('cdk-shared-ecr.Contracts');
/** What was read is of this copy of the library, and so is the place where it is kept. */
const READ = Symbol('cdk-shared-ecr.ContractsRead');

interface Root extends IConstruct {
  readonly [CONTRACTS]?: Set<string>;
  readonly [READ]?: Map<string, unknown>;
}

/** Makes a contract known to all of the app, by the absolute name of its file. Reads it, if that was not done. */
export function useContract<T>(scope: IConstruct, file: string, read: (file: string) => T): T {
  const root: Root = scope.node.root;
  const { [CONTRACTS]: files = new Set(), [READ]: parts = new Map<string, unknown>() } = root;
  const part = parts.has(file) ? parts.get(file) as T : read(file);
  Object.defineProperty(root, CONTRACTS, { value: files.add(file), configurable: true });
  Object.defineProperty(root, READ, { value: parts.set(file, part), configurable: true });
  return part;
}

/** The absolute names of the contracts that an app uses. */
export function contractFilesOf({ node: { root } }: IConstruct): string[] {
  return [...(root as Root)[CONTRACTS] ?? []];
}
