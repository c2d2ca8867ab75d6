import { Resource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Grant, Who } from '../../src/policy/grant';
import { allowGrantees, Grantee } from '../../src/registry/grantees';
import { AGNOSTIC, CONSUMER, errorOf, newApp, newRole, newStack, OWNER, PULL } from '../support';

class Owner extends Resource {}

const app = newApp();
const owner = new Owner(newStack(app, 'Owner', OWNER), 'Owner');
/** A grantee that stands for one principal. */
const granteeOf = (principal: iam.IPrincipal): Grantee => ({
  toString: () => `<${principal}>`,
  _grantsFor: (use, identify) => identify(principal).map((who) => ({ who, actions: [use] })),
});

function added(...principals: iam.IPrincipal[]): Array<[Grant[], string]> {
  const calls: Array<[Grant[], string]> = [];
  allowGrantees(owner, 'pull', principals.map(granteeOf), (grants, grantee) => calls.push([grants, grantee]));
  return calls;
}

test('each grantee is added with its own grants and its name, in order', () => {
  expect(added(new iam.AccountPrincipal('111122223333'), new iam.AccountPrincipal('444455556666')).map(([grants, grantee]) => [grants.map(({ actions }) => actions), grantee])).toEqual([
    [[['pull']], '<AccountPrincipal(111122223333)>'], [[['pull']], '<AccountPrincipal(444455556666)>'],
  ]);
  expect(added()).toEqual([]);
});

test.each<[string, () => iam.IPrincipal, Who]>([
  ['a role of another account, by its name', () => newRole(newStack(app, 'Consumer', CONSUMER), { roleName: 'app' }), { kind: 'identity', account: '111122223333', name: 'role/app' }],
  ['an imported role at home, by its ARN', () => iam.Role.fromRoleArn(owner, 'Home', 'arn:aws:iam::999999999999:role/app'), { kind: 'arn', arn: 'arn:aws:iam::999999999999:role/app' }],
  ['an organization', () => new iam.OrganizationPrincipal('o-a1b2c3d4e5'), { kind: 'organization', organization: 'o-a1b2c3d4e5' }],
])('the policy is all that a grantee gets: %s', (_, principal, who) => {
  expect(added(principal()).flatMap(([grants]) => grants)).toEqual([{ who, actions: ['pull'] }]);
});

test('if one cannot be granted to, none is', () => {
  const calls: unknown[] = [];
  const agnostic = newRole(newStack(app, 'Agnostic', AGNOSTIC), { roleName: 'app' });
  const refused: Grantee = { toString: () => 'refused', _grantsFor: () => { throw new Error('refused'); } };
  const named = { toString: () => 'named', _grantsFor: () => [{ who: { kind: 'account', account: '111122223333' }, actions: PULL }] } as Grantee;

  expect(errorOf(() => allowGrantees(owner, 'pull', [named, refused], (grants) => calls.push(grants)))).toBe('refused');
  expect(errorOf(() => allowGrantees(owner, 'pull', [named, granteeOf(agnostic)], (grants) => calls.push(grants))))
    .toBe("'Agnostic/Role' is in an environment-agnostic stack and is granted access to 'Owner/Owner' (account 999999999999, Region us-east-1), "
      + "so the repository policy cannot name its account; give the stack of 'Agnostic/Role' an explicit environment: env: { account, region }");
  expect(calls).toEqual([]);
});
