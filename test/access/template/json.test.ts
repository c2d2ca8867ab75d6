import { jsonIn, parseJson } from '../../../src/access/template/json';

test('JSON is read', () => {
  expect(parseJson('{ "a": [1, null, "x"] }')).toEqual({ a: [1, null, 'x'] });
  expect(parseJson('5')).toBe(5);
});

test('what is none is an error', () => {
  expect(() => parseJson('{')).toThrow(SyntaxError);
});

test('what is called like parts of every object is a field like others', () => {
  expect(Object.keys(parseJson('{ "__proto__": 1, "constructor": 2 }') as object)).toEqual(['__proto__', 'constructor']);
});

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test('500 levels are read, more are an error that says where', () => {
  expect(parseJson(nested(500))).toBeInstanceOf(Array);
  expect(() => parseJson(nested(501))).toThrow(new Error('0/0/0 is nested deeper than 500 levels'));
  expect(() => parseJson(`{ "a": [], "b": { "x": 1, "y": { "z": ${nested(100_000)} } } }`)).toThrow(new Error('b/y/z is nested deeper than 500 levels'));
});

test('a value may be the text of another', () => {
  expect([jsonIn('{"a":[1]}'), jsonIn({ a: [1] }), jsonIn(7), jsonIn('no JSON'), jsonIn(undefined)]).toEqual([{ a: [1] }, { a: [1] }, 7, undefined, undefined]);
});
