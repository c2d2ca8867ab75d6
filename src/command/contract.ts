import { INPUT_HELP, inputsOf } from './inputs';
import { Subcommand } from './outcome';
import { ContractOfApp, contractOf, contractText } from '../access/contract/contract';

/** Writes what owners say, for the apps of consumers to be checked by. */
export const contract: Subcommand = {
  name: 'contract',
  usage: ['CDK.OUT...'],
  summary: 'writes the owner\'s side as JSON, to be published and given to check --contract',
  help: [
    'Writes the owner\'s side, repositories and registries with their policies, as JSON on standard output: publish it, and consumers check their',
    'apps by it, without the owner\'s assembly.',
    '',
    INPUT_HELP[0],
    '',
    'What cannot be in a contract is told on standard error.',
    'Exit codes: 0 it is written, 2 the input is bad, or there is nothing to write.',
  ],
  options: {},
  run: (args) => {
    const { notInContract, ...written } = inEveryWorld(inputsOf(args).worlds.map(contractOf));
    return { code: 0, out: contractText(written).trimEnd().split('\n'), err: notInContract.map((sentence) => `cdk-shared-ecr: ${sentence}`) };
  },
};

/** What is said however the conditions of the templates turn out: of what is not, no contract can tell. */
function inEveryWorld(contracts: readonly ContractOfApp[]): ContractOfApp {
  const repositories = common(contracts, (one) => one.repositories, ({ name, account, region }) => `the repository ${name} of account ${account}, ${region},`);
  const registries = common(contracts, (one) => one.registries, ({ account, region }) => `the registry of account ${account}, ${region},`);
  return {
    ...contracts[0],
    repositories: repositories.same,
    registries: registries.same,
    notInContract: [...new Set([...contracts.flatMap(({ notInContract }) => notInContract), ...repositories.others, ...registries.others])],
  };
}

/** What all contracts have, and sentences on what only some have. */
function common<T>(contracts: readonly ContractOfApp[], entriesOf: (contract: ContractOfApp) => readonly T[], wordsOf: (entry: T) => string) {
  const numbers = new Map<string, { readonly entry: T; readonly number: number }>();
  for (const entry of contracts.flatMap(entriesOf)) {
    const key = JSON.stringify(entry);
    numbers.set(key, { entry, number: (numbers.get(key)?.number ?? 0) + 1 });
  }
  const all = [...numbers.values()];
  return {
    same: all.filter(({ number }) => number === contracts.length).map(({ entry }) => entry),
    others: all.filter(({ number }) => number < contracts.length)
      .map(({ entry }) => `${wordsOf(entry)} is not in the contract: what it says depends on conditions that are known only at deployment`),
  };
}
