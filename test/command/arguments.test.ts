import { argumentsOf, choiceOf } from '../../src/command/arguments';

const OPTIONS = { format: 'value', contract: 'values', strict: 'flag' } as const;
const read = (...args: string[]) => argumentsOf(args, OPTIONS);
const ALL = 'the options are --format, --contract, --strict';

test('options may stand before and after what is not one, with a space or an equals sign', () => {
  const args = read('--contract', 'a.json', 'cdk.out', '--contract=b.json', '--strict', 'other/cdk.out', '--format=json');
  expect(args.positionals).toEqual(['cdk.out', 'other/cdk.out']);
  expect(args.values('contract')).toEqual(['a.json', 'b.json']);
  expect(args.value('format')).toBe('json');
  expect(args.flag('strict')).toBe(true);
});

test('what is not given is not there', () => {
  const args = read();
  expect([args.positionals, args.values('contract'), args.value('format'), args.flag('strict')]).toEqual([[], [], undefined, false]);
});

test('after -- nothing is an option', () => {
  expect(read('--', '--strict').positionals).toEqual(['--strict']);
});

test.each([
  [['--stric'], 'unknown option --stric; did you mean --strict?'],
  [['--no-strict'], `unknown option --no-strict; ${ALL}`],
  [['-s'], `unknown option -s; ${ALL}`],
  [['--toString'], `unknown option --toString; ${ALL}`],
  [['--strict=yes'], '--strict takes no value, but is given "yes"'],
  [['--format'], '--format needs a value; write it after the option, --format VALUE'],
  [['--format='], '--format needs a value; write it after the option, --format VALUE'],
  [['--contract', '--strict'], '--contract needs a value; write it after the option, --contract VALUE'],
  [['--format', 'json', '--format', 'text'], '--format is given twice, "json" and "text"; give it once'],
])('%j is refused', (args, message) => {
  expect(() => read(...args)).toThrow(new Error(message));
});

test('a choice is the first unless another is made', () => {
  expect(choiceOf(read(), 'format', ['text', 'json'])).toBe('text');
  expect(choiceOf(read('--format', 'json'), 'format', ['text', 'json'])).toBe('json');
  expect(() => choiceOf(read('--format', 'jsno'), 'format', ['text', 'json']))
    .toThrow(new Error('--format is "jsno", but can be text, json; did you mean json?'));
});
