import { conditionsHold, Context, ContextValue, withVariables } from '../../../src/access/judgement/conditions';
import { statementsOf } from '../../../src/access/model/policy-document';
import { Truth } from '../../../src/access/template/truth';

const VALUES: Record<string, ContextValue> = {
  'aws:principalorgid': ['o-a'],
  'aws:principalorgpaths': ['o-a/r-b/ou-c/'],
  'aws:principalarn': ['arn:aws:iam::111111111111:role/ci/app'],
  'aws:principalaccount': ['111111111111'],
  'aws:principalisawsservice': ['false'],
  'aws:principaltag/team': ['<Stack/Team>'],
  'aws:tagkeys': ['a', 'b'],
  'aws:sourceip': 'unknown',
};
const context: Context = (key) => VALUES[key];
const holds = (Condition: unknown) => conditionsHold(statementsOf({ Statement: [{ Condition }] })[0].conditions, context);

test.each<[string, unknown, Truth]>([
  ['no conditions', undefined, 'yes'],
  ['one of the values', { StringEquals: { 'aws:PrincipalOrgID': ['o-b', 'o-a'] } }, 'yes'],
  ['none of the values', { StringEquals: { 'aws:principalorgid': ['o-b', 'o-c'] } }, 'no'],
  ['another case', { StringEquals: { 'aws:PrincipalOrgID': 'O-A' } }, 'no'],
  ['another case, ignored', { StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'O-A' } }, 'yes'],
  ['another case, ignored in the negative', { StringNotEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'O-A' } }, 'no'],
  ['a pattern', { StringLike: { 'aws:PrincipalArn': '*:role/ci/*' } }, 'yes'],
  ['a pattern that must not match', { StringNotLike: { 'aws:PrincipalArn': '*:role/ci/*' } }, 'no'],
  ['a pattern where none is meant', { StringEquals: { 'aws:PrincipalOrgID': 'o-*' } }, 'no'],
  ['an ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/ci/*' } }, 'yes'],
  ['an ARN, by the other operator', { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci/app' } }, 'yes'],
  ['an ARN whose account may be any', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam:*:role/ci/app' } }, 'no'],
  ['an ARN that it must not be', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:*' } }, 'yes'],
  ['a boolean', { Bool: { 'aws:PrincipalIsAWSService': 'FALSE' } }, 'yes'],
  ['a boolean that is one', { Bool: { 'aws:PrincipalIsAWSService': true } }, 'no'],
  ['a key that is not there', { StringEquals: { 'aws:SourceArn': 'x' } }, 'no'],
  ['a key that is not there, in the negative', { StringNotEquals: { 'aws:SourceArn': 'x' } }, 'yes'],
  ['a key that may be missing', { StringEqualsIfExists: { 'aws:SourceArn': 'x' } }, 'yes'],
  ['a key that may be missing but is not', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-b' } }, 'no'],
  ['a key that must be missing', { Null: { 'aws:SourceArn': 'true' } }, 'yes'],
  ['a key that must not be missing', { Null: { 'aws:SourceArn': 'false' } }, 'no'],
  ['a key that is there and must be', { Null: { 'aws:PrincipalOrgID': false } }, 'yes'],
  ['a key that may be missing for all that is known', { Null: { 'aws:SourceIp': 'true' } }, 'maybe'],
  ['a key that must be missing or not', { Null: { 'aws:PrincipalOrgID': '<Fn::If>' } }, 'maybe'],
  ['a key that only a request tells', { StringEquals: { 'aws:SourceIp': 'x' } }, 'maybe'],
  ['an address', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'maybe'],
  ['an operator that only a request decides', { NumericLessThan: { 'aws:PrincipalAccount': '5' } }, 'maybe'],
  ['an operator that is none', { constructor: { 'aws:PrincipalAccount': '5' } }, 'maybe'],
  ['a value of the deployment', { StringEquals: { 'aws:PrincipalTag/Team': 'web' } }, 'maybe'],
  ['a value of the deployment, in the negative', { StringNotEquals: { 'aws:PrincipalTag/Team': 'web' } }, 'maybe'],
  ['the same value of the deployment', { StringEquals: { 'aws:PrincipalTag/Team': '<Stack/Team>' } }, 'yes'],
  ['a variable', { StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalAccount}' } }, 'yes'],
  ['conditions of which one does not hold', { StringEquals: { 'aws:PrincipalOrgID': 'o-a', 'aws:PrincipalAccount': '2' }, Bool: { 'aws:SourceIp': 'true' } }, 'no'],
  ['conditions that nobody knows', '<Fn::If>', 'maybe'],
  ['keys that nobody knows', { StringEquals: '<Fn::If>' }, 'maybe'],
  ['any of many values', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-b/*', 'o-a/r-b/*'] } }, 'yes'],
  ['none of many values', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-b/*'] } }, 'no'],
  ['any other of many values', { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }, 'yes'],
  ['all of many values', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, 'yes'],
  ['not all of many values', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'c'] } }, 'no'],
  ['any of no values', { 'ForAnyValue:StringEquals': { 'aws:SourceOrgPaths': ['a'] } }, 'no'],
  ['any other of no values', { 'ForAnyValue:StringNotEquals': { 'aws:SourceOrgPaths': ['a'] } }, 'no'],
  ['all of no values', { 'ForAllValues:StringEquals': { 'aws:SourceOrgPaths': ['a'] } }, 'yes'],
  ['many values under an operator for one', { StringLike: { 'aws:PrincipalOrgPaths': 'o-a/*' } }, 'no'],
  ['many values under an operator for one, in the negative', { StringNotLike: { 'aws:PrincipalOrgPaths': 'o-a/*' } }, 'yes'],
])('%s', (_, condition, expected) => {
  expect(holds(condition)).toBe(expected);
});

test('an operator may be called like what every object has', () => {
  expect(holds(JSON.parse('{ "__proto__": { "aws:PrincipalAccount": "5" } }'))).toBe('maybe');
});

test.each([
  ['no variable', 'no variable'],
  ['${aws:PrincipalAccount}/${ aws:principalorgid }', '111111111111/o-a'],
  ['${aws:PrincipalAccount, \'none\'}', '111111111111'],
  ['${aws:SourceArn, \'none\'}', 'none'],
  ['${aws:SourceArn}', '\0'],
  ['${aws:TagKeys}', '<aws:tagkeys>'],
  ['${aws:SourceIp}', '<aws:sourceip>'],
  ['${*}', '<*>'],
])('variables: %j is %j', (text, expected) => {
  expect(withVariables(text, context)).toBe(expected);
});
