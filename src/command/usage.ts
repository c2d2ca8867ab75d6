import { Subcommand } from './outcome';

/** How to learn what can be written. */
export const USAGE = 'see cdk-shared-ecr --help';

/** What the command can do, in short. */
export function usageOf(subcommands: readonly Subcommand[]): string[] {
  return [
    'cdk-shared-ecr says from cloud assemblies, the directories that "cdk synth" writes, who pulls which image from Amazon ECR, and whether that works.',
    '',
    ...subcommands.flatMap((subcommand) => [...commandLine(subcommand), `  ${subcommand.summary}`, '']),
    'cdk-shared-ecr COMMAND --help tells more of a command, cdk-shared-ecr --version the version.',
    'Exit codes: 0 all is well, 1 there are findings, 2 the input is bad.',
  ];
}

export function helpOf(subcommand: Subcommand): string[] {
  return [...commandLine(subcommand), '', ...subcommand.help];
}

function commandLine({ name, usage: [first, ...others] }: Subcommand): string[] {
  const begin = `cdk-shared-ecr ${name} `;
  return [begin + first, ...others.map((line) => ' '.repeat(begin.length) + line)];
}
