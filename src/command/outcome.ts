import { Arguments, Options } from './arguments';

/** What comes of a command: lines for both outputs, and the exit code: 0 if all is well, 1 if there are findings, 2 if the input is bad. */
export interface Outcome {
  readonly code: 0 | 1 | 2;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

/** Where the output is read. */
export interface Terminal {
  readonly width: number;
  readonly isColoured: boolean;
}

export interface Subcommand {
  readonly name: string;
  /** What is written after its name, a line for each group. */
  readonly usage: readonly string[];
  readonly summary: string;
  /** What it does, in whole lines. */
  readonly help: readonly string[];
  readonly options: Options;
  readonly run: (args: Arguments, terminal: Terminal) => Outcome;
}
