import { accountsLetIn, isAbout } from '../../../src/access/findings/let-in';
import { statementsOf } from '../../../src/access/model/policy-document';

const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';
const A = '222222222222';
const B = '333333333333';
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const statementOf = (statement: object) => statementsOf({ Statement: statement })[0];

test.each<[string, object, string[]]>([
  ['accounts', { Principal: { AWS: [A, `arn:aws:iam::${B}:root`] } }, [`AWS ${A}`, `AWS ${B}`]],
  ['a role', { Principal: { AWS: `arn:aws:iam::${A}:role/app` } }, [`AWS ${A}`]],
  ['anybody', { Principal: '*' }, ['AWS *']],
  ['all but one', { NotPrincipal: { AWS: A } }, ['AWS *']],
  ['an organization', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } }, ['AWS *']],
  ['an account by a condition', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': [A, B] } } }, [`AWS ${A}`, `AWS ${B}`]],
  ['a role by a condition', { Principal: { AWS: [A, B] }, Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${A}:role/app` } } }, [`AWS ${A}`]],
  ['roles of two accounts', { Principal: { AWS: [A, B] }, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } } }, [`AWS ${A}`, `AWS ${B}`]],
  ['another account by a condition that is none', { Principal: { AWS: A }, Condition: { StringNotEquals: { 'aws:PrincipalAccount': B } } }, [`AWS ${A}`]],
  ['anybody who has no other account', { Principal: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:PrincipalAccount': A } } }, ['AWS *']],
  ['an account that is known at deployment', { Principal: { AWS: '<Stack/Account>' } }, ['AWS <Stack/Account>']],
  ['functions of an account', { Principal: LAMBDA, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${A}:function:*` } } }, [`Service ${A}`]],
  ['functions of any account', { Principal: LAMBDA }, ['Service *']],
])('a statement lets in %s', (_, statement, expected) => {
  expect(accountsLetIn(statementOf(statement)).map(({ type, account }) => `${type} ${account}`)).toEqual(expected);
});

test.each([
  [{ Action: 'ecr:*' }, 'yes'],
  [{ Action: 'ecr:BatchGetImage' }, 'no'],
  [{ NotAction: 'ecr:PutImage' }, 'yes'],
  [{ Action: '*', Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/web-*' }, 'yes'],
  [{ Action: '*', Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/api' }, 'no'],
  [{ Action: '*', Resource: '<Stack/Parameter>' }, 'maybe'],
  [{ Action: '*', Principal: { AWS: '444444444444' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } }, 'yes'],
])('%j is about pulling web-app: %s', (statement, expected) => {
  expect(isAbout(statementOf(statement), ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], ARN)).toBe(expected);
});
