import type { Grant, Registry, Who } from '../../src/policy/grant';

/**
 * A second opinion on who gets in: IAM's rules for the policies of repositories and registries, and the plainest rendering of a grant.
 * It shares no code with the library, so that both would have to be wrong in the same way.
 */

interface AnyRequest {
  readonly action: string;
  /** The ARN of the repository that it is about. */
  readonly resource: string;
}

/** A call by a role or a user. */
export interface PrincipalRequest extends AnyRequest {
  readonly type: 'AWS';
  readonly account: string;
  /** `role/…` or `user/…`, with its path. */
  readonly name: string;
  readonly organization?: string;
  readonly organizationPath?: string;
  readonly tags: { readonly [key: string]: string };
  /** Whether the caller's own account lets it. */
  readonly identityPolicy: boolean;
}

/** A call by an AWS service on somebody's behalf. */
export interface ServiceRequest extends AnyRequest {
  readonly type: 'Service';
  readonly service: string;
  readonly sourceAccount: string;
  readonly sourceArn: string;
  readonly organization?: string;
  readonly organizationPath?: string;
}

export type Request = PrincipalRequest | ServiceRequest;

/** What the deployment knows: the values of `Ref`s. */
export interface Parameters {
  readonly [name: string]: string | string[];
}

interface PolicyStatement {
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** Replaces `Ref` and `Fn::Join` by what they become. */
export function deployed(json: unknown, parameters: Parameters): unknown {
  if (Array.isArray(json)) {
    return json.map((item) => deployed(item, parameters));
  }
  if (typeof json !== 'object' || json === null) {
    return json;
  }
  const object = json as Record<string, unknown>;
  if (typeof object.Ref === 'string') {
    if (parameters[object.Ref] === undefined) {
      throw new Error(`nobody knows ${object.Ref}`);
    }
    return parameters[object.Ref];
  }
  if (Array.isArray(object['Fn::Join'])) {
    const [separator, parts] = object['Fn::Join'] as [string, unknown[]];
    return parts.map((part) => deployed(part, parameters)).join(separator);
  }
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, deployed(value, parameters)]));
}

/**
 * Whether the statements let the call through; `owner` is the account that the policy belongs to. A statement that names no resource
 * is one of a repository policy, which is about its own repository.
 *
 * A principal of another account always needs its identity policy. In the owner's account a principal named by its ARN, or by
 * `*`, is let in by the policy alone, but one named by its account is not: that only hands the decision to IAM.
 */
export function allows(statements: readonly PolicyStatement[], request: Request, owner: string): boolean {
  return statements.some((statement) => {
    if (!listOf(statement.Action).includes(request.action) || !conditionsHold(statement.Condition, contextOf(request))) {
      return false;
    }
    if (statement.Resource !== undefined && !listOf(statement.Resource).some((pattern) => arnLike(pattern, request.resource))) {
      return false;
    }
    const principal = statement.Principal as Record<string, unknown>;
    if (request.type === 'Service') {
      return listOf(principal.Service).includes(request.service);
    }
    const named = listOf(principal.AWS);
    const byAccount = named.includes(request.account) || named.includes(`arn:aws:iam::${request.account}:root`);
    const byItself = named.includes('*') || arnsOf(request).some((arn) => named.includes(arn));
    return request.identityPolicy ? byAccount || byItself : byItself && request.account === owner;
  });
}

/** The ARNs by which a principal may be named: its own, and for a role that of a session. */
function arnsOf({ account, name }: PrincipalRequest): string[] {
  const role = /^role\/(?:.*\/)?([^/]+)$/.exec(name);
  return [`arn:aws:iam::${account}:${name}`, ...role ? [`arn:aws:sts::${account}:assumed-role/${role[1]}/session`] : []];
}

type Context = Map<string, string | string[]>;

function contextOf(request: Request): Context {
  const { organization, organizationPath } = request;
  const who = request.type === 'AWS' ? 'principal' : 'source';
  const context: Context = new Map();
  if (organization !== undefined) {
    context.set(`aws:${who}orgid`, organization);
  }
  if (organizationPath !== undefined) {
    context.set(`aws:${who}orgpaths`, [organizationPath]);
  }
  if (request.type === 'Service') {
    context.set('aws:sourcearn', request.sourceArn);
    context.set('aws:sourceaccount', request.sourceAccount);
  } else {
    context.set('aws:principalaccount', request.account);
    context.set('aws:principalarn', `arn:aws:iam::${request.account}:${request.name}`);
    Object.entries(request.tags).forEach(([key, value]) => context.set(`aws:principaltag/${key}`.toLowerCase(), value));
  }
  return context;
}

/** All operators and all keys must hold; of the values of a key, one is enough. */
function conditionsHold(conditions: unknown, context: Context): boolean {
  return Object.entries((conditions ?? {}) as Record<string, Record<string, unknown>>).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => holds(operator, context.get(key.toLowerCase()), listOf(values))));
}

