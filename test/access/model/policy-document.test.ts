import { conditionInWords, policyOf, statementInWords, statementsOf, unknownIn } from '../../../src/access/model/policy-document';

const NOTHING = { principals: [], notPrincipals: [], actions: [], notActions: [], resources: [], notResources: [], conditions: [] };

test('whichever way a statement is written, it reads the same', () => {
  const expected = [{
    ...NOTHING,
    sid: 'Pull',
    effect: 'Allow',
    principals: [{ type: 'AWS', value: '111122223333' }],
    actions: ['ecr:BatchGetImage'],
    resources: ['*'],
    conditions: [{ operator: 'StringEquals', key: 'aws:PrincipalOrgID', values: ['o-a1b2c3d4e5'] }],
  }];
  expect(statementsOf({
    Statement: {
      Sid: 'Pull',
      Effect: 'Allow',
      Principal: { AWS: '111122223333' },
      Action: 'ecr:BatchGetImage',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    },
  })).toEqual(expected);
  expect(statementsOf({
    Statement: [{
      Sid: 'Pull',
      Effect: 'Allow',
      Principal: { AWS: ['111122223333'] },
      Action: ['ecr:BatchGetImage'],
      Resource: ['*'],
      Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] } },
    }],
  })).toEqual(expected);
});

test('a statement without a Sid is called by its place', () => {
  expect(statementsOf({ Statement: [{ Sid: 'A' }, {}] }).map(({ sid }) => sid)).toEqual(['A', '(statement 2)']);
});

test('what is denied, and what is said by exclusion', () => {
  expect(statementsOf({
    Statement: [{ Sid: 'D', Effect: 'Deny', NotPrincipal: { AWS: ['a'] }, NotAction: 'ecr:PutImage', NotResource: ['b'] }],
  })).toEqual([{ ...NOTHING, sid: 'D', effect: 'Deny', notPrincipals: [{ type: 'AWS', value: 'a' }], notActions: ['ecr:PutImage'], notResources: ['b'] }]);
});

test.each([
  ['*', [{ type: 'AWS', value: '*' }]],
  [{ AWS: '*' }, [{ type: 'AWS', value: '*' }]],
  [{ AWS: ['a', 'b'], Service: 'lambda.amazonaws.com' }, [{ type: 'AWS', value: 'a' }, { type: 'AWS', value: 'b' }, { type: 'Service', value: 'lambda.amazonaws.com' }]],
  [undefined, []],
  // Whether it is an account or a service, only the deployment knows.
  ['<Fn::If>', [{ type: 'AWS', value: '<Fn::If>' }, { type: 'Service', value: '<Fn::If>' }]],
])('the principal %j', (Principal, principals) => {
  expect(statementsOf({ Statement: [{ Principal }] })[0].principals).toEqual(principals);
});

test.each([undefined, null, 'text', 5, [], {}, { Statement: 'text' }, { Statement: [null, 'text', []] }])('%j has no statements', (document) => {
  expect(statementsOf(document)).toEqual([]);
});

test.each([
  ['<Fn::If>', [{ operator: '', key: '<Fn::If>', values: [] }], 'if <Fn::If>'],
  [{ StringEquals: '<Fn::If>' }, [{ operator: 'StringEquals', key: '<Fn::If>', values: [] }], 'if <Fn::If> StringEquals'],
  [{ Bool: { 'aws:SecureTransport': true } }, [{ operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] }], 'if aws:SecureTransport Bool true'],
  [{ StringLike: { 'aws:PrincipalTag/team': ['a', 'b'] } }, [{ operator: 'StringLike', key: 'aws:PrincipalTag/team', values: ['a', 'b'] }],
    'if aws:PrincipalTag/team StringLike a or b'],
])('the condition %j, also if it cannot be read', (Condition, conditions, words) => {
  const [statement] = statementsOf({ Statement: [{ Condition }] });
  expect(statement.conditions).toEqual(conditions);
  expect(statement.conditions.map(conditionInWords)).toEqual([words]);
});

