#!/usr/bin/env node
import { run } from './command/command';

/** Wider than this, lines are hard to read. */
const WIDEST = 120;

const { stdout, stderr, env } = process;

// Who reads no further, as `head` does, has what it wanted.
[stdout, stderr].forEach((stream) => stream.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    throw error;
  }
}));

const { code, out, err } = run(process.argv.slice(2), {
  width: Math.min(stdout.columns ?? WIDEST, WIDEST),
  isColoured: stdout.isTTY === true && !env.NO_COLOR,
});
const print = (stream: NodeJS.WriteStream, lines: readonly string[]) => lines.length > 0 && stream.write(`${lines.join('\n')}\n`);
print(stdout, out);
print(stderr, err);
process.exitCode = code;
