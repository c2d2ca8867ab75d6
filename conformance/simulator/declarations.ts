import { Registry } from './world';

/** A grantee, in the words of those who declare it. */
export type Who =
  | { readonly kind: 'account'; readonly account: string }
  /** The name may have a path and `*`. */
  | { readonly kind: 'role'; readonly account: string; readonly name: string }
  | { readonly kind: 'organization'; readonly organization: string }
  | { readonly kind: 'unit'; readonly path: string }
  | { readonly kind: 'functions'; readonly account: string; readonly pattern?: string; readonly deployers?: readonly string[] }
  | { readonly kind: 'functionsOfOrganization'; readonly organization: string }
  | { readonly kind: 'functionsOfUnit'; readonly path: string }
  /** `EcrGrantee.principal`: a role by its ARN, an account, a role that is imported, everybody whose ARN is like that, a service on behalf of an account. */
  | { readonly kind: 'principalArn'; readonly account: string; readonly name: string }
  | { readonly kind: 'principalAccount'; readonly account: string }
  | { readonly kind: 'principalRole'; readonly account: string; readonly name: string }
  | { readonly kind: 'anybodyLike'; readonly account: string; readonly name: string }
  | { readonly kind: 'service'; readonly service: string; readonly account: string };

export type Runtime = 'ECS_TASK' | 'EKS_NODE' | 'EKS_FARGATE_POD' | 'EC2_INSTANCE' | 'APP_RUNNER' | 'CODE_BUILD' | 'BATCH_JOB' | 'SAGEMAKER' | 'ASSUMED_BY_ACCOUNT';

export interface DeclaredRepository {
  readonly registry: Registry;
  readonly name: string;
  readonly pullers?: readonly Who[];
  readonly pushers?: readonly Who[];
  readonly readers?: readonly Who[];
  readonly pullThrough?: readonly Who[];
  /** Where it is replicated to, as a repository of the same app. */
  readonly replica?: Registry;
}

export interface DeclaredRole {
  readonly account: string;
  readonly region: string;
  /** With its path. */
  readonly name: string;
  readonly runtime: Runtime;
  readonly repositories: readonly DeclaredRepository[];
}

interface DeclaredRegistryGrant {
  readonly registry: Registry;
  /** None: all repositories. */
  readonly prefixes: readonly string[];
  readonly pullers: readonly Who[];
  readonly pullThrough?: readonly Who[];
}

interface DeclaredReplicationGrant {
  readonly registry: Registry;
  readonly sources: readonly string[];
  readonly prefixes: readonly string[];
  readonly creates: boolean;
  readonly pullers?: readonly Who[];
  readonly readers?: readonly Who[];
}

export interface DeclaredCache {
  readonly registry: Registry;
  readonly upstream: Registry;
  /** Without `/` at the end. */
  readonly prefix: string;
  readonly upstreamPrefix?: string;
  readonly pullers: readonly Who[];
}

/** What an app says, and nothing of how the library writes it. */
export interface DeclaredApp {
  readonly name: string;
  readonly repositories: readonly DeclaredRepository[];
  readonly roles: readonly DeclaredRole[];
  readonly registryGrants: readonly DeclaredRegistryGrant[];
  readonly replicationGrants: readonly DeclaredReplicationGrant[];
  readonly caches: readonly DeclaredCache[];
}

export function appOf(name: string, parts: Partial<DeclaredApp>): DeclaredApp {
  return { name, repositories: [], roles: [], registryGrants: [], replicationGrants: [], caches: [], ...parts };
}

/** A role, with its path, that calls; or a service that does, for a resource of an account if it says so. */
export type Caller =
  | { readonly type: 'role'; readonly account: string; readonly name: string }
  | { readonly type: 'service'; readonly account: string; readonly service: string; readonly sourceArn?: string };

export function nameOf(caller: Caller): string {
  return caller.type === 'role' ? `arn:aws:iam::${caller.account}:role/${caller.name}` : caller.service;
}

/** For messages. */
export function inWords(caller: Caller): string {
  return caller.type === 'role' || caller.sourceArn === undefined ? nameOf(caller) : `${caller.service} for ${caller.sourceArn}`;
}

export function functionArn(account: string, region: string, name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}