test.each([
  ['Allow', 'Allow', []],
  ['Deny', 'Deny', []],
  [undefined, 'Allow', []],
  ['<Fn::If>', 'unknown', [{ operator: '', key: '<Fn::If>', values: [] }]],
])('the effect %j', (Effect, effect, conditions) => {
  expect(statementsOf({ Statement: { Effect } })).toMatchObject([{ effect, conditions }]);
  const Bool = { 'aws:SecureTransport': 'true' };
  expect(statementsOf({ Statement: { Effect, Condition: { Bool } } })[0].conditions)
    .toEqual([{ operator: 'Bool', key: 'aws:SecureTransport', values: ['true'] }, ...conditions]);
});

describe('policies', () => {
  const POLICY = { Version: '2012-10-17', Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: ['222222222222'] }, Action: ['ecr:BatchGetImage'] }] };

  test('have statements and a size, and are kept as they are', () => {
    expect(policyOf(POLICY)).toEqual({ statements: statementsOf(POLICY), isOpaque: false, size: JSON.stringify(POLICY).length, document: POLICY });
  });

  test('may be given as their text, which has the same size however it is written', () => {
    expect(policyOf(JSON.stringify(POLICY, null, 2))).toEqual(policyOf(POLICY));
  });

  test('have of unknown values the least that they can be', () => {
    const of = (account: string, partition: string, name: string) => ({ Statement: [{ Principal: { AWS: `arn:${partition}:iam::${account}:role/${name}` } }] });
    expect(policyOf(of('<AWS::AccountId>', '<AWS::Partition>', '<Stack/Role>')).size).toBe(JSON.stringify(of('111111111111', 'aws', '')).length);
  });

  test.each([undefined, 'not JSON', '5', 5, []])('that cannot be read (%j) have no statements', (policy) => {
    expect(policyOf(policy)).toEqual({ statements: [], isOpaque: false, size: 0 });
  });

  test.each(['[', '{"a":'])('whose text is nested absurdly deep (%j...) have none either', (open) => {
    const text = open.repeat(100_000) + '1' + (open === '[' ? ']' : '}').repeat(100_000);
    expect([policyOf(text), policyOf(open.repeat(100_000))].map(({ statements }) => statements)).toEqual([[], []]);
    expect(policyOf(`{"Statement":[{"Sid":"A"}],"Deep":${text}}`).statements).toEqual([]);
  });

  const [PULL] = POLICY.Statement;

  test.each<[string, unknown, string[], string[]]>([
    ['all of it', '<Fn::If>', [], ['<Fn::If>']],
    ['all of its statements', { Statement: '<Fn::If>' }, [], ['<Fn::If>']],
    ['one of its statements', { Statement: [PULL, '<Fn::If>', '<Stack/Statement>'] }, ['Pull'], ['<Fn::If>', '<Stack/Statement>']],
    ['a part of its text', '{"Statement":<Fn::If>}', [], ['<Fn::If>']],
    ['a value in its text', '{"Statement":{"Sid":"A","Action":"<Fn::If>"}}', ['A'], []],
    ['a value in a statement', { Statement: { ...PULL, Action: '<Fn::If>', Effect: '<Fn::If>' } }, ['Pull'], []],
    ['nothing', POLICY, ['Pull'], []],
  ])('may be known only at deployment: %s', (_, policy, sids, unknown) => {
    const { statements, isOpaque } = policyOf(policy);
    expect([statements.map(({ sid }) => sid), unknownIn(policy), isOpaque]).toEqual([sids, unknown, unknown.length > 0]);
  });
});

test('statements in words are called by their Sids, or by their places', () => {
  const statements = statementsOf({ Statement: [{ Sid: 'Pull' }, {}] });
  expect(statements.map(statementInWords)).toEqual(['statement Pull', 'statement 2']);
});
