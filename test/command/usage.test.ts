import { Subcommand } from '../../src/command/outcome';
import { helpOf, usageOf } from '../../src/command/usage';

const PACK: Subcommand = { name: 'pack', usage: ['DIR...', '[--fast]'], summary: 'packs', help: ['Packs directories.'], options: {}, run: () => ({ code: 0, out: [], err: [] }) };
const LINES = ['cdk-shared-ecr pack DIR...', '                    [--fast]'];

test('a command is shown with what it takes', () => {
  expect(usageOf([PACK]).slice(2, 6)).toEqual([...LINES, '  packs', '']);
  expect(helpOf(PACK)).toEqual([...LINES, '', 'Packs directories.']);
});
