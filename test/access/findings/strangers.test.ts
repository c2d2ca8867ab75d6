import { isOfEcr, strangersOf } from '../../../src/access/findings/strangers';
import { statementsOf } from '../../../src/access/model/policy-document';

const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const ORG = { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' };
const LAMBDA = { Service: 'lambda.amazonaws.com' };

function strangers(statement: object, ...denies: object[]): string[] {
  const [allow] = statementsOf({ Statement: { Effect: 'Allow', Action: PULL, ...statement } });
  const { anybody, services } = strangersOf(allow, ARN, statementsOf({ Statement: denies.map((one) => ({ Effect: 'Deny', Action: 'ecr:*', ...one })) }));
  return [...(anybody ? ['anybody'] : []), ...services];
}

describe('an Allow lets in', () => {
  test.each<[string, object, string[]]>([
    ['anybody, by a star', { Principal: '*' }, ['anybody']],
    ['anybody, as a list of principals', { Principal: { AWS: ['222222222222', '*'] } }, ['anybody']],
    ['anybody but one', { NotPrincipal: { AWS: '222222222222' } }, ['anybody']],
    ['an organization', { Principal: '*', Condition: { StringEquals: ORG } }, []],
    ['an organization, if the caller is of one', { Principal: '*', Condition: { StringEqualsIfExists: ORG } }, ['anybody']],
    ['another organization', { Principal: '*', Condition: { StringNotEquals: ORG } }, ['anybody']],
    ['all but an organization\'s', { NotPrincipal: { AWS: '222222222222' }, Condition: { StringEquals: ORG } }, []],
    ['an organization that is known at deployment', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': '<Stack/Org>' } } }, []],
    ['whom a condition lets that cannot be read', { Principal: '*', Condition: '<Fn::If>' }, []],
    ['whoever has an address', { Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }, ['anybody']],
    ['an account', { Principal: { AWS: '222222222222' } }, []],
    ['a role', { Principal: { AWS: 'arn:aws:iam::222222222222:role/app' } }, []],
    ['a principal that is known at deployment', { Principal: { AWS: '<Stack/Principal>' } }, []],
    ['a service', { Principal: LAMBDA }, ['lambda.amazonaws.com']],
    ['two services and anybody', { Principal: { Service: ['a.amazonaws.com', 'b.amazonaws.com'], AWS: '*' } }, ['anybody', 'a.amazonaws.com', 'b.amazonaws.com']],
    ['a service for an account', { Principal: LAMBDA, Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } } }, []],
    ['a service for resources of an account', { Principal: LAMBDA, Condition: { ArnLike: { 'aws:sourceArn': 'arn:aws:lambda:us-east-1:222222222222:function:*' } } }, []],
    ['a service for resources of any account', { Principal: LAMBDA, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:*:*:function:*' } } }, ['lambda.amazonaws.com']],
    ['a service for an account that is known at deployment',
      { Principal: LAMBDA, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:<AWS::AccountId>:function:*' } } }, []],
    ['a service under a condition on roles', { Principal: LAMBDA, Condition: { StringEquals: ORG } }, ['lambda.amazonaws.com']],
  ])('%s', (_, statement, expected) => {
    expect(strangers(statement)).toEqual(expected);
  });
});

describe('a Deny shuts out', () => {
  const open = { Principal: '*' };
  const unless = (operator: string, keys: object = ORG, more: object = {}) => ({ Principal: '*', Condition: { [operator]: keys }, ...more });
  test.each<[string, object[], string[]]>([
    ['all but an organization', [unless('StringNotEquals')], []],
    ['all but an organization, if they are of any', [unless('StringNotEqualsIfExists')], []],
    ['all but an OU', [unless('ForAllValues:StringNotLike', { 'aws:PrincipalOrgPaths': 'o-aaaaaaaaaa/r-ab12/*' })], []],
    ['nobody who is in no organization', [unless('ForAnyValue:StringNotLike', { 'aws:PrincipalOrgPaths': 'o-aaaaaaaaaa/r-ab12/*' })], ['anybody']],
    ['all but roles of an account', [unless('ArnNotLike', { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/*' })], []],
    ['all but an organization and the services of AWS', [{ Principal: '*', Condition: { StringNotEquals: ORG, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }], []],
    ['all but an organization, but from some address only', [{ Principal: '*', Condition: { StringNotEquals: ORG, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }], ['anybody']],
    ['the organization', [unless('StringEquals')], ['anybody']],
    ['everybody', [{ Principal: '*' }], []],
    ['everybody but an account', [{ NotPrincipal: { AWS: '222222222222' } }], []],
    ['everybody but everybody', [{ NotPrincipal: { AWS: '*' } }], ['anybody']],
    ['one account', [unless('StringNotEquals', ORG, { Principal: { AWS: '333333333333' } })], ['anybody']],
    ['from other actions', [unless('StringNotEquals', ORG, { Action: 'ecr:PutImage' })], ['anybody']],
    ['from one of the actions', [unless('StringNotEquals', ORG, { Action: PULL[0] })], ['anybody']],
    ['from all of the actions', [unless('StringNotEquals', ORG, { Action: '*' })], []],
    ['from this repository', [unless('StringNotEquals', ORG, { Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/web-*' })], []],
    ['from another repository', [unless('StringNotEquals', ORG, { Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/api' })], ['anybody']],
  ])('%s', (_, denies, expected) => {
    expect(strangers(open, ...denies)).toEqual(expected);
  });

  test('a service that pulls for others', () => {
    expect(strangers({ Principal: LAMBDA }, unless('StringNotEquals', { 'aws:SourceAccount': '222222222222' }))).toEqual([]);
    expect(strangers({ Principal: LAMBDA }, unless('StringNotEquals', { 'aws:SourceAccount': '222222222222' }, { Principal: { Service: 'b.amazonaws.com' } })))
      .toEqual(['lambda.amazonaws.com']);
    expect(strangers({ Principal: LAMBDA }, { Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } })).toEqual(['lambda.amazonaws.com']);
  });

  test('from everything only if it denies everything', () => {
    expect(strangers({ ...open, Action: '*' }, unless('StringNotEquals'))).toEqual([]);
    expect(strangers({ ...open, Action: '*' }, unless('StringNotEquals', ORG, { Action: PULL }))).toEqual(['anybody']);
    expect(strangers({ ...open, Action: undefined, NotAction: 'ecr:PutImage' }, unless('StringNotEquals'))).toEqual([]);
  });
});

test.each<[object, boolean]>([
  [{ Action: 'ecr:PutImage' }, true],
  [{ Action: ['s3:GetObject', 'ECR:batchgetimage'] }, true],
  [{ Action: '*' }, true],
  [{ Action: '<Stack/Action>' }, true],
  [{ Action: 's3:*' }, false],
  [{ Action: 'ecr-public:*' }, false],
  [{ NotAction: 's3:*' }, true],
  [{ NotAction: 'ecr:*' }, false],
])('the actions of %j are of Amazon ECR: %s', (statement, expected) => {
  expect(isOfEcr(statementsOf({ Statement: statement })[0])).toBe(expected);
});
