import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Subject } from './apps/app';
import { contractOf, contractText } from '../src/access/contract/contract';
import { ContractPart, readContract } from '../src/access/contract/read-contract';
import { withContracts } from '../src/access/contract/with-contracts';
import { Finding } from '../src/access/findings/finding';
import { findingsOf } from '../src/access/findings/findings';
import { AccessModel, modelsOf } from '../src/access/model/model';

/** What is said of an app. */
export type Judge = (subject: Subject) => Finding[];

/** What the library says of an app: of the owner's part, where it is known by its contract only, what the contract tells. */
export const LIBRARY: Judge = ({ templates, byContract, organizations }) => {
  const owners = modelsOf(byContract).filter(({ repositories, registries }) => repositories.length + registries.length > 0);
  const contracts = owners.map(contractFor);
  return findingsOf(modelsOf(templates).map((world) => withContracts(world, contracts)), organizations);
};

/** The contract goes through a file, as it does between teams. */
function contractFor(owner: AccessModel): ContractPart {
  const directory = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    const file = join(directory, 'contract.json');
    writeFileSync(file, contractText(contractOf(owner)));
    return readContract(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
