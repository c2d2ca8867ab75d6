import { PLAIN } from '../../../src/access/report/style';
import { table } from '../../../src/access/report/table';

const row = ['every account of organization o-a1b2c3d4e5 but the owner\'s', 'pull'];

test('columns are aligned', () => {
  expect(table(['who', 'may'], [['a', 'pull'], ['bcdef', 'push']], PLAIN, 80)).toEqual(['  who    may', '  a      pull', '  bcdef  push']);
});

test('a table that is too wide is wrapped in its widest column', () => {
  expect(table(['who', 'may'], [row], PLAIN, 50)).toEqual([
    '  who                                         may',
    '  every account of organization o-a1b2c3d4e5  pull',
    '    but the owner\'s',
  ]);
});

test('columns do not become too narrow to be read, and no word is cut', () => {
  expect(table(['who', 'may'], [['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', 'pull'], row], PLAIN, 10)).toEqual([
    '  who                                   may',
    '  o-a1b2c3d4e5/r-ab12/ou-ab12-11111111  pull',
    '  every account of organization         pull',
    '    o-a1b2c3d4e5 but the owner\'s',
  ]);
});
