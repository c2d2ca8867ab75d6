import { concat, isIntrinsic, sameValue, sortedSet, textOf } from '../../src/policy/value';

const PARTITION = { Ref: 'AWS::Partition' };
const ACCOUNT = { Ref: 'AWS::AccountId' };

test('a value is told apart by the text that stands in the template', () => {
  expect(textOf('111122223333')).toBe('111122223333');
  expect(textOf(ACCOUNT)).toBe('{"Ref":"AWS::AccountId"}');
  expect(sameValue('a', 'a')).toBe(true);
  expect(sameValue({ Ref: 'A' }, { Ref: 'A' })).toBe(true);
  expect(sameValue({ Ref: 'A' }, { Ref: 'B' })).toBe(false);
  expect(sameValue('A', { Ref: 'A' })).toBe(false);
});

test('values are sorted by their text, once each', () => {
  expect(sortedSet(['b', { Ref: 'B' }, 'a', { Ref: 'A' }, 'b', { Ref: 'A' }, '10', '9'])).toEqual(['10', '9', 'a', 'b', { Ref: 'A' }, { Ref: 'B' }]);
  expect(sortedSet([])).toEqual([]);
});

describe('concat', () => {
  test.each([
    ['nothing', [], ''],
    ['empty strings', ['', ''], ''],
    ['strings', ['arn:', 'aws', ':iam'], 'arn:aws:iam'],
    ['one intrinsic', [ACCOUNT], ACCOUNT],
    ['an intrinsic among empty strings', ['', ACCOUNT, ''], ACCOUNT],
    ['strings and intrinsics', ['arn:', PARTITION, ':', 'iam::', ACCOUNT, ':role/app'],
      { 'Fn::Join': ['', ['arn:', PARTITION, ':iam::', ACCOUNT, ':role/app']] }],
    ['a join, whose parts it takes up', [{ 'Fn::Join': ['', ['o-a1b2c3d4e5/', { Ref: 'Path' }, '/']] }, '*'],
      { 'Fn::Join': ['', ['o-a1b2c3d4e5/', { Ref: 'Path' }, '/*']] }],
    ['a join with a separator, which stays whole', [{ 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, '*'],
      { 'Fn::Join': ['', [{ 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }, '*']] }],
    ['a join over a list of the deployment, which stays whole', [{ 'Fn::Join': ['', { Ref: 'List' }] }, '*'],
      { 'Fn::Join': ['', [{ 'Fn::Join': ['', { Ref: 'List' }] }, '*']] }],
  ])('%s', (_, values, expected) => {
    expect(concat(...values)).toEqual(expected);
  });
});

test.each([
  [{ Ref: 'A' }, true],
  [{ 'Fn::GetAtt': ['A', 'Arn'] }, true],
  ['A', false],
  [null, false],
  [undefined, false],
  [7, false],
  [[{ Ref: 'A' }], false],
  [{ AWS: 'A' }, false],
  [{ Ref: 'A', B: 'C' }, false],
  [{}, false],
])('whether %j is an intrinsic: %s', (value, expected) => {
  expect(isIntrinsic(value)).toBe(expected);
});
