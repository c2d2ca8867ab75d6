import { AppName, nameOfRole, RUNTIME_ACCOUNTS } from './apps';
import { Login } from './client';
import { Session } from './decide';
import { AccessModel } from '../../src/access/model/model';
import { Runtime } from '../../src/access/model/pull-sites';
import { isKnown } from '../../src/access/template/text-patterns';
import { PULL_ACTIONS } from '../../src/policy/actions';
import { LAMBDA_SERVICE } from '../../src/policy/services';
import { OWNER, RUNTIMES } from '../simulator/apps';
import { Caller, functionArn, inWords } from '../simulator/declarations';
import { ADD_ONS } from '../simulator/expectation';
import { Target } from '../simulator/questions';
import { documentOf, LETS_IN, OPEN, ownerPolicy, ownPullPolicy, roleAt, written } from '../simulator/resolve';
import { Document } from '../simulator/simulator';
import { arnOf, EDGE_SITE, NEWCOMER, REGION, Registry, SANDBOX } from '../simulator/world';

/** Whom the owner lets in: so who the strangers are. `ours`: the owner's policy is not in the templates, but made up here. */
type LetIn = 'role' | 'account' | 'organization' | 'unit' | 'function' | 'home' | 'ours';

/** Somebody who uses an image, as the app declares it. */
export interface Use {
  readonly kind: 'pull' | 'push' | 'read';
  readonly app: AppName;
  /** Who: where the role is in the app; or somebody of whom the app knows only what it grants. */
  readonly who: string | Caller;
  readonly target: Target;
  readonly letIn: LetIn;
  /** Where the app says that it pulls, if it does. */
  readonly site?: { readonly path: string; readonly runtime: Runtime };
}

const at = (account: string, region: string, name: string): Target => ({ registry: { account, region }, name });
const role = (account: string, name: string): Caller => ({ type: 'role', account, name });

const WEB = at('111111111111', 'us-east-1', 'web-app');
const WEB_EU = at('111111111111', 'eu-central-1', 'web-app');
const PAYMENT = at('111111111111', 'us-east-1', 'payment-service');
const PAYMENT_EU = at('111111111111', 'eu-central-1', 'payment-service');
const TOOLS = at('111111111111', 'us-east-1', 'build-tools');
const PROXY = at('444444444444', 'eu-central-1', 'platform/proxy');
const LOG_AGENT = at('999999999999', 'eu-central-1', 'log-agent');
const CACHED = at('777777777777', 'ap-southeast-2', 'shared/web-app');
const ADD_ON = (region: string) => at(ADD_ONS, region, 'eks/kube-proxy');
const RUNTIME_IMAGE: Target = { registry: OWNER, name: 'team-a/web-app' };

/** What the builds of the demo push, and where else it comes to be then; what others have pushed. */
export const PUSHED: ReadonlyArray<readonly [pushed: Target, ...copies: Target[]]> = [[WEB, WEB_EU, CACHED], [PAYMENT, PAYMENT_EU]];
export const THERE: readonly Target[] = [TOOLS, PROXY, LOG_AGENT, ADD_ON('eu-central-1'), ADD_ON(REGION), RUNTIME_IMAGE];

const SCANNER = role('666666666666', 'security/image-scanner');

const demo = (kind: Use['kind'], who: Use['who'], target: Target, letIn: LetIn, path?: string, runtime?: Runtime): Use => (
  { kind, app: 'demo', who, target, letIn, ...path !== undefined && { site: { path, runtime: runtime! } } });

const functions = (stack: string, account: string, target: Target): Use[] => ['Authorize', 'Refund'].flatMap((name) => {
  const { region } = target.registry;
  const caller: Caller = { type: 'service', service: LAMBDA_SERVICE, account, sourceArn: functionArn(account, region, `${stack}-${name}`) };
  const deployer = role(account, `cdk-hnb659fds-cfn-exec-role-${account}-${region}`);
  return [
    demo('pull', caller, target, 'function', `${stack}/${name}`, 'Lambda function'),
    demo('pull', deployer, target, 'account', `${stack}/${name}`, 'Lambda deployment'),
  ];
});

/** Whatever a runtime pulls, in one account. */
function usesIn(account: string): Use[] {
  const stack = `Stack-${account}-${REGION}`;
  const pathOf = (runtime: string) => `${stack}/Role-${nameOfRole(runtime).replace(/\//g, ':')}`;
  const siteOf = (runtime: string) => (
    runtime === 'APP_RUNNER' ? { path: `${stack}/Service`, runtime: 'App Runner service' as const } : { path: pathOf(runtime), runtime: 'pull role' as const });
  const letIn = account === OWNER.account ? 'home' : 'role';
  return [
    ...RUNTIMES.map((runtime): Use => ({ kind: 'pull', app: 'runtimes', who: pathOf(runtime), target: RUNTIME_IMAGE, letIn, site: siteOf(runtime) })),
    ...['EKS_NODE', 'EKS_FARGATE_POD'].map((runtime): Use => (
      { kind: 'pull', app: 'runtimes', who: pathOf(runtime), target: ADD_ON(REGION), letIn: 'ours' })),
  ];
}

