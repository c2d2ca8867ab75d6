import { Caller, DeclaredApp, DeclaredRole, functionArn, Who } from './declarations';
import { placeOf, Registry } from './world';

/*
 * What was declared, told from the declaration and from AWS's pages alone: nothing of src/ is used here, neither its lists of actions nor how it decides.
 */

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html and repository-policy-examples.html */
const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];
const READ = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];
/** https://docs.aws.amazon.com/lambda/latest/dg/images-create.html */
const LAMBDA = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html */
const PULL_THROUGH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];
const FILL = [...PULL_THROUGH, 'ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const CACHED = [...PULL, 'ecr:BatchImportUpstreamImage'];
const MAKE_CACHED = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];
/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions-create-replication.html */
const REPLICATE = ['ecr:ReplicateImage'];
const REPLICATE_AND_CREATE = ['ecr:CreateRepository', 'ecr:ReplicateImage'];
/** https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html */
const APP_RUNNER = [...PULL, 'ecr:DescribeImages'];

/** Repositories of a registry: one, or all whose names begin so. */
export interface Names {
  readonly registry: Registry;
  readonly name?: string;
  readonly prefix?: string;
}

interface Granted extends Names {
  readonly who: Who;
  readonly actions: readonly string[];
}

/** What a role's own policies let it do. */
export interface Own extends Names {
  readonly actions: readonly string[];
}

export function isAmong({ registry, name, prefix }: Names, other: Registry, otherName: string): boolean {
  return registry.account === other.account && registry.region === other.region
    && (name === undefined ? otherName.startsWith(prefix!) : name === otherName);
}

/** All that the owners have granted. */
export function grantsOf({ repositories, roles, registryGrants, replicationGrants, caches }: DeclaredApp): Granted[] {
  const to = (names: Names, actions: readonly string[], whos: readonly Who[] = []) => whos.map((who) => (
    { ...names, who, actions: who.kind.startsWith('functions') ? LAMBDA : actions }));
  const account = (id: string): Who[] => [{ kind: 'account', account: id }];
  return [
    ...repositories.flatMap(({ registry, name, pullers, pushers, readers, pullThrough, replica }) => [
      ...[registry, ...replica ? [replica] : []].flatMap((one) => (
        [...to({ registry: one, name }, PULL, pullers), ...to({ registry: one, name }, READ, readers)])),
      ...to({ registry, name }, PUSH, pushers),
      ...to({ registry, name }, PULL_THROUGH, pullThrough),
      ...replica ? to({ registry: replica, name }, REPLICATE, account(registry.account)) : [],
    ]),
    ...roles.flatMap((role) => role.repositories.flatMap(({ registry, name }) => (
      to({ registry, name }, pullOf(role), [{ kind: 'role', account: role.account, name: role.name }])))),
    ...registryGrants.flatMap(({ registry, prefixes, pullers, pullThrough }) => orAll(prefixes).flatMap((prefix) => [
      ...to({ registry, prefix }, PULL, pullers), ...to({ registry, prefix }, PULL_THROUGH, pullThrough),
    ])),
    ...replicationGrants.flatMap(({ registry, sources, prefixes, creates, pullers, readers }) => orAll(prefixes).flatMap((prefix) => [
      ...to({ registry, prefix }, creates ? REPLICATE_AND_CREATE : REPLICATE, sources.flatMap(account)),
      ...to({ registry, prefix }, PULL, pullers),
      ...to({ registry, prefix }, READ, readers),
    ])),
    ...caches.flatMap(({ registry, prefix, pullers }) => to({ registry, prefix: `${prefix}/` }, [...CACHED, ...MAKE_CACHED], pullers)),
  ];
}

function orAll(prefixes: readonly string[]): readonly string[] {
  return prefixes.length === 0 ? [''] : prefixes;
}

function pullOf({ runtime }: DeclaredRole): readonly string[] {
  return runtime === 'APP_RUNNER' ? APP_RUNNER : PULL;
}

/** What the policies of a runtime's role allow, besides the login. */
export function ownOf(role: DeclaredRole): Own[] {
  // https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html: this account in all Regions that are used here.
  const addOns: Own[] = role.runtime.startsWith('EKS_') ? [{ registry: { account: ADD_ONS, region: role.region }, prefix: '', actions: PULL }] : [];
  return [...role.repositories.map(({ registry, name }) => ({ registry, name, actions: pullOf(role) })), ...addOns];
}

export const ADD_ONS = '602401143452';

/** What the role of a cache may do at both of its ends. */
export function ownOfCache({ registry, upstream, prefix, upstreamPrefix }: DeclaredApp['caches'][number]): Own[] {
  return [{ registry, prefix: `${prefix}/`, actions: FILL }, { registry: upstream, prefix: upstreamPrefix === undefined ? '' : `${upstreamPrefix}/`, actions: FILL }];
}

/** What whoever was told to pull a repository writes into a role of its own. */
export function ownOfPuller(registry: Registry, name: string): Own[] {
  return [{ registry, name, actions: PULL }];
}

export function mayBySelf(own: readonly Own[], action: string, registry: Registry, name: string): boolean {
  return own.some((one) => one.actions.includes(action) && isAmong(one, registry, name));
}

/**
 * Whether the owner lets a caller do something: in another account, if its own account does too; in the owner's own account, without that. There
 * the account, and a role by a condition, only hand the decision to IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export function isLetIn(grants: readonly Granted[], caller: Caller, action: string, registry: Registry, name: string): boolean {
  return grants.some((grant) => grant.actions.includes(action) && isAmong(grant, registry, name) && isWho(grant.who, caller, registry));
}

export function isWho(who: Who, caller: Caller, registry: Registry): boolean {
  if (caller.type === 'service') {
    return isService(who, caller, registry);
  }
  const isAtHome = caller.account === registry.account;
  const isRole = (account: string, pattern: string) => caller.account === account && isLike(pattern, caller.name);
  switch (who.kind) {
    case 'account': case 'principalAccount': return !isAtHome && caller.account === who.account;
    case 'role': return !isAtHome && isRole(who.account, who.name);
    case 'functions': return !isAtHome && (who.deployers ?? ['*']).some((name) => isRole(who.account, name));
    case 'organization': case 'functionsOfOrganization': return !isAtHome && placeOf(caller.account)?.organization === who.organization;
    case 'unit': case 'functionsOfUnit': return !isAtHome && isBelow(who.path, caller.account);
    // Named by its ARN it is let in by itself.
    case 'principalArn': case 'anybodyLike': case 'principalRole': return isRole(who.account, who.name);
    case 'service': return false;
  }
}

function isService(who: Who, { account, service, sourceArn = '' }: Caller & { type: 'service' }, { region }: Registry): boolean {
  const isFunction = (pattern: string) => service === 'lambda.amazonaws.com' && isLike(functionArn('*', region, pattern), sourceArn);
  switch (who.kind) {
    case 'functions': return account === who.account && isFunction(who.pattern ?? '*');
    // These conditions say nothing of Regions: AWS Lambda takes images from its own only.
    case 'functionsOfOrganization': return service === 'lambda.amazonaws.com' && placeOf(account)?.organization === who.organization;
    case 'functionsOfUnit': return service === 'lambda.amazonaws.com' && isBelow(who.path, account);
    case 'service': return service === who.service && account === who.account;
    default: return false;
  }
}

function isBelow(unit: string, account: string): boolean {
  return placeOf(account)?.path.startsWith(unit) ?? false;
}

function isLike(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text);
}
