import { fieldsOf, isFields, listOf, textOf, textsOf } from '../../../src/access/template/template';

test.each([[{ a: 1 }, true], [[], false], [null, false], ['a', false], [undefined, false]])('%j: is it fields? %j', (value, expected) => {
  expect(isFields(value)).toBe(expected);
  expect(fieldsOf(value)).toEqual(expected ? value : {});
});

test('a list of one may be written without its brackets', () => {
  expect([listOf('a'), listOf(['a', 'b']), listOf(undefined), listOf(null)]).toEqual([['a'], ['a', 'b'], [], []]);
});

test('everything has a text', () => {
  expect([textOf('a'), textOf(1), textOf({ a: true }), textOf(undefined)]).toEqual(['a', '1', '{"a":true}', '']);
  expect(textsOf(['a', 1])).toEqual(['a', '1']);
});
