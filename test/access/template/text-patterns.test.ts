import { isDivisible, isKnown, matches, parseArn, splitText, unknownsIn, unknownValue } from '../../../src/access/template/text-patterns';

test('a text with an unknown value in it is not known', () => {
  expect(isKnown(`arn:aws:iam::111111111111:role/${unknownValue('Stack/Role')}`)).toBe(false);
  expect(isKnown('arn:aws:iam::111111111111:role/app')).toBe(true);
});

test.each([
  ['a,b', ',', true],
  ['a-b', '-', true],
  ['<AWS::Partition>:<AWS::Region>', ':', true],
  ['<AWS::Region>', '-', false],
  ['<AWS::Region>', '', false],
  ['role/<Stack/Role>', '/', true],
  ['role/<Stack/Role>', '-', false],
  ['role/<Stack/Role>', 'e', false],
  ['a,<Stack/Parameter>', ',', false],
  ['<Stack/Role>,<Stack/Parameter>', ',', false],
])('whether %j can be divided by %j: %j', (text, delimiter, expected) => {
  expect(isDivisible(text, delimiter, (unknown) => unknown === '<Stack/Role>')).toBe(expected);
});

test('unknown values are found', () => {
  expect(['<A>-<B>', 'a < b > c <', ''].map(unknownsIn)).toEqual([['<A>', '<B>'], ['< b >'], []]);
});

test('unknown values are not split', () => {
  expect(splitText('arn:<AWS::Partition>:iam::<AWS::AccountId>:role/<Stack/Role>', ':'))
    .toEqual(['arn', '<AWS::Partition>', 'iam', '', '<AWS::AccountId>', 'role/<Stack/Role>']);
});

test.each([
  ['*', 'anything', true],
  ['ecr:*', 'ecr:PutImage', true],
  ['ecr:Put?mage', 'ecr:PutImage', true],
  ['ecr:Put?', 'ecr:PutImage', false],
  ['a.c', 'abc', false],
  ['a(b', 'a(b', true],
  ['**x', 'yyx', true],
  ['a', 'ab', false],
  ['', '', true],
  ['*', '', true],
  ['?', '', false],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-b-c-d', false],
  ['*', '*', true],
  ['a', '*', false],
  ['a?', 'a\n', true],
  ['*a'.repeat(30), 'a'.repeat(1000) + 'b', false],
])('%j matches %j: %j', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test('an ARN is taken apart, whatever is unknown in it', () => {
  expect(parseArn('arn:<AWS::Partition>:lambda:us-east-1:111111111111:function:orders:live'))
    .toEqual({ service: 'lambda', region: 'us-east-1', account: '111111111111', resource: 'function:orders:live' });
});

test.each(['', '*', '111111111111', 'arn:aws:s3', 'urn:aws:iam::1:role/x'])('%j is no ARN', (text) => {
  expect(parseArn(text)).toBeUndefined();
});
