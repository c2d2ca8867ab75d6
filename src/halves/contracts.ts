import { IConstruct } from 'constructs';
import { ofApp } from './app-state';

const CONTRACTS = Symbol.for('cdk-shared-ecr.Contracts');
/** What was read is of this copy of the library, and so is the place where it is kept. */
const READ = Symbol('cdk-shared-ecr.ContractsRead');

/** Makes a contract known to all of the app, by the absolute name of its file. Reads it, if that was not done. */
export function useContract<T>(scope: IConstruct, file: string, read: (file: string) => T): T {
  const parts = ofApp(scope, READ, () => new Map<string, T>());
  const part = parts.get(file) ?? read(file);
  parts.set(file, part);
  filesIn(scope).add(file);
  return part;
}

/** The absolute names of the contracts that an app uses. */
export function contractFilesOf(scope: IConstruct): string[] {
  return [...filesIn(scope)];
}

function filesIn(scope: IConstruct): Set<string> {
  return ofApp(scope, CONTRACTS, () => new Set());
}
