import * as fc from 'fast-check';
import { LAMBDA_ACTIONS, PULL_ACTIONS } from '../../src/policy/actions';
import { Grant } from '../../src/policy/grant';
import { POLICY_LIMIT, sizeOfPolicy } from '../../src/policy/size';
import { statementsFor } from '../../src/policy/statements';

const sizeOf = (...statements: object[]) => sizeOfPolicy({ Statement: statements });
const EMPTY = '{"Statement":[]}'.length;

test('a policy has 10,240 characters', () => {
  expect(POLICY_LIMIT).toBe(10240);
});

describe('characters', () => {
  test('are those of the JSON without white space', () => {
    // An object whose only key is that of an intrinsic is none of the literals.
    const key = fc.string().filter((name) => name !== 'Ref' && !name.startsWith('Fn::') && name !== '__proto__');
    const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom('"', '\\', '\n', 'ü')),
      value: fc.oneof({ maxDepth: 3 }, tie('leaf'), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 3 })),
    }));
    fc.assert(fc.property(fc.array(fc.dictionary(key, value), { maxLength: 3 }), fc.string(), (statements, version) => {
      const document = { Version: version, Statement: statements };
      expect(sizeOfPolicy(document).characters).toBe(JSON.stringify(document).length);
    }), { numRuns: 500 });
  });

  test.each<[string, unknown, string]>([
    ['a reference to what is not known', { Ref: 'Parameter' }, ''],
    ['an attribute', { 'Fn::GetAtt': ['Role', 'Arn'] }, ''],
    ['an account', { Ref: 'AWS::AccountId' }, '111122223333'],
    ['a partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['a Region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['a join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] },
      'arn:aws:iam::111122223333:root'],
    ['a join with a separator', { 'Fn::Join': ['--', ['a', { Ref: 'Parameter' }, 'b']] }, 'a----b'],
    ['a join within a join', { 'Fn::Join': ['', ['a', { 'Fn::Join': ['/', ['b', 'c']] }]] }, 'ab/c'],
    ['a join of nothing', { 'Fn::Join': [',', []] }, ''],
    ['a join over what is not known', { 'Fn::Join': [',', { Ref: 'List' }] }, ''],
    ['a join of text that JSON must escape', { 'Fn::Join': ['', ['"', { Ref: 'Parameter' }, '\n']] }, '"\n'],
  ])('of %s are the least that it can be', (_, intrinsic, least) => {
    expect(sizeOf({ Sid: 'A', Value: [intrinsic] }).characters).toBe(sizeOf({ Sid: 'A', Value: [least] }).characters);
  });

  test('of a list that only the deployment knows are the least that a list or a text has', () => {
    expect(sizeOf({ Value: { Ref: 'List' } }).characters).toBe(sizeOf({ Value: [] }).characters);
  });
});

describe('characters with ids as ARNs', () => {
  test('count every bare id among the principals as the ARN of its root', () => {
    const ids = sizeOf({ Principal: { AWS: ['111122223333', '444455556666'] } });
    const arns = sizeOf({ Principal: { AWS: ['arn:aws:iam::111122223333:root', 'arn:aws:iam::444455556666:root'] } });
    expect(ids.charactersWithArns).toBe(arns.characters);
    expect(arns.charactersWithArns).toBe(arns.characters);
  });

  test('count one id that is not in a list', () => {
    expect(sizeOf({ Principal: { AWS: '111122223333' } }).charactersWithArns)
      .toBe(sizeOf({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } }).characters);
  });

  test.each([
    [{ Principal: '*' }],
    [{ Principal: { AWS: '*' } }],
    [{ Principal: { AWS: [{ Ref: 'AWS::AccountId' }, 'arn:aws:iam::111122223333:role/app'] } }],
    [{ Principal: { Service: '111122223333' } }],
    [{ Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } } }],
    [{ Principal: null }],
    [{}],
  ])('leave the rest: %j', (statement) => {
    expect(sizeOf(statement).charactersWithArns).toBe(sizeOf(statement).characters);
  });
});

describe('contributors', () => {
  test('are the statements, biggest first, by their Sid or their place', () => {
    expect(sizeOf({ Sid: 'A', Action: 'x' }, { Action: 'a long action' }, { Sid: 'LongestOfAll', Action: 'a long action' }).contributors).toEqual([
      { sid: 'LongestOfAll', characters: 47 },
      { sid: 'statement 2', characters: 26 },
      { sid: 'A', characters: 24 },
    ]);
  });

  test('sum up to the policy', () => {
    const { characters, contributors } = sizeOf({ Sid: 'A' }, { Sid: 'B' }, { Sid: 'C' });
    expect(characters).toBe(EMPTY + contributors.reduce((sum, one) => sum + one.characters, 0) + 2);
  });

  test('are none in an empty policy', () => {
    expect(sizeOf()).toEqual({ characters: EMPTY, charactersWithArns: EMPTY, contributors: [] });
  });
});

describe('how many fit into one policy', () => {
  const registry = { partition: 'aws', region: 'us-east-1', account: '999999999999' };
  const idOf = (index: number) => String(100_000_000_000 + index);

  function sizeFor(count: number, grantsOf: (id: string) => Grant[]) {
    const grants = Array.from({ length: count }, (_, index) => grantsOf(idOf(index))).flat();
    return sizeOfPolicy({ Version: '2012-10-17', Statement: statementsFor(grants, registry) } as { Statement: object[] });
  }

  const ACCOUNTS = (id: string): Grant[] => [{ who: { kind: 'account', account: id }, actions: PULL_ACTIONS }];
  const ROLES = (id: string): Grant[] => [{ who: { kind: 'identity', account: id, name: 'role/app-execution' }, actions: PULL_ACTIONS }];
  const OWN_ROLES = (id: string): Grant[] => [{ who: { kind: 'identity', account: id, name: `role/app-${id}` }, actions: PULL_ACTIONS }];
  const FUNCTIONS = (id: string): Grant[] => [
    { who: { kind: 'account', account: id }, actions: LAMBDA_ACTIONS },
    { who: { kind: 'lambda', account: id, functionName: '*' }, actions: LAMBDA_ACTIONS },
  ];

  // What fits, what is promised, and what still fits if ids are counted as ARNs.
  test.each<[string, (id: string) => Grant[], number, number, number]>([
    ['accounts', ACCOUNTS, 669, 660, 304],
    ['accounts whose role has the same name', ROLES, 663, 640, 301],
    ['accounts whose roles have names of their own', OWN_ROLES, 153, 150, 120],
    ['accounts with their Lambda functions, both statements', FUNCTIONS, 149, 140, 117],
  ])('%s', (_, grantsOf, fit, promised, fitAsArns) => {
    expect(fit).toBeGreaterThanOrEqual(promised);
    expect(sizeFor(fit, grantsOf).characters).toBeLessThanOrEqual(POLICY_LIMIT);
    expect(sizeFor(fit + 1, grantsOf).characters).toBeGreaterThan(POLICY_LIMIT);
    expect(sizeFor(fitAsArns, grantsOf).charactersWithArns).toBeLessThanOrEqual(POLICY_LIMIT);
    expect(sizeFor(fitAsArns + 1, grantsOf).charactersWithArns).toBeGreaterThan(POLICY_LIMIT);
  });
});
