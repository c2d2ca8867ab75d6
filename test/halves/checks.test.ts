import { Fn, Token } from 'aws-cdk-lib';
import { requireSome, requireText } from '../../src/halves/checks';
import { ACCOUNT_ID } from '../../src/policy/formats';
import { errorOf } from '../support';

test('a text of the format passes, and so does what only the deployment knows', () => {
  for (const text of ['111122223333', Token.asString({ Ref: 'Account' }), `11112222${Token.asString({ Ref: 'Rest' })}`]) {
    expect(() => requireText(ACCOUNT_ID, 'accountId', text)).not.toThrow();
  }
});

test('another throws in the words of the caller', () => {
  expect(errorOf(() => requireText(ACCOUNT_ID, 'accountId', '1111')))
    .toBe('accountId is "1111", but an account id is 12 digits, as a string, for example "111122223333"');
});

describe('some texts, each once', () => {
  const token = Token.asString({ Ref: 'Account' });
  const list = Token.asList({ Ref: 'Accounts' });

  test.each<[string, string[]]>([['one', ['a']], ['several', ['a', 'b', 'A']], ['tokens', ['a', token, Token.asString({ Ref: 'Other' }), Fn.select(0, list)]]])('pass: %s', (_, texts) => {
    expect(() => requireSome('accountIds', texts)).not.toThrow();
  });

  const partOfList = 'accountIds has in it a list that only the deployment knows, which cannot be taken apart here; '
    + 'give such a list alone to EcrGrantee.accounts(...list), or take single texts out of it with Fn.select(index, list)';

  test.each<[string, string[], string]>([
    ['none', [], 'accountIds is empty, but at least one is needed; leave the grant out if there is nobody to grant to'],
    ['one twice', ['a', 'b', 'a', 'b'], 'accountIds has "a" twice, but each may stand there once; remove the second, or correct it if another was meant'],
    ['the same token twice', [token, token], `accountIds has ${JSON.stringify(token)} twice, but each may stand there once; remove the second, or correct it if another was meant`],
    ['a list', list, partOfList],
    ['a list among others', ['a', ...list], partOfList],
  ])('do not: %s', (_, texts, message) => {
    expect(errorOf(() => requireSome('accountIds', texts))).toBe(message);
  });

  test('what to do without any may be said', () => {
    expect(errorOf(() => requireSome('destinations', [], 'leave it out'))).toBe('destinations is empty, but at least one is needed; leave it out');
  });
});
