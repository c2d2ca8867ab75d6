import { ContractRepository } from './contract';
import { ContractPart } from './read-contract';
import { distanceOf } from '../nearest';

/**
 * The repository of a name. Where several have it, the one in the given Region.
 *
 * @throws if there is none, or nothing tells which of several is meant
 */
export function findRepository({ file, contract: { repositories } }: ContractPart, repositoryName: string, region: string): ContractRepository {
  const named = repositories.filter(({ name }) => name === repositoryName);
  if (named.length === 0) {
    throw new Error(`repositoryName is ${JSON.stringify(repositoryName)}, but the contract ${JSON.stringify(file)} has no such repository; ${namesIn(repositories, repositoryName)}`);
  }
  const nearby = named.filter((one) => one.region === region);
  const candidates = named.length === 1 ? named : nearby;
  if (candidates.length !== 1) {
    throw new Error(`repositoryName is ${JSON.stringify(repositoryName)}, but the contract ${JSON.stringify(file)} has ${named.length} of that name, `
      + `and ${nearby.length === 0 ? 'none of them is' : 'more than one is'} in the Region of the stack: ${named.map((one) => `account ${one.account}, Region ${one.region}`).join('; ')}; `
      + 'use SharedEcrRepository.fromRepositoryArn, which takes account and Region');
  }
  return candidates[0];
}

const MOST_NAMES = 10;

function namesIn(repositories: readonly ContractRepository[], wanted: string): string {
  const names = [...new Set(repositories.map(({ name }) => name))]
    .map((name) => ({ name, distance: distanceOf(name, wanted) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
  const rest = names.length - MOST_NAMES;
  return names.length === 0 ? 'it has none at all' : `it has ${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
