import { rolesOf, tagsOf } from '../../../src/access/model/roles';
import { scopeOf } from '../support';

const AWS = 'arn:aws:iam::aws:policy';
const PULL_ONLY = `${AWS}/AmazonEC2ContainerRegistryPullOnly`;
const document = (Sid: string) => ({ Statement: [{ Sid, Effect: 'Allow', Action: '*', Resource: '*' }] });

function roleOf(Properties: object, more: object = {}) {
  return rolesOf([scopeOf({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties }, ...more } })])[0];
}

const sids = (Properties: object, more: object = {}) => roleOf(Properties, more).statements.map(({ sid }) => sid);

describe('managed policies', () => {
  test.each([PULL_ONLY, { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly' }])('of AWS are known: %j', (arn) => {
    const { statements, opaquePolicies } = roleOf({ ManagedPolicyArns: [arn] });
    expect(statements).toEqual([expect.objectContaining({ sid: PULL_ONLY, effect: 'Allow', resources: ['*'] })]);
    expect(statements[0].actions).toContain('ecr:BatchGetImage');
    expect(opaquePolicies).toEqual([]);
  });

  test('of AWS are known in a partition that is not', () => {
    const [role] = rolesOf([scopeOf({
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }] } } },
    }, { region: '<AWS::Region>' })]);
    expect([role.statements.map(({ actions }) => actions), role.opaquePolicies]).toEqual([[['*']], []]);
  });

  test('of which nobody knows anything are opaque', () => {
    const arns = [`${AWS}/Other`, 'arn:aws:iam::111111111111:policy/mine', { 'Fn::If': [] }];
    const { statements, opaquePolicies } = roleOf({ ManagedPolicyArns: arns });
    expect(statements).toEqual([]);
    expect(opaquePolicies).toEqual([`${AWS}/Other`, 'arn:aws:iam::111111111111:policy/mine', '<Fn::If>']);
  });

  test('of the app are read', () => {
    const Mine = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document('Mine') } };
    expect(sids({ ManagedPolicyArns: [{ Ref: 'Mine' }] }, { Mine })).toEqual(['Mine']);
  });

  test('of the app are read where they are named by their ARNs', () => {
    const Mine = { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'mine', PolicyDocument: document('Mine') } };
    const InPath = { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'mine', Path: '/ci/', PolicyDocument: document('InPath') } };
    const arn = (name: string, account = '111111111111') => `arn:aws:iam::${account}:policy/${name}`;
    expect(sids({ ManagedPolicyArns: [arn('ci/mine'), arn('mine')] }, { Mine, InPath })).toEqual(['InPath', 'Mine']);
    expect(roleOf({ PermissionsBoundary: arn('mine') }, { Mine }).boundary).toEqual([expect.objectContaining({ sid: 'Mine' })]);
    expect(roleOf({ PermissionsBoundary: arn('mine', '222222222222') }, { Mine }).boundary).toBe('unknown');
  });
});

test('policies are inline, or attached from their own side', () => {
  const attached = (Type: string, more: object) => ({ Type, Properties: { PolicyDocument: document(Type.split('::')[2]), ...more } });
  expect(sids({ RoleName: 'app', Policies: [{ PolicyDocument: document('Inline') }] }, {
    A: attached('AWS::IAM::Policy', { Roles: [{ Ref: 'Role' }] }),
    B: attached('AWS::IAM::RolePolicy', { RoleName: 'app' }),
    C: attached('AWS::IAM::ManagedPolicy', { Roles: ['other', 'app'] }),
    D: attached('AWS::IAM::Policy', { Roles: ['other'] }),
    E: attached('AWS::IAM::Policy', {}),
  })).toEqual(['Inline', 'Policy', 'RolePolicy', 'ManagedPolicy']);
});