export const USES: readonly Use[] = [
  demo('pull', 'DevWeb/Task/ExecutionRole', WEB, 'role', 'DevWeb/Task', 'ECS task'),
  demo('pull', 'ProductionWeb/Task/ExecutionRole', WEB, 'role', 'ProductionWeb/Task', 'ECS task'),
  ...functions('StagingPayments', '333333333333', PAYMENT),
  ...functions('ProductionPayments', '444444444444', PAYMENT_EU),
  demo('pull', 'ImageBuild/Role', TOOLS, 'role', 'ImageBuild/Project', 'CodeBuild project'),
  demo('pull', 'ProductionCluster/NodeRole', WEB_EU, 'role', 'ProductionCluster/NodeRole', 'pull role'),
  demo('pull', 'ProductionCluster/NodeRole', PROXY, 'home', 'ProductionCluster/NodeRole', 'pull role'),
  demo('pull', 'ProductionCluster/NodeRole', LOG_AGENT, 'ours', 'ProductionCluster/NodeRole', 'pull role'),
  demo('pull', 'ProductionCluster/NodeRole', ADD_ON('eu-central-1'), 'ours'),
  demo('pull', 'PartnerRegistry/Cache/Role', WEB, 'account', 'PartnerRegistry/Cache/Rule', 'pull-through cache'),
  demo('pull', 'PartnerWeb/Task/ExecutionRole', CACHED, 'home', 'PartnerWeb/Task', 'ECS task'),
  // Whom the demo names, and does not deploy.
  demo('pull', role('888888888888', 'tests'), CACHED, 'account'),
  demo('pull', role(SANDBOX, 'experiment'), WEB, 'unit'),
  demo('pull', role(SANDBOX, 'experiment'), WEB_EU, 'unit'),
  demo('pull', role(EDGE_SITE, 'site-7'), PROXY, 'unit'),
  demo('pull', role(NEWCOMER, 'build'), TOOLS, 'organization'),
  demo('pull', SCANNER, WEB, 'role'),
  ...[WEB, PAYMENT, WEB_EU, PAYMENT_EU].map((target) => demo('read', SCANNER, target, 'role')),
  demo('push', 'ImageBuild/Role', WEB, 'role'),
  demo('push', 'ImageBuild/Role', PAYMENT, 'role'),
  ...RUNTIME_ACCOUNTS.flatMap(usesIn),
];

export function nameOfUse({ kind, app, who, target: { registry, name }, site }: Use): string {
  const by = typeof who === 'string' ? who : inWords(who);
  return `${app}: ${kind} of ${name} of ${registry.account}, ${registry.region}, by ${by}${site ? ` (${site.runtime})` : ''}`;
}

/** AWS Lambda fetches for whoever deploys, and logs in by itself. */
export function loginOf({ who, site }: Use): Login {
  return (typeof who !== 'string' && who.type === 'service') || site?.runtime === 'Lambda deployment' ? 'has' : 'asks';
}

export function callerOf({ who }: Use, model: AccessModel): Caller {
  if (typeof who !== 'string') {
    return who;
  }
  const { account, name, stack, logicalId } = roleAt(who, model);
  return role(account, isKnown(name) ? name : `${stack}-${logicalId}-1A2B3C4D5E6F`);
}

/** Who comes, and the policies of a model: by which the app deploys the role, or with which others come who were told to pull. */
export function sessionOf(use: Use, model: AccessModel): Session {
  return { caller: callerOf(use, model), identity: identityOf(use, model), ownerPolicy: policiesIn(model) };
}

function identityOf({ kind, who, target: { registry, name }, site }: Use, model: AccessModel): Document | undefined {
  if (typeof who === 'string') {
    return written(roleAt(who, model).statements);
  }
  if (who.type === 'service') {
    return undefined;
  }
  // The role of the bootstrap may do everything, and so may a scanner.
  return site?.runtime === 'Lambda deployment' || kind === 'read' ? OPEN : ownPullPolicy(registry, name);
}

/** The policies of the templates; the vendor of the demo has let an account in, and AWS lets everybody pull the images of Amazon EKS. */
export function policiesIn(model: AccessModel): Session['ownerPolicy'] {
  return (registry: Registry, name: string) => {
    switch (registry.account) {
      case LOG_AGENT.registry.account: return LETS_IN('444444444444');
      case ADD_ONS: return documentOf([{ Effect: 'Allow', Principal: { AWS: '*' }, Action: [...PULL_ACTIONS] }]);
      default: return ownerPolicy(model, registry, name);
    }
  };
}

/** That what the app pulls is all among the uses. */
export function requireEverySite(app: AppName, { sites }: AccessModel): void {
  const missing = sites.filter(({ path, runtime, image }) => !USES.some(({ app: own, site, target: { registry, name } }) => (
    own === app && site?.path === path && site.runtime === runtime && arnOf(registry, name) === arnOf(image, image.repository))));
  if (missing.length > 0) {
    throw new Error(`${app} pulls what is not tried: ${missing.map(({ path, runtime, image }) => `${path} (${runtime}), ${image.repository}`).join('; ')}`);
  }
}
