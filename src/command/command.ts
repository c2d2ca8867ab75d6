import { argumentsOf } from './arguments';
import { check } from './check';
import { contract } from './contract';
import { explainPull } from './explain';
import { Outcome, Subcommand, Terminal } from './outcome';
import { report } from './report';
import { helpOf, USAGE, usageOf } from './usage';
import { version } from './version';
import { suggestion } from '../access/nearest';

const SUBCOMMANDS: readonly Subcommand[] = [check, report, contract, explainPull];

/**
 * Runs the command.
 *
 * @param args what was written after its name
 */
export function run(args: readonly string[], terminal: Terminal): Outcome {
  const [name, ...rest] = args;
  switch (name) {
    case undefined: return { code: 2, out: [], err: usageOf(SUBCOMMANDS) };
    case '--help': case '-h': case 'help': return { code: 0, out: usageOf(SUBCOMMANDS), err: [] };
    case '--version': case '-v': return { code: 0, out: [version()], err: [] };
  }
  const subcommand = SUBCOMMANDS.find((one) => one.name === name);
  if (!subcommand) {
    const names = SUBCOMMANDS.map((one) => one.name);
    const what = name.startsWith('-') ? 'option' : 'command';
    return failed(`unknown ${what} ${name}${suggestion(name, [...names, '--help', '--version'])}; ${USAGE}`);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    return { code: 0, out: helpOf(subcommand), err: [] };
  }
  try {
    return subcommand.run(argumentsOf(rest, subcommand.options), terminal);
  } catch (error) {
    return failed(`${name}: ${(error as Error).message}`);
  }
}

/** What is wrong with the input, in one line. */
function failed(message: string): Outcome {
  return { code: 2, out: [], err: [`cdk-shared-ecr: ${message.split(/\s*\n\s*/).join(' ')}`] };
}
