import { ChildProcess, execFileSync } from 'child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'fs';
import { join } from 'path';
import { setTimeout as wait } from 'timers/promises';
import { installDebianPackages } from '../install';
import { run, start } from '../processes';

/** The programs, and where their libraries are. */
export interface Tools {
  readonly registry: string;
  readonly skopeo: string;
  readonly libraries: string;
}

/** What comes with the dynamic linker, which must be that of the machine. */
const OF_THE_MACHINE = /^(linux-vdso|libc|libm|libdl|libpthread|libresolv|librt|ld-linux[\w-]*)\.so/;

export function installTools(): Tools {
  const root = installDebianPackages('pulls', join(__dirname, 'debian-packages.txt'));
  const libraries = ['lib', 'usr/lib'].flatMap((folder) => (
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name.includes('linux-gnu')).map((name) => join(root, folder, name)) : [])).join(':');
  const tools = { registry: join(root, 'usr/bin/docker-registry'), skopeo: join(root, 'usr/bin/skopeo'), libraries };
  [tools.registry, tools.skopeo].forEach((program) => requireLibraries(program, root, libraries));
  return tools;
}

/** That the list of packages is complete by itself, whatever the machine happens to have. */
function requireLibraries(program: string, root: string, libraries: string): void {
  const linked = execFileSync('ldd', [program], { encoding: 'utf8', env: { LD_LIBRARY_PATH: libraries } });
  const missing = linked.split('\n').map((line) => line.trim()).filter((line) => line !== '')
    .filter((line) => !line.includes(`=> ${root}/`) && !OF_THE_MACHINE.test(line.replace(/^\/\S*\//, '')));
  if (missing.length > 0) {
    throw new Error(`debian-packages.txt lacks what ${program} is linked with: ${missing.join(', ')}`);
  }
}

/** @returns the socket that it listens on, and on nothing else */
export async function startRegistry({ registry, libraries }: Tools, folder: string): Promise<string> {
  const socket = join(folder, 'registry.sock');
  const data = join(folder, 'registry');
  mkdirSync(data);
  // JSON is YAML.
  writeFileSync(join(folder, 'registry.yml'), JSON.stringify({
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data } },
    http: { net: 'unix', addr: socket, relativeurls: true, secret: 'none' },
  }));
  const child = start(registry, ['serve', join(folder, 'registry.yml')], { LD_LIBRARY_PATH: libraries });
  await listening(child, socket);
  return socket;
}

async function listening(child: ChildProcess, socket: string): Promise<void> {
  // It takes a layer that is not there yet for an error, and says so all the time.
  let said = '';
  child.once('error', ({ message }) => { said += message; });
  child.stdout!.resume();
  child.stderr!.on('data', (chunk: Buffer) => { said = (said + chunk.toString()).slice(-10_000); });
  for (let tries = 0; tries < 300; tries++) {
    if (child.pid === undefined || child.exitCode !== null) {
      throw new Error(`docker-registry does not run: ${said}`);
    }
    if (existsSync(socket)) {
      return;
    }
    await wait(100);
  }
  throw new Error(`docker-registry does not listen after 30 seconds: ${said}`);
}

export interface Ran {
  readonly code: number;
  readonly said: string;
}

/** Runs skopeo in a folder of its own; whatever it asks for, it asks the endpoint of that port. */
export async function runSkopeo({ skopeo, libraries }: Tools, port: number, folder: string, args: readonly string[]): Promise<Ran> {
  const proxy = `http://127.0.0.1:${port}`;
  const { code, errors } = await run(skopeo, ['--insecure-policy', ...args], {
    LD_LIBRARY_PATH: libraries,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    HOME: folder,
    TMPDIR: folder,
    XDG_DATA_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    // Otherwise, as root, it remembers layers in a folder of the machine.
    _CONTAINERS_ROOTLESS_UID: '1000',
  }, 30);
  return code === undefined ? { code: -1, said: `${errors}killed after 30 seconds` } : { code, said: errors };
}