function holds(operator: string, actual: string | string[] | undefined, wanted: string[]): boolean {
  const set = operator.startsWith('ForAnyValue:');
  if (Array.isArray(actual) !== set && actual !== undefined) {
    // A key of one value is a set of one; a key of many values is unusable under an operator for one.
    return set ? holds(operator, [actual as string], wanted) : false;
  }
  if (set) {
    return ((actual ?? []) as string[]).some((one) => holds(operator.slice('ForAnyValue:'.length), one, wanted));
  }
  const value = actual as string | undefined;
  switch (operator) {
    case 'StringEquals':
      return value !== undefined && wanted.includes(value);
    case 'StringNotEquals':
      return value === undefined || !wanted.includes(value);
    case 'StringLike':
      return value !== undefined && wanted.some((pattern) => like(pattern, value));
    case 'ArnLike': case 'ArnEquals':
      return value !== undefined && wanted.some((pattern) => arnLike(pattern, value));
    default:
      throw new Error(`no opinion on ${operator}`);
  }
}

/** Each of the six parts for itself: in an ARN `*` does not cross a colon, but in the last part. */
function arnLike(pattern: string, arn: string): boolean {
  const parts = sixParts(arn);
  return sixParts(pattern).every((part, index) => like(part, parts[index]));
}

function sixParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const expressions = new Map<string, RegExp>();

function like(pattern: string, text: string): boolean {
  if (!expressions.has(pattern)) {
    const parts = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\/?-]/g, '\\$&'));
    expressions.set(pattern, new RegExp(`^${parts.join('.*')}$`, 's'));
  }
  return expressions.get(pattern)!.test(text);
}

function listOf(value: unknown): string[] {
  return value === undefined ? [] : [value].flat() as string[];
}

/** One grant, one statement, as the words of `Who` say it. Nothing is merged, nothing goes. */
export function rendered({ who, actions, repositories }: Grant, registry: Registry): PolicyStatement {
  const { partition, region, account } = registry;
  const arn = { 'Fn::Join': ['', ['arn:', partition, ':ecr:', region, ':', account, ':repository/', repositories]] };
  return { Action: actions, ...(repositories !== undefined && { Resource: arn }), ...partsOf(who, registry) };
}

function partsOf(who: Who, { partition, region, account: owner }: Registry): Pick<PolicyStatement, 'Principal' | 'Condition'> {
  const join = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
  const elsewhere = { StringNotEquals: { 'aws:PrincipalAccount': owner } };
  const lambda = { Service: 'lambda.amazonaws.com' };
  switch (who.kind) {
    case 'account':
      return { Principal: { AWS: who.account } };
    case 'accountList':
      return { Principal: { AWS: who.accounts } };
    case 'identity':
      return {
        Principal: { AWS: who.account },
        Condition: { ArnLike: { 'aws:PrincipalArn': join('arn:', partition, ':iam::', who.account, ':', who.name) } },
      };
    case 'tagged':
      return { Principal: { AWS: who.account }, Condition: { StringEquals: { 'aws:PrincipalTag/aws-cdk:id': who.tag } } };
    case 'organization':
      return { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalOrgID': who.organization }, ...elsewhere } };
    case 'organizationalUnit':
      return { Principal: { AWS: '*' }, Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': join(who.path, '*') }, ...elsewhere } };
    case 'arn':
      return { Principal: { AWS: who.arn } };
    case 'lambda':
      return {
        Principal: lambda,
        Condition: { ArnLike: { 'aws:SourceArn': join('arn:', partition, ':lambda:', region, ':', who.account, ':function:', who.functionName) } },
      };
    case 'lambdaOrganization':
      return { Principal: lambda, Condition: { StringEquals: { 'aws:SourceOrgID': who.organization } } };
    case 'lambdaOrganizationalUnit':
      return { Principal: lambda, Condition: { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': join(who.path, '*') } } };
    case 'conditioned': {
      // Only an organization stands between `*` and the world: the owner's account is left to IAM.
      const keys = Object.entries(who.conditions).filter(([operator]) => !operator.includes('Not'))
        .flatMap(([, byKey]) => Object.keys(byKey)).map((key) => key.toLowerCase());
      const others = [who.conditions.StringNotEquals?.['aws:PrincipalAccount'] ?? []].flat();
      const open = who.principal === '*' && !keys.includes('aws:principalaccount') && !keys.includes('aws:principalarn');
      return {
        Principal: { [who.type]: who.principal },
        Condition: open
          ? { ...who.conditions, StringNotEquals: { ...who.conditions.StringNotEquals, 'aws:PrincipalAccount': [...others, owner] } }
          : who.conditions,
      };
    }
  }
}
