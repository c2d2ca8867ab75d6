import { parseArgs, ParseArgsConfig } from 'util';
import { suggestion } from '../access/nearest';

/** What an option is given with: a value, a value each time it is given, or none. */
export type OptionKind = 'value' | 'values' | 'flag';

export type Options = Readonly<Record<string, OptionKind>>;

/** What was written after the name of a subcommand. */
export interface Arguments {
  readonly positionals: readonly string[];
  readonly value: (option: string) => string | undefined;
  readonly values: (option: string) => readonly string[];
  readonly flag: (option: string) => boolean;
}

/**
 * Reads arguments.
 *
 * @throws if an option is unknown, lacks its value or has one that it does not take, or is given twice
 */
export function argumentsOf(args: readonly string[], options: Options): Arguments {
  const config: ParseArgsConfig['options'] = Object.fromEntries(Object.entries(options).map(([name, kind]) => (
    [name, { type: kind === 'flag' ? 'boolean' as const : 'string' as const, multiple: true }])));
  // Without `strict`, what is wrong can be said in our own words.
  const { tokens, positionals } = parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true });
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      const kind = Object.hasOwn(options, name) && rawName.startsWith('--') ? options[name] : undefined;
      if (kind === undefined) {
        const known = Object.keys(options).map((option) => `--${option}`);
        const all = known.length === 0 ? '; it takes no options' : `; the options are ${known.join(', ')}`;
        throw new Error(`unknown option ${rawName}${suggestion(rawName, known) || all}`);
      }
      if (kind === 'flag' && value !== undefined) {
        throw new Error(`${rawName} takes no value, but is given ${JSON.stringify(value)}`);
      }
      if (kind !== 'flag' && (!value || (!inlineValue && value.startsWith('-')))) {
        throw new Error(`${rawName} needs a value; write it after the option, ${rawName} VALUE`);
      }
      if (kind === 'value' && given.has(name)) {
        throw new Error(`${rawName} is given twice, ${JSON.stringify(given.get(name)![0])} and ${JSON.stringify(value)}; give it once`);
      }
      given.set(name, [...given.get(name) ?? [], value ?? '']);
    }
  }
  return {
    positionals,
    value: (option) => given.get(option)?.[0],
    values: (option) => given.get(option) ?? [],
    flag: (option) => given.has(option),
  };
}

/** The value of an option that takes one of a few; the first if it is not given. */
export function choiceOf<T extends string>(args: Arguments, option: string, choices: readonly T[]): T {
  const value = args.value(option) ?? choices[0];
  const choice = choices.find((one) => one === value);
  if (choice === undefined) {
    throw new Error(`--${option} is ${JSON.stringify(value)}, but can be ${choices.join(', ')}${suggestion(value, choices)}`);
  }
  return choice;
}
