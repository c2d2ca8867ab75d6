import { mkdirSync, mkdtempSync, rmSync } from 'fs';
import { request } from 'http';
import { join } from 'path';
import { Refusal, Session } from './decide';
import { Endpoint, textOf, Visit } from './endpoint';
import { differences, LocalImage, MANIFEST_TYPE } from './image';
import { Ran, runSkopeo, Tools } from './tools';
import { Target } from '../simulator/questions';

export interface Bench {
  readonly tools: Tools;
  readonly endpoint: Endpoint;
  /** Everything is written below it. */
  readonly folder: string;
}

export const TAG = 'v1';

/** As templates name it. */
export function uriOf(target: Target, tag = TAG): string {
  return `${hostOf(target)}/${target.name}:${tag}`;
}

function hostOf({ registry: { account, region } }: Target): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

/** How somebody comes to be logged in: by the API; by AWS, who fetches for them; or not at all. */
export type Login = 'asks' | 'has' | 'none';

export interface Attempt {
  readonly works: boolean;
  /** What the client prints, and what it did. */
  readonly said: string;
  readonly refusals: readonly Refusal[];
}

/** Pulls by skopeo. Works only if what arrives is, byte for byte, what is there. */
export function pull(bench: Bench, session: Session, login: Login, target: Target, image: LocalImage): Promise<Attempt> {
  return attempt(bench, session, login, target, async (folder, credentials) => {
    const ran = await runSkopeo(bench.tools, bench.endpoint.port, folder, [
      'copy', '--quiet', '--src-tls-verify=false', ...credentials('src-'), `docker://${uriOf(target, image.tag)}`, `dir:${join(folder, 'pulled')}`,
    ]);
    const different = ran.code === 0 ? differences(image, join(folder, 'pulled')) : [];
    return different.length === 0 ? ran : { code: -1, said: `${different.join(', ')} came otherwise than it was pushed` };
  });
}

export function push(bench: Bench, session: Session, login: Login, target: Target, image: LocalImage): Promise<Attempt> {
  return attempt(bench, session, login, target, (folder, credentials) => runSkopeo(bench.tools, bench.endpoint.port, folder, [
    'copy', '--quiet', '--dest-tls-verify=false', ...credentials('dest-'), `dir:${image.folder}`, `docker://${uriOf(target, image.tag)}`,
  ]));
}

export function listTags(bench: Bench, session: Session, login: Login, target: Target): Promise<Attempt> {
  return attempt(bench, session, login, target, (folder, credentials) => runSkopeo(bench.tools, bench.endpoint.port, folder, [
    'list-tags', '--tls-verify=false', ...credentials(''), `docker://${hostOf(target)}/${target.name}`,
  ]));
}

/** Looks whether the manifest and the layers are there: clients such as containerd do so before they fetch the one, and before they push the others. */
export function look(bench: Bench, session: Session, login: Login, target: Target, { tag, config, layer }: LocalImage): Promise<Attempt> {
  return attempt(bench, session, login, target, async (_, __, visit) => {
    const headers = { authorization: `Basic ${Buffer.from(`AWS:${visit.token}`).toString('base64')}`, accept: MANIFEST_TYPE };
    for (const path of [`manifests/${tag}`, `blobs/${config.digest}`, `blobs/${layer.digest}`]) {
      const url = `http://${hostOf(target)}/v2/${target.name}/${path}`;
      const { status } = await ask(bench, 'HEAD', url, headers, '');
      if (status !== 200) {
        return { code: 1, said: `unexpected status from HEAD request to ${url}: ${status}` };
      }
    }
    return { code: 0, said: '' };
  });
}

/** Calls the API as an SDK does. */
export function call(bench: Bench, session: Session, operation: string, target: Target): Promise<Attempt> {
  return attempt(bench, session, 'has', target, (_, __, visit) => callApi(bench, visit, operation, target));
}

async function callApi(bench: Bench, { key }: Visit, operation: string, { registry, name }: Target): Promise<Ran & { readonly body: any }> {
  const { account, region } = registry;
  const { status, text } = await ask(bench, 'POST', `http://api.ecr.${region}.amazonaws.com/`, {
    'authorization': `AWS4-HMAC-SHA256 Credential=${key}/20260101/${region}/ecr/aws4_request, SignedHeaders=host, Signature=none`,
    'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${operation}`,
  }, JSON.stringify({ registryId: account, repositoryName: name }));
  if (status === 500) {
    throw new Error(text);
  }
  const body = JSON.parse(text);
  return { code: status === 200 ? 0 : 1, said: status === 200 ? '' : `An error occurred (${body.__type}) when calling the ${operation} operation: ${body.message}`, body };
}

type Run = (folder: string, credentials: (prefix: string) => string[], visit: Visit) => Promise<Ran>;

async function attempt(bench: Bench, session: Session, login: Login, target: Target, run: Run): Promise<Attempt> {
  const visit = bench.endpoint.visit(session);
  const folder = mkdtempSync(join(bench.folder, 'run-'));
  try {
    mkdirSync(join(folder, 'pulled'));
    const loggedIn = login === 'asks' ? await callApi(bench, visit, 'GetAuthorizationToken', target) : undefined;
    const { code, said } = loggedIn && loggedIn.code !== 0 ? loggedIn : await run(folder, credentials, visit);
    return { works: code === 0, said: [said.trim(), ...visit.asked].filter(Boolean).join('\n'), refusals: visit.refusals };

    function credentials(prefix: string): string[] {
      const token = loggedIn ? Buffer.from(loggedIn.body.authorizationData[0].authorizationToken, 'base64').toString() : `AWS:${visit.token}`;
      return login === 'none' ? [`--${prefix}no-creds`] : [`--${prefix}creds`, token];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks by the endpoint, as a proxy is asked; each time by a connection of its own, as programs do that end then. */
function ask({ endpoint: { port } }: Bench, method: string, url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  const options = { host: '127.0.0.1', port, method, path: url, headers: { ...headers, host: new URL(url).host }, agent: false, timeout: 20_000 };
  return new Promise((resolve, reject) => {
    const asking = request(options, (response) => {
      textOf(response).then((text) => resolve({ status: response.statusCode!, text }), reject);
    });
    asking.once('timeout', () => asking.destroy(new Error(`no answer to ${method} ${url}`))).once('error', reject).end(body);
  });
}
