import * as iam from 'aws-cdk-lib/aws-iam';
import { membersOf } from '../../src/halves/members';

const account = new iam.AccountPrincipal('111122223333');
const organization = new iam.OrganizationPrincipal('o-a1b2c3d4e5');

test('a principal is its own only member', () => {
  expect(membersOf(account)).toEqual([account]);
});

test('a composite principal has those that it is made of, to any depth', () => {
  const role = new iam.ArnPrincipal('arn:aws:iam::111122223333:role/app');

  expect(membersOf(new iam.CompositePrincipal(account, new iam.CompositePrincipal(organization, role)))).toEqual([account, organization, role]);
});
