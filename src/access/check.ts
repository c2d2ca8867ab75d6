import { readContract } from './contract/read-contract';
import { withContracts } from './contract/with-contracts';
import { Finding } from './findings/finding';
import { findingsOf } from './findings/findings';
import { Organization } from './judgement/organizations';
import { AccessModel, modelsOf } from './model/model';
import { readAssemblies } from './template/assemblies';

/** What is known of owners and organizations besides the assemblies. */
export interface Knowledge {
  /** The files of contracts. */
  readonly contracts?: readonly string[];
  readonly organizations?: readonly Organization[];
}

/**
 * Reads assemblies, those of owners and of consumers together.
 *
 * @throws if one of them, or a contract, cannot be read
 */
export function readWorlds(assemblies: readonly string[], { contracts = [] }: Knowledge = {}): AccessModel[] {
  const parts = contracts.map(readContract);
  return modelsOf(readAssemblies(assemblies)).map((world) => withContracts(world, parts));
}

/**
 * Everything that is wrong with the pulls of assemblies.
 *
 * @throws if one of them, or a contract, cannot be read
 */
export function check(assemblies: readonly string[], knowledge: Knowledge = {}): Finding[] {
  return findingsOf(readWorlds(assemblies, knowledge), knowledge.organizations);
}
