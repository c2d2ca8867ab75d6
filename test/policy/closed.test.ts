import { closedBy, closingKeys } from '../../src/policy/closed';
import { Conditions } from '../../src/policy/grant';

const ORGANIZATION = 'o-a1b2c3d4e5';
const ACCOUNT = '111122223333';
const PATH = 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*';
const ROLE = 'arn:aws:iam::111122223333:role/app';
const FUNCTION = 'arn:aws:lambda:us-east-1:111122223333:function:*';

type Case = [string, Conditions];

const one = (operator: string, key: string, value: unknown): Conditions => ({ [operator]: { [key]: value } });

describe('everybody is shut out but those of one organization or account by', () => {
  test.each<[string, string, Conditions]>([
    ['an organization', 'aws:principalorgid', one('StringEquals', 'aws:PrincipalOrgID', ORGANIZATION)],
    ['several organizations', 'aws:principalorgid', one('StringEquals', 'aws:PrincipalOrgID', [ORGANIZATION, 'o-zzzzzzzzzz'])],
    ['an organization, as a pattern without a wildcard', 'aws:principalorgid', one('StringLike', 'aws:PrincipalOrgID', ORGANIZATION)],
    ['an organization, case ignored', 'aws:principalorgid', one('StringEqualsIgnoreCase', 'aws:PrincipalOrgID', ORGANIZATION)],
    ['an organization, as one of a set', 'aws:principalorgid', one('ForAnyValue:StringEquals', 'aws:PrincipalOrgID', ORGANIZATION)],
    ['a key in any case', 'aws:principalorgid', one('StringEquals', 'AWS:principalOrgId', ORGANIZATION)],
    ['an OU', 'aws:principalorgpaths', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', PATH)],
    ['exactly an OU', 'aws:principalorgpaths', one('ForAnyValue:StringEquals', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/')],
    ['all paths of an organization', 'aws:principalorgpaths', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', ['o-a1b2c3d4e5/*'])],
    ['an account', 'aws:principalaccount', one('StringEquals', 'aws:PrincipalAccount', ACCOUNT)],
    ['a role', 'aws:principalarn', one('ArnEquals', 'aws:PrincipalArn', ROLE)],
    ['the roles of an account', 'aws:principalarn', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*')],
    ['the roles of an account in any partition', 'aws:principalarn', one('ArnLike', 'aws:PrincipalArn', 'arn:*:iam::111122223333:role/*')],
    ['the roles of an account, as a string', 'aws:principalarn', one('StringLike', 'aws:PrincipalArn', 'arn:aws:iam::111122223333:role/*')],
    ['a role, as a string', 'aws:principalarn', one('StringEquals', 'aws:PrincipalArn', ROLE)],
    ['a value that only the deployment knows', 'aws:principalorgid', one('StringEquals', 'aws:PrincipalOrgID', { Ref: 'Organization' })],
    ['a list, some of which only the deployment knows', 'aws:principalorgid',
      one('StringEquals', 'aws:PrincipalOrgID', [ORGANIZATION, { Ref: 'Organization' }])],
    ['one good condition among others', 'aws:principalorgid',
      { Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:PrincipalTag/team': 'web', 'aws:PrincipalOrgID': ORGANIZATION } }],
  ])('%s', (_, key, conditions) => {
    expect(closedBy('AWS', conditions)).toEqual([key]);
  });
});

describe('a service is shut out but on behalf of one organization or account by', () => {
  test.each<[string, string, Conditions]>([
    ['the ARN of its functions', 'aws:sourcearn', one('ArnLike', 'aws:SourceArn', FUNCTION)],
    ['the ARN in any Region', 'aws:sourcearn', one('ArnLike', 'aws:sourceARN', 'arn:aws:lambda:*:111122223333:function:*')],
    ['the ARN, as a string', 'aws:sourcearn', one('StringLike', 'aws:SourceArn', FUNCTION)],
    ['the account', 'aws:sourceaccount', one('StringEquals', 'aws:SourceAccount', [ACCOUNT])],
    ['the organization', 'aws:sourceorgid', one('StringEquals', 'aws:SourceOrgID', ORGANIZATION)],
    ['an OU', 'aws:sourceorgpaths', one('ForAnyValue:StringLike', 'aws:SourceOrgPaths', [PATH])],
    ['an ARN that only the deployment knows', 'aws:sourcearn', one('ArnLike', 'aws:SourceArn', { 'Fn::GetAtt': ['Function', 'Arn'] })],
  ])('%s', (_, key, conditions) => {
    expect(closedBy('Service', conditions)).toEqual([key]);
  });
});

test('all keys that close are told', () => {
  expect(closedBy('AWS', { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION }, ArnLike: { 'aws:PrincipalArn': ROLE } }))
    .toEqual(['aws:principalorgid', 'aws:principalarn']);
});

describe('everybody may be behind a principal with', () => {
  const wrongOperators = [
    'StringNotEquals', 'StringNotEqualsIgnoreCase', 'StringNotLike', 'StringEqualsIfExists', 'StringLikeIfExists', 'ForAllValues:StringEquals',
    'ForAllValues:StringLike', 'ForAnyValue:StringNotEquals', 'ForAnyValue:StringEqualsIfExists', 'Null', 'Bool', 'NumericEquals', 'StringEqual',
    'stringequals', 'StringEquals ', 'ForAnyValues:StringEquals', 'ForAnyValue:ForAnyValue:StringEquals', 'ForAnyValue:', 'IpAddress',
  ].map((operator): Case => [`the operator '${operator}'`, one(operator, 'aws:PrincipalOrgID', ORGANIZATION)]);
  const wrongArnOperators = ['ArnNotEquals', 'ArnNotLike', 'ArnLikeIfExists', 'ArnEqualsIfExists', 'ForAllValues:ArnLike']
    .map((operator): Case => [`the operator '${operator}'`, one(operator, 'aws:PrincipalArn', ROLE)]);
  const openKeys = [
    ['aws:SourceAccount', ACCOUNT], ['aws:SourceArn', FUNCTION], ['aws:SourceOrgID', ORGANIZATION], ['sts:ExternalId', 'secret'],
    ['aws:SourceIp', '192.0.2.0/24'], ['aws:SourceVpc', 'vpc-11111111'], ['aws:SourceVpce', 'vpce-11111111'], ['aws:PrincipalTag/team', 'web'],
    ['aws:PrincipalType', 'AssumedRole'], ['aws:PrincipalIsAWSService', 'false'], ['aws:ResourceOrgID', ORGANIZATION],
    ['aws:ResourceAccount', ACCOUNT],
    ['aws:userid', 'AROAEXAMPLE:*'], ['aws:username', 'ci'], ['aws:RequestedRegion', 'us-east-1'], ['aws:PrincipalOrgId ', ORGANIZATION],
    ['PrincipalOrgID', ORGANIZATION], ['aws:PrincipalOrgMasterAccountId', ACCOUNT],
  ].map(([key, value]): Case => [`the key '${key}'`, one('StringEquals', key, value)]);

  test.each<Case>([
    ['no conditions', {}],
    ['an operator without keys', { StringEquals: {} }],
    ...wrongOperators,
    ...wrongArnOperators,
    ...openKeys,
    ['any organization', one('StringLike', 'aws:PrincipalOrgID', '*')],
    ['any organization that begins so', one('StringLike', 'aws:PrincipalOrgID', 'o-a1b2*')],
    ['any organization of that length', one('StringLike', 'aws:PrincipalOrgID', 'o-a1b2c3d4??')],
    ['the variable of the caller\'s own organization', one('StringEquals', 'aws:PrincipalOrgID', '${aws:PrincipalOrgID}')],
    ['an organization and a line break', one('StringEquals', 'aws:PrincipalOrgID', `${ORGANIZATION}\n`)],
    ['no text at all', one('StringEquals', 'aws:PrincipalOrgID', '')],
    ['a list with one open value', one('StringLike', 'aws:PrincipalOrgID', [ORGANIZATION, 'o-*'])],
    ['an empty list', one('StringEquals', 'aws:PrincipalOrgID', [])],
    ['an undefined value, which would vanish', one('StringEquals', 'aws:PrincipalOrgID', undefined)],
    ['a list with an undefined value', one('StringEquals', 'aws:PrincipalOrgID', [ORGANIZATION, undefined])],
    ['null', one('StringEquals', 'aws:PrincipalOrgID', null)],
    ['a truth value', one('StringEquals', 'aws:PrincipalOrgID', true)],
    ['paths under an operator for one value', one('StringLike', 'aws:PrincipalOrgPaths', PATH)],
    ['paths that must all match, where none does so too', one('ForAllValues:StringLike', 'aws:PrincipalOrgPaths', PATH)],
    ['paths of any organization', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', '*/r-ab12/ou-ab12-11111111/*')],
    ['paths of organizations that begin so', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'o-a1b2c3d4e5*')],
    ['an OU without its organization', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', 'ou-ab12-11111111/*')],
    ['any account', one('StringLike', 'aws:PrincipalAccount', '*')],
    ['accounts that begin so', one('StringLike', 'aws:PrincipalAccount', '1111*')],
    ['the variable of the caller\'s own account', one('StringEquals', 'aws:PrincipalAccount', '${aws:PrincipalAccount}')],
    ['a role of that name in any account', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/app')],
    ['accounts that begin so, in an ARN', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::1111*:role/app')],
    ['accounts of that form, in an ARN', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::11112222333?:role/app')],
    ['the caller\'s own account, in an ARN', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::${aws:PrincipalAccount}:role/app')],
    ['any ARN', one('ArnLike', 'aws:PrincipalArn', '*')],
    ['an ARN without an account', one('ArnLike', 'aws:PrincipalArn', 'arn:aws:s3:::bucket')],
    ['a bare account id in place of an ARN', one('ArnLike', 'aws:PrincipalArn', ACCOUNT)],
    ['an ARN as a string, with a star before its account, which crosses colons',
      one('StringLike', 'aws:PrincipalArn', 'arn:aws:iam:*:111122223333:role/app')],
    ['an ARN as a string, of any partition', one('StringLike', 'aws:PrincipalArn', 'arn:*:iam::111122223333:role/app')],
    ['an ARN as a string, of any service', one('StringLike', 'aws:PrincipalArn', 'arn:aws:*::111122223333:role/app')],
  ])('%s', (_, conditions) => {
    expect(closedBy('AWS', conditions)).toEqual([]);
  });
});

describe('any account may be behind a service with', () => {
  test.each<Case>([
    ['no conditions', {}],
    ['the organization of a principal, which no service has', one('StringEquals', 'aws:PrincipalOrgID', ORGANIZATION)],
    ['the paths of a principal', one('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths', PATH)],
    ['the account of a principal', one('StringEquals', 'aws:PrincipalAccount', ACCOUNT)],
    ['the ARN of a principal', one('ArnLike', 'aws:PrincipalArn', ROLE)],
    ['a source account, if there is one', one('StringEqualsIfExists', 'aws:SourceAccount', ACCOUNT)],
    ['a source ARN that differs', one('ArnNotLike', 'aws:SourceArn', FUNCTION)],
    ['functions of any account', one('ArnLike', 'aws:SourceArn', 'arn:aws:lambda:us-east-1:*:function:orders')],
    ['a source without an account', one('ArnLike', 'aws:SourceArn', 'arn:aws:s3:::bucket')],
    ['a source ARN as a string, in any Region', one('StringLike', 'aws:SourceArn', 'arn:aws:lambda:*:111122223333:function:orders')],
    ['an ARN that ends with its account', one('ArnLike', 'aws:SourceArn', 'arn:aws:lambda:us-east-1:111122223333')],
    ['a source VPC', one('StringEquals', 'aws:SourceVpc', 'vpc-11111111')],
    ['source paths under an operator for one value', one('StringLike', 'aws:SourceOrgPaths', PATH)],
    ['any source organization', one('StringLike', 'aws:SourceOrgID', 'o-*')],
  ])('%s', (_, conditions) => {
    expect(closedBy('Service', conditions)).toEqual([]);
  });
});

test('the keys that close are those that messages name', () => {
  expect(closingKeys('AWS')).toEqual(['aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalAccount', 'aws:PrincipalArn']);
  expect(closingKeys('Service')).toEqual(['aws:SourceArn', 'aws:SourceAccount', 'aws:SourceOrgID', 'aws:SourceOrgPaths']);
});