test('a policy whose role only the deployment knows may be of any role of its account', () => {
  const parameter = { Type: 'AWS::SSM::Parameter::Value<String>' };
  const attached = (role: object) => ({ Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: document('Maybe'), Roles: [role] } });
  const resources = (role: object) => ({ Role: { Type: 'AWS::IAM::Role' }, Other: { Type: 'AWS::IAM::Role' }, Policy: attached(role) });
  const templateOf = (role: object) => ({ Parameters: { Name: parameter }, Resources: resources(role) });
  const conditionsOf = (role: object) => rolesOf([scopeOf(templateOf(role))])[0].statements.map(({ sid, conditions }) => [sid, conditions]);
  expect(conditionsOf({ Ref: 'Name' })).toEqual([['Maybe', [{ operator: '', key: 'it is attached to <Stack/Name>', values: [] }]]]);
  expect(conditionsOf({ Ref: 'Role' })).toEqual([['Maybe', []]]);
  expect(conditionsOf({ Ref: 'Other' })).toEqual([]);

  const elsewhere = scopeOf(templateOf({ Ref: 'Name' }), { account: '222222222222', path: 'Elsewhere' });
  expect(rolesOf([scopeOf({ Resources: { Role: { Type: 'AWS::IAM::Role' } } }), elsewhere])[0].statements).toEqual([]);
});

test('policies that only the deployment knows are opaque', () => {
  const { statements, opaquePolicies } = roleOf({ RoleName: 'app', Policies: [{ PolicyDocument: { 'Fn::Transform': {} } }] }, {
    A: { Type: 'AWS::IAM::Policy', Properties: { Roles: ['app'], PolicyDocument: { 'Fn::Transform': {} } } },
  });
  expect([statements, opaquePolicies]).toEqual([[], ['<Fn::Transform>', '<Fn::Transform>']]);
});

test('so are those of which a part is known only at deployment, but not what else they say', () => {
  const documentWithMore = (Sid: string) => ({ Statement: [...document(Sid).Statement, { 'Fn::Transform': {} }] });
  const { statements, opaquePolicies } = roleOf({ Policies: [{ PolicyDocument: documentWithMore('Inline') }], ManagedPolicyArns: [{ Ref: 'Mine' }] }, {
    Mine: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: documentWithMore('Mine') } },
  });
  expect([statements.map(({ sid }) => sid), opaquePolicies]).toEqual([['Inline', 'Mine'], ['<Fn::Transform>', '<Fn::Transform>']]);
});

test('documents may be given as their text', () => {
  const text = JSON.stringify(document('Inline'));
  const { statements, trusts, trustPolicy } = roleOf({ Policies: [{ PolicyDocument: text }], AssumeRolePolicyDocument: text });
  expect([...statements, ...trusts].map(({ sid }) => sid)).toEqual(['Inline', 'Inline']);
  expect(trustPolicy).toBe('inSight');
});

test.each([
  [{ Statement: [] }, 'inSight'],
  [{ 'Fn::Transform': {} }, 'unknown'],
  [{ Statement: [{ 'Fn::Transform': {} }] }, 'unknown'],
  [undefined, 'missing'],
])('the trust policy %j is %s', (AssumeRolePolicyDocument, trustPolicy) => {
  expect(roleOf({ AssumeRolePolicyDocument })).toMatchObject({ trusts: [], trustPolicy });
});

describe('the permissions boundary', () => {
  test('may not be there', () => {
    expect(roleOf({})).not.toHaveProperty('boundary');
  });

  test('may be one of the app', () => {
    const Boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document('Boundary') } };
    expect(roleOf({ PermissionsBoundary: { Ref: 'Boundary' } }, { Boundary }).boundary).toEqual([expect.objectContaining({ sid: 'Boundary' })]);
  });

  test('may be one of AWS', () => {
    expect(roleOf({ PermissionsBoundary: `${AWS}/PowerUserAccess` }).boundary).toEqual([expect.objectContaining({ actions: ['ecr:*'] })]);
  });

  test.each([{ 'Fn::Transform': {} }, { Statement: [...document('Boundary').Statement, { 'Fn::Transform': {} }] }])('may be known only at deployment: %j', (PolicyDocument) => {
    const Boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } };
    expect(roleOf({ PermissionsBoundary: { Ref: 'Boundary' } }, { Boundary }).boundary).toBe('unknown');
  });

  test.each(['arn:aws:iam::111111111111:policy/boundary', {}, 5])('may be out of sight: %j', (PermissionsBoundary) => {
    expect(roleOf({ PermissionsBoundary }).boundary).toBe('unknown');
  });
});

test('a role has tags', () => {
  expect(roleOf({ Tags: [{ Key: 'team', Value: 'web' }, { Key: 'account', Value: { Ref: 'AWS::AccountId' } }] }).tags)
    .toEqual(new Map([['team', 'web'], ['account', '111111111111']]));
});

test.each([undefined, 5, 'text', [], {}])('tags that are %j break nothing', (tags) => {
  expect(tagsOf(tags)).toBeInstanceOf(Map);
});
