import { conditionHolds, ConditionScope } from '../../../src/access/template/conditions';
import { resolveValue } from '../../../src/access/template/intrinsics';
import { Comparison, inEveryWorld, UNDECIDED, World } from '../../../src/access/template/worlds';

function scopeWith(conditions: object, place = { path: 'Stack', root: 'Stack' }): ConditionScope {
  const references = {
    reference: (name: string) => (name === 'AWS::Region' ? 'us-east-1' : `<${place.root}/${name}>`),
    attribute: () => undefined,
    imported: () => undefined,
    outputOf: () => undefined,
    mapped: () => undefined,
    isMadeUpName: () => false,
    holds: () => 'maybe' as const,
  };
  return { ...place, conditions: conditions as any, resolve: (value) => resolveValue(value, references) };
}

const equal = (one: unknown, other: unknown) => ({ 'Fn::Equals': [one, other] });
const YES = equal('a', 'a');
const NO = equal('a', 'b');
const MAYBE = equal({ Ref: 'P' }, 'a');

test.each<[string, unknown, string]>([
  ['texts that are the same', YES, 'yes'],
  ['texts that are not', NO, 'no'],
  ['a text and a number', equal('5', 5), 'yes'],
  ['a text and a truth', equal('true', true), 'yes'],
  ['what is known', equal({ Ref: 'AWS::Region' }, 'us-east-1'), 'yes'],
  ['what is unknown', MAYBE, 'maybe'],
  ['what is unknown, but the same', equal({ Ref: 'P' }, { 'Fn::Sub': '${P}' }), 'yes'],
  ['functions that are unknown', equal({ 'Fn::Base64': 'a' }, { 'Fn::Base64': 'b' }), 'maybe'],
  ['Fn::Not', { 'Fn::Not': [YES] }, 'no'],
  ['Fn::Not of what is unknown', { 'Fn::Not': [MAYBE] }, 'maybe'],
  ['Fn::And', { 'Fn::And': [YES, YES] }, 'yes'],
  ['Fn::And with one that fails', { 'Fn::And': [MAYBE, NO] }, 'no'],
  ['Fn::And with one that is unknown', { 'Fn::And': [YES, MAYBE] }, 'maybe'],
  ['Fn::Or', { 'Fn::Or': [NO, NO] }, 'no'],
  ['Fn::Or with one that holds', { 'Fn::Or': [MAYBE, YES] }, 'yes'],
  ['Fn::Or with one that is unknown', { 'Fn::Or': [NO, MAYBE] }, 'maybe'],
  ['another condition', { Condition: 'Other' }, 'no'],
  ['a condition that is nowhere', { Condition: 'Nowhere' }, 'maybe'],
  ['a condition that every object has', { Condition: 'constructor' }, 'maybe'],
  ['itself', { Condition: 'It' }, 'maybe'],
  ['itself, where it does not matter', { 'Fn::And': [{ Condition: 'It' }, NO] }, 'no'],
  ['null', null, 'maybe'],
  ['a text', 'true', 'maybe'],
  ['nothing', {}, 'maybe'],
  ['too much', { 'Fn::Not': [NO], 'Fn::Or': [YES] }, 'maybe'],
  ['Fn::Equals of three', { 'Fn::Equals': ['a', 'a', 'a'] }, 'maybe'],
  ['Fn::And of nothing', { 'Fn::And': [] }, 'maybe'],
  ['Fn::Not of nothing', { 'Fn::Not': null }, 'maybe'],
  ['a function that no condition has', { 'Fn::Join': ['', ['a']] }, 'maybe'],
])('%s', (_, condition, expected) => {
  expect(conditionHolds('It', scopeWith({ It: condition, Other: NO }), UNDECIDED)).toBe(expected);
});

/** What is asked of a world that says yes to everything. */
function asked(conditions: object, place?: { path: string; root: string }, name = 'It'): Comparison[] {
  const all: Comparison[] = [];
  const world: World = {
    answered: () => 'maybe',
    ask: (comparison) => {
      all.push(comparison);
      return 'yes';
    },
  };
  conditionHolds(name, scopeWith(conditions, place), world);
  return all;
}

describe('a world is asked', () => {
  test('with the values that are compared, and where', () => {
    expect(asked({ It: MAYBE })).toEqual([{ key: 'Stack <Stack/P> a', unknown: 'Stack <Stack/P>', condition: 'condition It of stack Stack' }]);
  });

  test('for the condition in which the comparison stands', () => {
    expect(asked({ It: { 'Fn::Not': [{ Condition: 'Base' }] }, Base: MAYBE }).map(({ condition }) => condition)).toEqual(['condition Base of stack Stack']);
  });

  test('the same by nested stacks of what is the same', () => {
    const keys = [
      asked({ It: MAYBE }),
      asked({ It: equal('a', { Ref: 'P' }) }, { path: 'Stack/Nested', root: 'Stack' }),
      asked({ It: MAYBE }, { path: 'Other', root: 'Other' }),
    ].map(([{ key }]) => key);
    expect(keys).toEqual(['Stack <Stack/P> a', 'Stack <Stack/P> a', 'Other <Other/P> a']);
  });

  test('different things of functions that are written differently', () => {
    const select = (index: number) => equal({ 'Fn::Select': [index, { Ref: 'P' }] }, 'a');
    expect(asked({ It: { 'Fn::And': [select(0), select(1), select(1)] } }).map(({ key }) => key)).toEqual([
      'Stack "a" {"Fn::Select":[0,{"Ref":"P"}]}', 'Stack "a" {"Fn::Select":[1,{"Ref":"P"}]}', 'Stack "a" {"Fn::Select":[1,{"Ref":"P"}]}',
    ]);
  });

  test('for no one text of what is compared with another unknown value', () => {
    expect(asked({ It: equal({ Ref: 'P' }, { Ref: 'Q' }) })[0].unknown).toBeUndefined();
  });

  test.each([
    ['is decided anyway', { 'Fn::And': [MAYBE, NO] }, 0],
    ['no longer matters', { 'Fn::Or': [MAYBE, equal({ Ref: 'Q' }, 'a')] }, 1],
    ['matters', { 'Fn::And': [MAYBE, equal({ Ref: 'Q' }, 'a')] }, 2],
  ])('%#: only what is not decided: it %s', (_, condition, count) => {
    expect(asked({ It: condition }).length).toBe(count);
  });
});

test('conditions that refer to each other twice take no time', () => {
  const conditions = Object.fromEntries(Array.from({ length: 200 }, (_, index) => (
    [`C${index}`, { 'Fn::And': [{ Condition: `C${index + 1}` }, { Condition: `C${index + 1}` }] }])));
  expect(inEveryWorld((world) => conditionHolds('C0', scopeWith({ ...conditions, C200: MAYBE }), world))).toEqual(['yes', 'no']);
});
