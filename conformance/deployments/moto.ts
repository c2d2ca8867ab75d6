import { join } from 'path';
import { installPythonPackages } from '../install';
import { start } from '../processes';

/** @returns the folder that the commands of moto and of Python are in */
export function installMoto(): string {
  return installPythonPackages('moto', join(__dirname, 'requirements.txt'));
}

/** A running moto. */
export interface Moto {
  readonly endpoint: string;
  /** Forgets everything. */
  reset(): Promise<void>;
  /** What it has failed at since this was asked the last time. */
  failures(): string[];
}

/** Starts moto on a free port. It must be called `localhost`, not `127.0.0.1`: by that it knows that a template is in one of its own buckets. */
export async function startMoto(folder: string): Promise<Moto> {
  const child = start(join(installMoto(), 'moto_server'), ['--host', 'localhost', '--port', '0'], { HOME: folder, PYTHONUNBUFFERED: '1' });
  let log = '';
  child.stdout!.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('error', reject).once('close', () => reject(new Error(`moto does not start: ${log}`)));
    child.stderr!.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const [, found] = /Running on (http:\/\/localhost:\d+)\s/.exec(log) ?? [];
      if (found !== undefined) {
        resolve(found);
      }
    });
  }).finally(() => clearTimeout(timer));
  return {
    endpoint,
    reset: async () => {
      const { status } = await fetch(`${endpoint}/moto-api/reset`, { method: 'POST', signal: AbortSignal.timeout(30_000) });
      if (status !== 200) {
        throw new Error(`moto does not forget: ${status}`);
      }
    },
    failures: () => {
      const lines = log.split('\n');
      // The last line may not be whole yet.
      log = lines.pop()!;
      return lines.filter((line) => /^\w*(Error|Exception)\b/.test(line) || / 5\d\d -$/.test(line));
    },
  };
}
