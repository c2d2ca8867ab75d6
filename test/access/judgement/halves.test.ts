import { Request } from '../../../src/access/judgement/evaluate';
import {
  GRANTED, gradeOf, Half, halfOf, isForWantOfOrganization, NOT_IN_SIGHT, NOT_NEEDED, partsAsAnything, undecided, whicheverItIs, whyOf, worseOf,
} from '../../../src/access/judgement/halves';
import { statementsOf } from '../../../src/access/model/policy-document';

const requests = ['a', 'b', 'c'].map((action): Request => (
  { action, caller: { type: 'role', name: 'r', account: '222222222222' }, resource: 'x', context: () => 'unknown' }));
const half = (state: Half['state'], actions: string[] = [], why: string[] = []): Half => ({ state, actions, why });
const YES = { allowed: 'yes', denied: 'no' } as const;
const NO = { allowed: 'no', denied: 'no' } as const;
const MAYBE = { allowed: 'maybe', denied: 'no' } as const;
const DENIED = { allowed: 'yes', denied: 'yes' } as const;

test.each<[string, Record<string, typeof YES | typeof NO | typeof MAYBE | typeof DENIED>, Half]>([
  ['all is granted', { a: YES, b: YES, c: YES }, GRANTED],
  ['one may be', { a: YES, b: MAYBE, c: YES }, half('undecided', ['b'], ['why'])],
  ['two are not', { a: NO, b: MAYBE, c: NO }, half('missing', ['a', 'c'])],
  ['one is denied', { a: NO, b: MAYBE, c: DENIED }, half('denied', ['c'])],
])('of the actions %s', (_, opinions, expected) => {
  expect(halfOf(requests, ({ action }) => opinions[action], () => 'why')).toEqual(expected);
});

test('what is so either way is so', () => {
  expect(whicheverItIs([GRANTED, half('missing', ['a'])], [NOT_NEEDED, half('denied', ['b'])], 'why')).toEqual([NOT_NEEDED, half('denied', ['b'])]);
  expect(whicheverItIs([GRANTED, NOT_IN_SIGHT], [half('missing'), GRANTED], 'why')).toEqual([undecided('why'), undecided('why')]);
});

test('halves have grades', () => {
  const states: Half['state'][] = ['granted', 'notNeeded', 'notInSight', 'undecided', 'missing', 'denied'];
  expect(states.map((state) => gradeOf(half(state)))).toEqual(['isWell', 'isWell', 'notInSight', 'undecided', 'fails', 'fails']);
});

test('of two parts the worse one counts', () => {
  expect(worseOf(half('undecided', ['a'], ['x']), half('undecided', ['b'], ['x', 'y']))).toEqual(half('undecided', ['b', 'a'], ['x', 'y']));
  expect([worseOf(GRANTED, half('missing')), worseOf(half('denied'), half('missing'))]).toEqual([half('missing'), half('denied')]);
});

describe('organizations', () => {
  const why = (...conditions: object[]) => whyOf(
    statementsOf({ Statement: conditions.map((Condition) => ({ Effect: 'Allow', Principal: '*', Action: 'a', Condition })) }), requests, partsAsAnything);

  test('that are asked for are to be declared', () => {
    const sentence = why({ StringEquals: { 'aws:PrincipalOrgID': 'o-a' } }, { 'ForAnyValue:StringLike': { 'aws:principalorgpaths': ['o-b/*', 'o-a'] } });
    expect(sentence).toBe('which accounts are in o-a, o-b/* is not declared');
    expect(isForWantOfOrganization(sentence!)).toBe(true);
  });

  test.each([{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { StringEquals: { 'aws:PrincipalTag/x': 'y' } }])('are not asked for by %j', (condition) => {
    expect(why(condition)).toBeUndefined();
  });

  test('are no reason for other doubts', () => {
    expect(isForWantOfOrganization('a condition is known only at deployment')).toBe(false);
  });
});
