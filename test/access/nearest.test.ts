import { suggestion } from '../../src/access/nearest';

test.each([
  ['chek', '; did you mean check?'],
  ['CHECK', '; did you mean check?'],
  ['chekc', '; did you mean check?'],
  ['reprot', '; did you mean report?'],
  ['expalin', '; did you mean explain?'],
  ['deploy', ''],
  ['', ''],
])('%j is answered by %j', (written, expected) => {
  expect(suggestion(written, ['check', 'report', 'explain'])).toBe(expected);
});
