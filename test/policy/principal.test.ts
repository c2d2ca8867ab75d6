import { Conditions } from '../../src/policy/grant';
import { PrincipalJson, whosOfPrincipal } from '../../src/policy/principal';

const ROLE = 'arn:aws:iam::111122223333:role/app';
const inOrganization: Conditions = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

describe('what a principal becomes', () => {
  test('an ARN is a principal named by its ARN', () => {
    expect(whosOfPrincipal({ AWS: [ROLE] }, {})).toEqual([{ kind: 'arn', arn: ROLE }]);
  });

  test('several principals are several grantees', () => {
    expect(whosOfPrincipal({ AWS: [ROLE, '111122223333'] }, {})).toEqual([{ kind: 'arn', arn: ROLE }, { kind: 'arn', arn: '111122223333' }]);
  });

  test('what only the deployment knows passes', () => {
    const arn = { 'Fn::GetAtt': ['Role', 'Arn'] };
    expect(whosOfPrincipal({ AWS: [arn] }, {})).toEqual([{ kind: 'arn', arn }]);
  });

  test('a value that is not in a list is one value', () => {
    expect(whosOfPrincipal({ AWS: ROLE } as unknown as PrincipalJson, {})).toEqual([{ kind: 'arn', arn: ROLE }]);
  });

  test('an ARN with conditions keeps them, whatever they are', () => {
    const conditions = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    expect(whosOfPrincipal({ AWS: [ROLE] }, conditions)).toEqual([{ kind: 'conditioned', type: 'AWS', principal: ROLE, conditions }]);
  });

  test('a closed service keeps its conditions', () => {
    const conditions = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
    expect(whosOfPrincipal({ Service: ['codebuild.amazonaws.com'] }, conditions))
      .toEqual([{ kind: 'conditioned', type: 'Service', principal: 'codebuild.amazonaws.com', conditions }]);
  });

  test.each([['AWS'], ['*'], ['LiteralString']])('everybody of one organization, written under %s, is the organization', (type) => {
    expect(whosOfPrincipal({ [type]: ['*'] }, inOrganization)).toEqual([{ kind: 'organization', organization: 'o-a1b2c3d4e5' }]);
    expect(whosOfPrincipal({ [type]: ['*'] }, { StringEquals: { 'aws:principalorgid': { Ref: 'Organization' } } }))
      .toEqual([{ kind: 'organization', organization: { Ref: 'Organization' } }]);
  });

  test.each<Conditions>([
    { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-zzzzzzzzzz'] } },
    { StringLike: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:PrincipalTag/team': 'web' } },
    { ...inOrganization, Bool: { 'aws:SecureTransport': 'true' } },
    { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
  ])('everybody with more or other conditions keeps them: %j', (conditions) => {
    expect(whosOfPrincipal({ AWS: ['*'] }, conditions)).toEqual([{ kind: 'conditioned', type: 'AWS', principal: '*', conditions }]);
  });

  test('conditions are checked as far as they are known, and go out as they are', () => {
    const conditions = { StringEquals: { 'aws:PrincipalAccount': '${Token[A.1]}' } };
    const checkable = { StringEquals: { 'aws:PrincipalAccount': { Token: true } } };
    expect(whosOfPrincipal({ AWS: ['*'] }, conditions, checkable)).toEqual([{ kind: 'conditioned', type: 'AWS', principal: '*', conditions }]);
    expect(() => whosOfPrincipal({ AWS: ['*'] }, conditions)).toThrow('would let in every AWS account');
  });
});

describe('what is refused', () => {
  test('everybody, without conditions', () => {
    expect(() => whosOfPrincipal({ AWS: ['*'] }, {})).toThrow(
      'the principal {"AWS":"*"} with no conditions would let in every AWS account; add a condition such as StringEquals or ArnLike on '
      + 'aws:PrincipalOrgID, aws:PrincipalOrgPaths, aws:PrincipalAccount, aws:PrincipalArn whose value fixes the account or the organization');
    expect(() => whosOfPrincipal({ LiteralString: ['*'] }, {})).toThrow('would let in every AWS account');
  });

  test('everybody, with conditions that close nothing', () => {
    expect(() => whosOfPrincipal({ AWS: ['*'] }, { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }))
      .toThrow('with the conditions {"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}} would let in every AWS account');
    expect(() => whosOfPrincipal({ AWS: ['*'] }, { StringEquals: { 'aws:PrincipalOrgID': undefined } })).toThrow('would let in every AWS account');
  });

  test('everybody among others', () => {
    expect(() => whosOfPrincipal({ AWS: [ROLE, '*'] }, {})).toThrow('would let in every AWS account');
  });

  test('a service, without conditions', () => {
    expect(() => whosOfPrincipal({ Service: ['lambda.amazonaws.com'] }, {})).toThrow(
      'the principal {"Service":"lambda.amazonaws.com"} with no conditions would let in lambda.amazonaws.com on behalf of every AWS account; '
      + 'add a condition such as StringEquals or ArnLike on aws:SourceArn, aws:SourceAccount, aws:SourceOrgID, aws:SourceOrgPaths');
    expect(() => whosOfPrincipal({ Service: ['lambda.amazonaws.com'] }, {})).toThrow('for AWS Lambda use EcrGrantee.lambdaFunctions(accountId)');
  });

  test('a service, with the organization of a principal', () => {
    expect(() => whosOfPrincipal({ Service: ['lambda.amazonaws.com'] }, inOrganization)).toThrow('on behalf of every AWS account');
  });

  test.each([
    ['Federated', 'cognito-identity.amazonaws.com'],
    ['CanonicalUser', '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'],
  ])('%s: no caller of ECR is one', (type, value) => {
    expect(() => whosOfPrincipal({ [type]: [value] }, inOrganization))
      .toThrow(/cannot be a grantee: no caller of Amazon ECR is of that type; name the role/);
  });

  test.each([['arn:aws:iam::111122223333:role/*'], ['arn:aws:iam::*:root'], ['1111222233??']])('a wildcard within a principal: %s', (arn) => {
    expect(() => whosOfPrincipal({ AWS: [arn] }, {}))
      .toThrow(/has a wildcard, which a principal cannot have; use EcrGrantee\.role\(accountId, roleName\)/);
    expect(() => whosOfPrincipal({ AWS: [arn] }, inOrganization)).toThrow('has a wildcard');
  });

  test('a group', () => {
    expect(() => whosOfPrincipal({ AWS: ['arn:aws:iam::111122223333:group/developers'] }, {})).toThrow('is a group, which cannot be a principal');
  });
});
