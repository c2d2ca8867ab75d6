import { organizationsFrom } from '../../../src/access/judgement/organizations';

const ORGANIZATION = { organizationId: 'o-a1b2c3d4e5', accounts: ['111111111111', '222222222222'] };
const PATHS = { 222222222222: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' };

test('an organization is declared alone or in a list', () => {
  const read = { ...ORGANIZATION, organizationPaths: PATHS };
  expect(organizationsFrom(read, 'orgs')).toEqual([read]);
  expect(organizationsFrom([read, { organizationId: 'o-9999999999', accounts: ['333333333333'] }], 'orgs'))
    .toEqual([read, { organizationId: 'o-9999999999', accounts: ['333333333333'], organizationPaths: {} }]);
});

test('an account may be at the root of its organization', () => {
  const [{ organizationPaths }] = organizationsFrom({ ...ORGANIZATION, organizationPaths: { 111111111111: 'o-a1b2c3d4e5/r-ab12' } }, 'orgs');
  expect(organizationPaths).toEqual({ 111111111111: 'o-a1b2c3d4e5/r-ab12' });
});

test.each<[string, unknown, string]>([
  ['a text', 'o-a1b2c3d4e5', 'orgs is "o-a1b2c3d4e5", but an organization is declared as { "organizationId": "o-...", "accounts": ["111122223333"] }'],
  ['nothing', null, 'orgs is null, but an organization is declared as'],
  ['a wrong one in a list', [ORGANIZATION, 7], 'orgs[1] is 7, but an organization is declared as'],
  ['an unknown field', { ...ORGANIZATION, account: [] }, 'orgs has "account", but an organization is declared with organizationId, accounts, organizationPaths'],
  ['a wrong id', { ...ORGANIZATION, organizationId: 'a1b2' }, 'orgs.organizationId is "a1b2", but an organization id is "o-"'],
  ['no accounts', { ...ORGANIZATION, accounts: [] }, 'orgs.accounts is [], but the accounts of an organization are a list of account ids, and at least one'],
  ['accounts that are none', { ...ORGANIZATION, accounts: '111111111111' }, 'orgs.accounts is "111111111111", but'],
  ['a wrong account', { ...ORGANIZATION, accounts: ['111111111111', 222222222222] }, 'orgs.accounts[1] is 222222222222, but an account id is 12 digits'],
  ['an account twice', { ...ORGANIZATION, accounts: ['111111111111', '111111111111'] }, 'orgs has the account 111111111111 twice, but an account is in one organization, once'],
  ['an account in two organizations', [ORGANIZATION, { ...ORGANIZATION, organizationId: 'o-9999999999' }], 'orgs has the account 111111111111 twice'],
  ['places that are none', { ...ORGANIZATION, organizationPaths: [] }, 'orgs.organizationPaths is [], but it says for account ids where each account is'],
  ['the place of another account', { ...ORGANIZATION, organizationPaths: { 333333333333: PATHS['222222222222'] } }, 'orgs.organizationPaths has "333333333333", which is not in orgs.accounts'],
  ['a wrong place', { ...ORGANIZATION, organizationPaths: { 222222222222: 'ou-ab12-11111111' } },
    'orgs.organizationPaths["222222222222"] is "ou-ab12-11111111", but the place of an account runs from the organization over its root'],
  ['a place in another organization', { ...ORGANIZATION, organizationPaths: { 222222222222: 'o-9999999999/r-ab12' } },
    'orgs.organizationPaths["222222222222"] is "o-9999999999/r-ab12", which is not in the organization o-a1b2c3d4e5'],
])('%s is refused', (_, declared, message) => {
  expect(() => organizationsFrom(declared, 'orgs')).toThrow(message);
});
