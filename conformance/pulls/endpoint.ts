import { randomBytes } from 'crypto';
import { createServer, IncomingMessage, request, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { LOGIN, Refusal, refusalOf, Session } from './decide';
import { Registry } from '../simulator/world';

/** What one client does, and what it is told. */
export interface Visit {
  readonly session: Session;
  /** What it signs requests of the API with. */
  readonly key: string;
  /** What it logs in with, once the API has given it. */
  readonly token: string;
  readonly asked: string[];
  readonly refusals: Refusal[];
}

/** What stands in for Amazon ECR: the API of every Region, and every registry. */
export interface Endpoint {
  readonly port: number;
  readonly visit: (session: Session) => Visit;
  readonly close: () => void;
}

/**
 * What a request of the registry's protocol is to IAM. That a pull is `BatchGetImage` and `GetDownloadUrlForLayer`, and a push the rest, AWS says
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/logging-using-cloudtrail.html); that a `HEAD` is decided as here is taken from what the actions are for.
 */
const ACTIONS: Readonly<Record<string, string>> = {
  'GET manifests': 'ecr:BatchGetImage',
  'HEAD manifests': 'ecr:BatchGetImage',
  'PUT manifests': 'ecr:PutImage',
  'GET blobs': 'ecr:GetDownloadUrlForLayer',
  'HEAD blobs': 'ecr:BatchCheckLayerAvailability',
  'POST uploads': 'ecr:InitiateLayerUpload',
  'PATCH uploads': 'ecr:UploadLayerPart',
  'PUT uploads': 'ecr:CompleteLayerUpload',
  'GET tags': 'ecr:ListImages',
};

/** The repository, and what of it. */
const PATH = /^\/v2\/(.+)\/(?:(manifests)\/[^/]+|(blobs)\/sha256:\w+|blobs\/(uploads)\/[^/]*|(tags)\/list)$/;

/** A forward proxy: clients ask for the hosts of Amazon ECR, and get here. There is no TLS, so a client must agree to do without. */
export async function startEndpoint(socket: string): Promise<Endpoint> {
  const visits = new Map<string, Visit>();
  const respond = (incoming: IncomingMessage, response: ServerResponse): void | Promise<void> => {
    const url = new URL(incoming.url!, 'http://nowhere');
    const [, account, ofRegistry] = /^(\d{12})\.dkr\.ecr\.([\w-]+)\.amazonaws\.com$/.exec(url.hostname) ?? [];
    const [, ofApi] = /^api\.ecr\.([\w-]+)\.amazonaws\.com$/.exec(url.hostname) ?? [];
    return ofApi ? answerAsApi(incoming, response, ofApi, visits)
      : account ? answerAsRegistry(incoming, response, url, { account, region: ofRegistry }, visits, socket)
        : answer(response, 421, `${url.hostname} is no host of Amazon ECR`);
  };
  const server = createServer((incoming, response) => {
    Promise.resolve().then(() => respond(incoming, response))
      .catch((error: Error) => (response.headersSent ? response.destroy(error) : answer(response, 500, error.stack!)));
  });
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    visit(session) {
      const [key, token] = [secret(), secret()];
      const visit = { session, key, token, asked: [], refusals: [] };
      visits.set(key, visit).set(token, visit);
      return visit;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
}

function secret(): string {
  return randomBytes(18).toString('hex');
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** The API: the caller is known by its signature, of which only the key is looked at. */
async function answerAsApi(incoming: IncomingMessage, response: ServerResponse, region: string, visits: ReadonlyMap<string, Visit>): Promise<void> {
  const [, key] = /Credential=(\w+)/.exec(incoming.headers.authorization ?? '') ?? [];
  const visit = visits.get(key);
  const [, operation] = /^AmazonEC2ContainerRegistry_V20150921\.(\w+)$/.exec(String(incoming.headers['x-amz-target'])) ?? [];
  const { registryId, repositoryName: name } = JSON.parse(await textOf(incoming));
  if (!visit || !operation) {
    return answer(response, 400, { __type: 'UnrecognizedClientException', message: 'The security token included in the request is invalid.' });
  }
  const action = `ecr:${operation}`;
  const refusal = await (action === LOGIN
    ? refusalOf(visit.session, action, { account: visit.session.caller.account, region }, '*')
    : refusalOf(visit.session, action, { account: registryId, region }, name));
  note(visit, operation, action, refusal);
  return refusal
    ? answer(response, 400, { __type: 'AccessDeniedException', message: refusal.message })
    : answer(response, 200, action === LOGIN ? { authorizationData: [{ authorizationToken: Buffer.from(`AWS:${visit.token}`).toString('base64') }] } : {});
}

async function answerAsRegistry(
  incoming: IncomingMessage, response: ServerResponse, url: URL, registry: Registry, visits: ReadonlyMap<string, Visit>, socket: string,
): Promise<void> {
  const [, credentials = ''] = /^Basic (\S+)$/.exec(incoming.headers.authorization ?? '') ?? [];
  const [, token] = /^AWS:(\w+)$/.exec(Buffer.from(credentials, 'base64').toString()) ?? [];
  const visit = visits.get(token);
  const { method } = incoming;
  if (!visit) {
    return answer(response, 401, 'Not Authorized\n', {
      'www-authenticate': `Basic realm="https://${url.hostname}/",service="ecr.amazonaws.com"`, 'docker-distribution-api-version': 'registry/2.0',
    });
  }
  if (url.pathname === '/v2/') {
    return onward('/v2/', '');
  }
  const [, name, ...kinds] = PATH.exec(url.pathname) ?? [];
  const what = kinds.find((kind) => kind !== undefined);
  const action = ACTIONS[`${method} ${what}`];
  if (action === undefined) {
    visit.asked.push(`${method} ${url.pathname}: nobody knows what that is to IAM`);
    return answer(response, 405, { errors: [{ code: 'UNSUPPORTED', message: 'The operation is unsupported.' }] });
  }
  const refusal = await refusalOf(visit.session, action, registry, name);
  note(visit, `${method} ${what}`, action, refusal);
  if (refusal) {
    incoming.resume();
    return answer(response, 403, { errors: [{ code: 'DENIED', message: refusal.message }] }, { 'content-type': 'application/json; charset=utf-8' });
  }
  return onward(url.pathname + url.search, `/${registry.account}/${registry.region}`);

  /** What goes wrong there is noted, since clients do not show it. */
  function onward(path: string, below: string): Promise<void> {
    return forward(incoming, response, path, below, socket).catch((error: Error) => {
      visit!.asked.push(`${method} ${path}: ${error.message}`);
      throw error;
    });
  }
}

function note({ asked, refusals }: Visit, what: string, action: string, refusal: Refusal | undefined): void {
  asked.push(`${what}: ${action} ${refusal ? 'refused' : 'allowed'}`);
  refusals.push(...refusal ? [refusal] : []);
}

/**
 * To the registry behind, which has the repositories of every account and Region, each below these. What is sent goes on as a whole: the registry may close
 * as soon as it has read a layer, which a stream that has not quite ended takes for an error.
 */
async function forward(incoming: IncomingMessage, response: ServerResponse, path: string, below: string, socketPath: string): Promise<void> {
  const { authorization, host, 'transfer-encoding': _, ...headers } = incoming.headers;
  const body = await bodyOf(incoming);
  const options = {
    socketPath,
    method: incoming.method,
    path: path.replace('/v2', `/v2${below}`),
    headers: { ...headers, 'content-length': body.length },
    agent: false,
    timeout: 20_000,
  };
  return new Promise((resolve, reject) => {
    const onward = request(options, (answered) => {
      if (answered.statusCode! >= 500) {
        textOf(answered).then((text) => reject(new Error(`the registry answers ${answered.statusCode}: ${text}`)), reject);
        return;
      }
      const { location } = answered.headers;
      response.writeHead(answered.statusCode!, { ...answered.headers, ...location !== undefined && { location: location.replace(below, '') } });
      answered.pipe(response).once('finish', resolve).once('error', reject);
    });
    onward.once('timeout', () => onward.destroy(new Error(`the registry does not answer ${path}`))).once('error', reject).end(body);
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) {
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What somebody sends, to its end. */
export async function textOf(incoming: IncomingMessage): Promise<string> {
  return (await bodyOf(incoming)).toString();
}
