import { COLOURED, PLAIN, styleFor } from '../../../src/access/report/style';

test('plain text is as it is', () => {
  expect([PLAIN.title('a'), PLAIN.name('b'), PLAIN.aside('c')]).toEqual(['a', 'b', 'c']);
});

test('every colour ends where it began', () => {
  expect([COLOURED.title('a'), COLOURED.name('b'), COLOURED.aside('c')]).toEqual(['\u001b[1;36ma\u001b[0m', '\u001b[1mb\u001b[0m', '\u001b[2mc\u001b[0m']);
});

test('colours are for terminals', () => {
  expect([styleFor(true), styleFor(false)]).toEqual([COLOURED, PLAIN]);
});
