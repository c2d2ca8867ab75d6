import { readFileSync } from 'fs';
import { Arguments } from './arguments';
import { USAGE } from './usage';
import { readWorlds } from '../access/check';
import { Organization, organizationsFrom } from '../access/judgement/organizations';
import { AccessModel } from '../access/model/model';

/** What all subcommands judge by. */
export interface Inputs {
  readonly worlds: readonly AccessModel[];
  readonly organizations: readonly Organization[];
}

export const INPUT_OPTIONS = { contract: 'values', organization: 'values' } as const;

export const INPUT_HELP: readonly string[] = [
  '  CDK.OUT              a cloud assembly; several are judged together, those of owners and of consumers',
  '  --contract FILE      what an owner has published by "cdk-shared-ecr contract", in place of its assembly; may be given again',
  '  --organization FILE  the accounts of an organization, as JSON, or a list of such; may be given again:',
  '                       { "organizationId": "o-...", "accounts": ["111122223333"], "organizationPaths": { "111122223333": "o-.../r-.../ou-..." } }',
];

/**
 * Reads what the arguments name.
 *
 * @throws if anything of it cannot be read
 */
export function inputsOf(args: Arguments): Inputs {
  if (args.positionals.length === 0) {
    throw new Error(`which cloud assembly? Name the directory that "cdk synth" wrote, by default cdk.out; ${USAGE}`);
  }
  const organizations = organizationsIn(args.values('organization'));
  return { worlds: readWorlds(args.positionals, { contracts: args.values('contract') }), organizations };
}

function organizationsIn(files: readonly string[]): Organization[] {
  const declared = files.flatMap((file) => organizationsFrom(jsonIn(file), JSON.stringify(file)));
  const byAccount = new Map<string, Organization>();
  for (const organization of declared) {
    for (const account of organization.accounts) {
      if (byAccount.has(account)) {
        throw new Error(`account ${account} is in several of the files ${files.map((file) => JSON.stringify(file)).join(', ')}, but an account is in one organization, once`);
      }
      byAccount.set(account, organization);
    }
  }
  return declared;
}

function jsonIn(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`the organization file ${JSON.stringify(file)} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`the organization file ${JSON.stringify(file)} is not JSON: ${(error as Error).message}`);
  }
}
