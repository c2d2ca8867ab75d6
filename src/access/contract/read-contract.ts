import { readFileSync, statSync } from 'fs';
import { checkedRegistry, checkedRepository, eachOf, refuseOthers, wrong } from './checks';
import { Contract, KIND, VERSION } from './contract';
import { isDeeper } from '../template/json';
import { Fields, isFields } from '../template/template';

/** A contract, and the file that it was read from. */
export interface ContractPart {
  readonly file: string;
  readonly contract: Contract;
}

/** More than the contract of any account: 100,000 repositories, the most that a registry may have, are about half of it. */
const MOST_MEGABYTES = 50;
/** A policy in a contract is about a dozen deep. */
const DEEPEST = 64;

/**
 * Reads the contract that an owner has published.
 *
 * @throws if it cannot be read, or anything in it is not as it must be; the message names the file and the place in it
 */
export function readContract(file: string): ContractPart {
  try {
    return { file, contract: checked(parsed(textOfFile(file))) };
  } catch (error) {
    throw new Error(`the contract ${JSON.stringify(file)} ${(error as Error).message}`);
  }
}

function textOfFile(file: string): string {
  const { bytes, problem } = bytesOf(file);
  if (bytes === undefined) {
    throw new Error(`cannot be read: ${problem}`);
  }
  // What a shell of Windows writes by ">" may be UTF-16.
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
  return text.replace(/^\uFEFF/, '');
}

function bytesOf(file: string): { readonly bytes?: Buffer; readonly problem?: string } {
  const most = MOST_MEGABYTES * 1024 * 1024;
  const problem = `it is bigger than ${MOST_MEGABYTES} MB, which no contract is`;
  try {
    const bytes = statSync(file).size > most ? undefined : readFileSync(file);
    return bytes && bytes.length <= most ? { bytes } : { problem };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? 'there is no such file; its owner writes it by "npx cdk-shared-ecr contract cdk.out"' : message };
  }
}

function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${(error as Error).message}`);
  }
  // Those who walk through it by calling themselves would fail.
  if (isDeeper(value, DEEPEST)) {
    throw new Error(`is nested more than ${DEEPEST} deep, which no contract is`);
  }
  return value;
}

function checked(value: unknown): Contract {
  if (!isFields(value) || value.kind !== KIND) {
    throw new Error(`is none: ${wrong(isFields(value) ? value.kind : value, isFields(value) ? 'kind' : 'it', `a contract is an object whose kind is "${KIND}"`).message}`);
  }
  const { version } = value;
  if (version !== VERSION) {
    const isNewer = typeof version === 'number' && version > VERSION;
    throw new Error(isNewer
      ? `was written by a newer release of cdk-shared-ecr: its version is ${version}, and this release reads ${VERSION}; update cdk-shared-ecr here`
      : `cannot be used: ${wrong(version, 'version', `this release reads ${VERSION}; let its owner write it anew`).message}`);
  }
  return requireConsistent(checkedParts(value));
}

function checkedParts(value: Fields): Contract {
  const { repositories, registries } = value;
  try {
    refuseOthers(value, 'the whole', ['kind', 'version', 'repositories', 'registries']);
    eachOf(repositories, 'repositories', checkedRepository);
    eachOf(registries, 'registries', checkedRegistry);
  } catch (error) {
    throw new Error(`is damaged: ${(error as Error).message}`);
  }
  return value as unknown as Contract;
}

/** What stands there twice could be said in two ways. */
function requireConsistent(contract: Contract): Contract {
  requireOnce('repositories', contract.repositories, ({ account, region, name }) => `${account} ${region} ${name}`);
  requireOnce('registries', contract.registries, ({ account, region }) => `${account} ${region}`);
  return contract;
}

function requireOnce<T>(what: string, entries: readonly T[], keyOf: (entry: T) => string): void {
  const seen = new Map<string, number>();
  entries.forEach((entry, index) => {
    const before = seen.get(keyOf(entry));
    if (before !== undefined) {
      throw new Error(`is damaged: ${what}[${index}] is what ${what}[${before}] is, ${keyOf(entry)}, but each may stand there once`);
    }
    seen.set(keyOf(entry), index);
  });
}
