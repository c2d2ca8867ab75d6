/** Where an account is in its organization; undefined for one that is in none. */
export type Place = { readonly organization: string; readonly path: string } | undefined;

export interface Registry {
  readonly account: string;
  readonly region: string;
}

export const REGION = 'us-east-1';
export const OTHER_REGION = 'eu-central-1';

/** An organization; one whose id begins with its id; and another one. */
export const [ORGANIZATION, LONGER_ORGANIZATION, OTHER_ORGANIZATION] = ['o-aaaaaaaaaa', 'o-aaaaaaaaaa0', 'o-bbbbbbbbbb'];

const ROOT = `${ORGANIZATION}/r-aa11/`;
/** An OU, one below it, one beside it, one whose id begins with its id, and one of another organization that is called the same below its root. */
export const [UNIT, UNIT_BELOW, UNIT_BESIDE, LONGER_UNIT, FOREIGN_UNIT] = [
  `${ROOT}ou-aa11-11111111/`, `${ROOT}ou-aa11-11111111/ou-aa11-22222222/`, `${ROOT}ou-aa11-33333333/`, `${ROOT}ou-aa11-111111110/`,
  `${OTHER_ORGANIZATION}/r-aa11/ou-aa11-11111111/`,
];

export const OWNERS: readonly string[] = ['100000000001', '100000000003'];
export const CONSUMERS: readonly string[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `20000000000${digit}`);

/** The organization of the demo, and accounts that are where it shares with accounts it does not name: in its OUs of sandboxes and of edge sites, and in none. */
const DEMO_ORGANIZATION = 'o-a1b2c3d4e5';
export const [SANDBOX, EDGE_SITE, NEWCOMER] = ['210000000001', '210000000002', '210000000003'];

/** Build and partner are of another organization: it is their own statements that let them in. */
function placesOfDemo(): Record<string, string> {
  const root = `${DEMO_ORGANIZATION}/r-ab12/`;
  const [own, others] = [['111111111111', '222222222222', '333333333333', '444444444444', '666666666666', NEWCOMER], ['555555555555', '777777777777', '888888888888']];
  return {
    ...Object.fromEntries(own.map((account) => [account, root])),
    ...Object.fromEntries(others.map((account) => [account, `${OTHER_ORGANIZATION}/r-aa11/`])),
    [SANDBOX]: `${root}ou-ab12-11111111/`,
    [EDGE_SITE]: `${root}ou-ab12-22222222/`,
  };
}

const PATHS: Readonly<Record<string, string>> = {
  100000000001: UNIT,
  100000000002: UNIT_BESIDE,
  100000000003: UNIT_BELOW,
  100000000004: FOREIGN_UNIT,
  200000000001: UNIT,
  200000000002: UNIT_BELOW,
  200000000003: UNIT_BESIDE,
  200000000004: ROOT,
  200000000005: LONGER_UNIT,
  200000000006: FOREIGN_UNIT,
  200000000007: `${LONGER_ORGANIZATION}/r-aa11/ou-aa11-11111111/`,
  200000000009: `${OTHER_ORGANIZATION}/r-aa11/`,
  200000000010: UNIT_BELOW,
  ...placesOfDemo(),
};

/** The account 200000000008 and whatever is not listed are in no organization. */
export function placeOf(account: string): Place {
  const path = PATHS[account];
  return path === undefined ? undefined : { organization: path.split('/')[0], path };
}

/** The organizations as a user of the library declares them. */
export function declaredOrganizations() {
  return [ORGANIZATION, LONGER_ORGANIZATION, OTHER_ORGANIZATION, DEMO_ORGANIZATION].map((organizationId) => {
    const members = Object.entries(PATHS).filter(([, path]) => path.startsWith(`${organizationId}/`));
    return { organizationId, accounts: members.map(([account]) => account), organizationPaths: Object.fromEntries(members) };
  });
}

export function nextAccount(account: string): string {
  return String(Number(account) + 1);
}

export function arnOf({ account, region }: Registry, name: string): string {
  return `arn:aws:ecr:${region}:${account}:repository/${name}`;
}
