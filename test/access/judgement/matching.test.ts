import { matching, matchingArns, matchingResources, same, sameArns } from '../../../src/access/judgement/matching';
import { Truth } from '../../../src/access/template/truth';

test.each<[string, string, Truth]>([
  ['web-*', 'web-app', 'yes'],
  ['web-?', 'web-app', 'no'],
  ['web-???', 'web-app', 'yes'],
  ['*', '<Name>', 'yes'],
  ['web-*', 'web-<Name>', 'yes'],
  ['web-*', '<Name>', 'maybe'],
  ['web-*', '<Name>-app', 'maybe'],
  ['web-*', 'api-<Name>', 'no'],
  ['<Name>', '<Name>', 'yes'],
  ['<Name>*', '<Name>/app', 'yes'],
  ['<Name>', '<Other>', 'maybe'],
  ['<Name>-a', '<Other>-b', 'no'],
  ['web-<Name>', 'web-app', 'maybe'],
  ['web-<Name>', 'api', 'no'],
  ['<Name>', 'web-app', 'maybe'],
  ['<Name>', '', 'maybe'],
  ['?', '<X>', 'maybe'],
  ['???', '<X>', 'maybe'],
  ['?<X>', 'a<X>', 'yes'],
  ['<*>', '<Name>', 'maybe'],
  // The results of two functions have the same name here.
  ['<Fn::If>', '<Fn::If>', 'maybe'],
  ['<fn::if>', '<fn::if>', 'maybe'],
  ['*', '<Fn::If>', 'yes'],
  ['a<Fn::If>', 'b<Fn::If>', 'no'],
  ['*', `${'x'.repeat(3000)}<Name>`, 'yes'],
  ['*-app-*', 'web<A>-app-<B>', 'yes'],
  ['*-app-*', 'web-<A>', 'maybe'],
  ['*?-app', '<A>-app', 'maybe'],
  ['*?-app', 'x<A>-app', 'maybe'],
  ['*<A>x', 'web-<A>x', 'yes'],
  ['*a?b*', '<A>aab<A>', 'yes'],
  ['*a?b*', '<A>aab', 'yes'],
  ['*abc', 'ab<A>bc', 'maybe'],
  ['*-b-*', 'a-<A>-c', 'maybe'],
  ['*a*b', 'b<A>a', 'no'],
  ['a*<A>', 'a', 'maybe'],
  ['ab*ba', 'aba', 'no'],
  ['ab*<A>ba', 'aba', 'no'],
])('%j matches %j: %s', (pattern, text, expected) => {
  expect(matching(pattern, text)).toBe(expected);
});

test.each<[string, string, Truth]>([
  ['a', 'a', 'yes'],
  ['a', 'b', 'no'],
  ['*', 'a', 'no'],
  ['?', 'a', 'no'],
  ['<A>', '<A>', 'yes'],
  ['<A>', '<B>', 'maybe'],
  ['<A>*', '<A>*', 'yes'],
  ['<A>*', 'ab', 'no'],
  ['x<A>', 'xyz', 'maybe'],
  ['<Fn::If>', '<Fn::If>', 'maybe'],
])('%j is the same as %j: %s', (a, b, expected) => {
  expect([same(a, b), same(b, a)]).toEqual([expected, expected]);
});

const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';

test.each<[string, string, Truth, Truth]>([
  ['*', ARN, 'yes', 'yes'],
  [ARN, ARN, 'yes', 'yes'],
  ['arn:aws:ecr:*:111111111111:repository/*', ARN, 'yes', 'yes'],
  ['arn:aws:ecr:*:222222222222:repository/*', ARN, 'no', 'no'],
  ['arn:*:ecr:*:*:*', ARN, 'yes', 'yes'],
  // Resources are matched across colons and may leave parts out; ARNs in conditions are not.
  ['arn:aws:ecr:*', ARN, 'no', 'yes'],
  ['arn:aws:ecr', ARN, 'no', 'yes'],
  ['arn:aws:s3', ARN, 'no', 'no'],
  ['arn:*:repository/web-app', ARN, 'no', 'no'],
  ['web-app', ARN, 'no', 'no'],
  ['<Fn::If>', ARN, 'maybe', 'maybe'],
  ['<Fn::If>/web-app', ARN, 'maybe', 'maybe'],
  ['<Fn::If>/api', ARN, 'no', 'no'],
  ['arn:aws:ecr:us-east-1:<AWS::AccountId>:repository/*', ARN, 'maybe', 'maybe'],
  ['arn:aws:ecr:us-east-1:<AWS::AccountId>:repository/api', ARN, 'no', 'no'],
  ['arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/web-app', ARN, 'yes', 'yes'],
  ['arn:<AWS::Partition>:ecr:us-east-1:222222222222:repository/web-app', ARN, 'no', 'no'],
  [ARN, 'arn:<AWS::Partition>:ecr:us-east-1:111111111111:repository/web-app', 'yes', 'yes'],
  ['arn:<A>:ecr:*:*:repository/*', 'arn:<B>:ecr:us-east-1:111111111111:repository/web-app', 'yes', 'yes'],
  ['*', '*', 'yes', 'yes'],
  ['arn:aws:ecr:*:*:repository/*', '*', 'no', 'no'],
  ['<Fn::If>', '*', 'maybe', 'maybe'],
])('%j matches %j: %s as an ARN, %s as a resource', (pattern, arn, asArn, asResource) => {
  expect([matchingArns(pattern, arn), matchingResources(pattern, arn)]).toEqual([asArn, asResource]);
});

test.each<[string, string, Truth]>([
  ['arn:aws:iam::111111111111:role/app', 'arn:aws:iam::111111111111:role/app', 'yes'],
  ['arn:aws:iam::111111111111:role/*', 'arn:aws:iam::111111111111:role/app', 'no'],
  ['arn:<AWS::Partition>:iam::111111111111:role/app', 'arn:aws:iam::111111111111:role/app', 'yes'],
  ['arn:aws:iam::111111111111:role/app', 'arn:<AWS::Partition>:iam::111111111111:role/app', 'yes'],
  ['arn:<AWS::Partition>:iam::111111111111:role/app', '<Stack/Role.Arn>', 'maybe'],
  ['arn:aws:iam::111111111111:role/<Stack/Role>', 'arn:aws:iam::111111111111:role/<Stack/Role>', 'yes'],
])('%j is the ARN %j: %s', (a, b, expected) => {
  expect(sameArns(a, b)).toBe(expected);
});

test('what is longer than any ARN takes no time', () => {
  expect(matching(`${'x'.repeat(50_000)}<Name>`, `${'x'.repeat(50_000)}<Other>`)).toBe('maybe');
});
