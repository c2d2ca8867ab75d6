import { Json } from './deploy';

/**
 * IAM's rules once more, for literal policies, where every question has an answer. What it decides, it decides alone: nothing here is of the
 * library.
 */

export interface Organization {
  readonly organizationId: string;
  readonly accounts: readonly string[];
  readonly organizationPaths?: Readonly<Record<string, string>>;
}

export interface Caller {
  readonly type: 'role' | 'service';
  /** The ARN of the role, or what the service is called. */
  readonly name: string;
  readonly account: string;
  /** What the service calls for. */
  readonly sourceArn?: string;
}

export interface Call {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
}

/** What a list of statements does with a call. */
export type Effect = 'allows' | 'denies' | 'nothing';

export type Context = (key: string) => string | undefined;

export function contextOf({ name, account, type, sourceArn }: Caller, organizations: readonly Organization[]): Context {
  const organization = organizations.find(({ accounts }) => accounts.includes(account));
  const [of, arn] = type === 'role' ? ['principal', name] : ['source', sourceArn];
  const values = new Map([
    [`aws:${of}arn`, arn],
    [`aws:${of}account`, account],
    [`aws:${of}orgid`, organization?.organizationId],
    [`aws:${of}orgpaths`, organization?.organizationPaths?.[account]],
  ]);
  return (key) => values.get(key.toLowerCase());
}

/** As what a role may be named: as anything; not by its account alone; by `*` alone. */
export type NamedAs = 'anything' | 'itself' | 'anybody';

/** What the policy of a resource does. In the account of the resource, an account as principal says nothing. */
export function effectOfResource(statements: readonly Json[], call: Call, context: Context, as: NamedAs = 'anything'): Effect {
  return effectOf(statements, call, context, (statement) => isAbout(statement, call) && isNamed(statement.Principal, call.caller, statement.Effect === 'Deny' ? 'anything' : as));
}

/** What the policies of a role do. */
export function effectOfIdentity(statements: readonly Json[], call: Call, context: Context): Effect {
  return effectOf(statements, call, context, (statement) => isAbout(statement, call));
}

/** A statement without a resource is one of a repository policy, which is about its own repository. */
function isAbout({ Resource: resource, NotResource: not }: Json, call: Call): boolean {
  return (resource === undefined || anyLike(resource, call.resource)) && (not === undefined || !anyLike(not, call.resource));
}

function effectOf(statements: readonly Json[], { action }: Call, context: Context, concerns: (statement: Json) => boolean): Effect {
  const effects = statements
    .filter(({ Action: actions, NotAction: not }) => (not === undefined ? anyActionLike(actions, action) : !anyActionLike(not, action)))
    .filter(concerns)
    .filter(({ Condition: conditions }) => conditionsHold(conditions, context))
    .map(({ Effect: effect }) => effect);
  return effects.includes('Deny') ? 'denies' : effects.length > 0 ? 'allows' : 'nothing';
}

function isNamed(principal: Json, { type, name, account }: Caller, as: NamedAs): boolean {
  if (principal === '*' || listOf(principal?.AWS).includes('*')) {
    return true;
  }
  if (type === 'service') {
    return listOf(principal?.Service).includes(name);
  }
  const named = listOf(principal?.AWS);
  return (as === 'anything' && (named.includes(account) || named.includes(`arn:aws:iam::${account}:root`))) || (as !== 'anybody' && named.includes(name));
}

export function conditionsHold(conditions: Json, context: Context): boolean {
  return Object.entries<Json>(conditions ?? {}).every(([operator, keys]) => (
    Object.entries<Json>(keys).every(([key, values]) => holds(operator.replace(/^ForAnyValue:/, ''), context(key), listOf(values)))));
}

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): boolean {
  const is = (one: string) => {
    switch (operator.replace('Not', '')) {
      case 'StringEquals': return one === actual;
      case 'StringLike': return isLike(one, actual!);
      case 'ArnLike': case 'ArnEquals': return isArnLike(one, actual!);
      default: throw new Error(`no opinion on ${operator}`);
    }
  };
  const negated = operator.includes('Not');
  return actual === undefined ? negated : wanted.some(is) !== negated;
}

const expressions = new Map<string, RegExp>();

export function isLike(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) {
    return pattern === text;
  }
  if (!expressions.has(pattern)) {
    const parts = pattern.split('*').map((part) => part.replace(/[.+^${}()|[\]\\/?-]/g, '\\$&').replace(/\\\?/g, '.'));
    expressions.set(pattern, new RegExp(`^${parts.join('.*')}$`, 's'));
  }
  return expressions.get(pattern)!.test(text);
}

function isArnLike(pattern: string, arn: string): boolean {
  const [wanted, actual] = [pattern, arn].map((one) => one.split(':'));
  return wanted.length >= 6 && [0, 1, 2, 3, 4].every((index) => isLike(wanted[index], actual[index])) && isLike(wanted.slice(5).join(':'), actual.slice(5).join(':'));
}

function anyLike(patterns: Json, text: string): boolean {
  return listOf(patterns).some((pattern) => isLike(pattern, text));
}

function anyActionLike(patterns: Json, action: string): boolean {
  return listOf(patterns).some((pattern) => isLike(pattern.toLowerCase(), action.toLowerCase()));
}

export function listOf(value: Json): string[] {
  return value === undefined ? [] : [value].flat();
}
