import { ACCOUNT_ID, Format, ORGANIZATION_ID, requireFormat } from '../../policy/formats';
import { isFields } from '../template/template';

/** An organization, as whoever asks has declared it. */
export interface Organization {
  readonly organizationId: string;
  readonly accounts: readonly string[];
  /** Where accounts are in it, `o-…/r-…/ou-…/`, as far as that is declared. */
  readonly organizationPaths?: Readonly<Record<string, string>>;
}

const PLACE: Format = {
  pattern: /^o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})*\/?$/,
  allowed: 'the place of an account runs from the organization over its root to the OU that the account is in, for example "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111"',
};

const FIELDS = ['organizationId', 'accounts', 'organizationPaths'];

/**
 * Organizations as somebody has declared them: one, or a list.
 *
 * @param where what is said of the place of the declaration if something is wrong with it
 */
export function organizationsFrom(declared: unknown, where: string): Organization[] {
  const organizations = Array.isArray(declared)
    ? declared.map((one, index) => organizationFrom(one, `${where}[${index}]`))
    : [organizationFrom(declared, where)];
  const accounts = organizations.flatMap((organization) => organization.accounts);
  const twice = accounts.find((account, index) => accounts.indexOf(account) !== index);
  if (twice !== undefined) {
    throw new Error(`${where} has the account ${twice} twice, but an account is in one organization, once`);
  }
  return organizations;
}

function organizationFrom(declared: unknown, where: string): Organization {
  if (!isFields(declared)) {
    throw new Error(`${where} is ${JSON.stringify(declared)}, but an organization is declared as { "organizationId": "o-...", "accounts": ["111122223333"] }`);
  }
  const unknown = Object.keys(declared).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) {
    throw new Error(`${where} has ${JSON.stringify(unknown)}, but an organization is declared with ${FIELDS.join(', ')}`);
  }
  const { organizationId, accounts, organizationPaths = {} } = declared;
  requireFormat(ORGANIZATION_ID, `${where}.organizationId`, organizationId);
  if (!Array.isArray(accounts) || accounts.length === 0) {
    throw new Error(`${where}.accounts is ${JSON.stringify(accounts)}, but the accounts of an organization are a list of account ids, and at least one`);
  }
  accounts.forEach((account, index) => requireFormat(ACCOUNT_ID, `${where}.accounts[${index}]`, account));
  if (!isFields(organizationPaths)) {
    throw new Error(`${where}.organizationPaths is ${JSON.stringify(organizationPaths)}, but it says for account ids where each account is`);
  }
  for (const [account, path] of Object.entries(organizationPaths)) {
    if (!accounts.includes(account)) {
      throw new Error(`${where}.organizationPaths has ${JSON.stringify(account)}, which is not in ${where}.accounts`);
    }
    requireFormat(PLACE, `${where}.organizationPaths[${JSON.stringify(account)}]`, path);
    if (!(path as string).startsWith(`${organizationId}/`)) {
      throw new Error(`${where}.organizationPaths[${JSON.stringify(account)}] is ${JSON.stringify(path)}, which is not in the organization ${organizationId}`);
    }
  }
  return { organizationId: organizationId as string, accounts, organizationPaths: organizationPaths as Record<string, string> };
}
