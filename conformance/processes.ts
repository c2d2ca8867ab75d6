import { ChildProcess, spawn } from 'child_process';

/** What is still running. It ends, at the latest, when this process does. */
const running = new Set<ChildProcess>();

export type Variables = Readonly<Record<string, string>>;

/** Starts a program in an environment of its own, of which nothing of the user's is part. */
export function start(file: string, words: readonly string[], env: Variables): ChildProcess {
  const child = spawn(file, words, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

export interface Ended {
  /** Undefined if it was killed. */
  readonly code: number | undefined;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program until it ends. One that does not is killed. */
export async function run(file: string, words: readonly string[], env: Variables, seconds: number): Promise<Ended> {
  const child = start(file, words, env);
  const [output, errors] = [child.stdout!, child.stderr!].map((stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    return { code: code ?? undefined, output: output(), errors: errors() };
  } finally {
    clearTimeout(timer);
  }
}

export function stopAll(): void {
  running.forEach((child) => child.kill('SIGKILL'));
}

process.once('exit', stopAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(130));
}
