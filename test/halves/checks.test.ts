import { Token } from 'aws-cdk-lib';
import { requireText } from '../../src/halves/checks';
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
