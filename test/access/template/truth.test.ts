import { allOf, anyIs, anyOf, not, Truth, truthOf } from '../../../src/access/template/truth';

test.each<[Truth[], Truth, Truth]>([
  [[], 'yes', 'no'],
  [['yes'], 'yes', 'yes'],
  [['maybe'], 'maybe', 'maybe'],
  [['no'], 'no', 'no'],
  [['yes', 'maybe'], 'maybe', 'yes'],
  [['maybe', 'yes'], 'maybe', 'yes'],
  [['maybe', 'no'], 'no', 'maybe'],
  [['no', 'maybe'], 'no', 'maybe'],
  [['yes', 'no'], 'no', 'yes'],
  [['no', 'maybe', 'yes'], 'no', 'yes'],
])('of %j all are: %s, any is: %s', (truths, all, any) => {
  expect(allOf(truths)).toBe(all);
  expect(anyOf(truths)).toBe(any);
  expect(anyIs(truths, (truth) => truth)).toBe(any);
});

test('what comes after a yes is not looked at', () => {
  const seen: Truth[] = [];
  anyIs(['maybe', 'yes', 'no'], (truth: Truth) => {
    seen.push(truth);
    return truth;
  });
  expect(seen).toEqual(['maybe', 'yes']);
});

test('the contrary', () => {
  expect((['yes', 'maybe', 'no'] as const).map(not)).toEqual(['no', 'maybe', 'yes']);
});

test('what is known is either', () => {
  expect([true, false].map(truthOf)).toEqual(['yes', 'no']);
});
