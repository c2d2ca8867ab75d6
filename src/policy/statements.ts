import { createHash } from 'crypto';
import { purposeOf } from './actions';
import { isOrganization } from './closed';
import { withoutCovered } from './coverage';
import { CDK_ID_TAG, Conditions, Grant, PRINCIPAL_ARN, Registry, Statement, Who } from './grant';
import { LAMBDA_SERVICE } from './services';
import { concat, groupBy, sortedSet, textOf, Value } from './value';

/** A statement that still lacks its actions and its resources; the Sid says whom it is about. */
type Part = Pick<Statement, 'Sid' | 'Principal' | 'Condition'>;
/** The grantees of one kind. */
type Of<K extends Who['kind']> = Extract<Who, { kind: K }>;

/**
 * The statements that give exactly these grants: as few as can be without letting anybody do more or less, and the
 * same for every order in which the grants were made.
 */
export function statementsFor(grants: readonly Grant[], registry: Registry): Statement[] {
  const byActions = groupBy(withoutCovered(grants, registry), (grant) => grant.actions.join(' '));
  return [...byActions]
    .map(([key, group]) => ({ key, purpose: purposeOf(key), group }))
    .sort((a, b) => (a.purpose?.rank ?? Infinity) - (b.purpose?.rank ?? Infinity) || (a.key < b.key ? -1 : 1))
    .flatMap(({ key, purpose, group }) => byRepositories(group).flatMap(({ repositories, whos }) =>
      partsOfOnePurpose(purpose?.name ?? nameOfActions(key), whos, registry).map((part) => ({
        Sid: part.Sid + nameOfRepositories(repositories, part.Sid),
        Effect: 'Allow' as const,
        Principal: part.Principal,
        Action: key.split(' '),
        ...(repositories && { Resource: repositories.map((names) => concat(repositoryArn(registry), names)) }),
        ...(part.Condition && { Condition: part.Condition }),
      }))));
}

/** Grantees that have the same repositories; in a repository policy all of them, since there it is always its own. */
function byRepositories(grants: readonly Grant[]): Array<{ readonly repositories?: Value[]; readonly whos: Who[] }> {
  if (grants.every(({ repositories }) => repositories === undefined)) {
    return [{ whos: grants.map(({ who }) => who) }];
  }
  return bySecond(grants, ({ who }) => JSON.stringify(who), ({ repositories }) => repositories ?? '*')
    .map(({ firsts, seconds }) => ({ repositories: seconds, whos: firsts.map((who) => JSON.parse(who as string) as Who) }))
    .sort((a, b) => (textOf(a.repositories) < textOf(b.repositories) ? -1 : 1));
}

function partsOfOnePurpose(purpose: string, whos: readonly Who[], registry: Registry): Part[] {
  const of = <K extends Who['kind']>(kind: K) => whos.filter((who): who is Of<K> => who.kind === kind);
  const service = purpose === 'LambdaDeploy' ? 'Lambda' : `${purpose}Lambda`;
  return [
    ...accounts(purpose, of('account')),
    ...accountLists(purpose, of('accountList')),
    ...identities(`${purpose}Roles`, of('identity').filter(({ name }) => !isUser(name)), registry),
    ...identities(`${purpose}Users`, of('identity').filter(({ name }) => isUser(name)), registry),
    ...tagged(purpose, of('tagged')),
    ...organizations(purpose, of('organization'), registry),
    ...organizationalUnits(purpose, of('organizationalUnit'), registry),
    ...arns(purpose, of('arn')),
    ...lambdas(service, of('lambda'), registry),
    ...lambdaOrganizations(service, of('lambdaOrganization')),
    ...lambdaOrganizationalUnits(service, of('lambdaOrganizationalUnit')),
    ...conditioned(purpose, of('conditioned'), registry),
  ];
}

function accounts(purpose: string, whos: Of<'account'>[]): Part[] {
  return onePart(whos, () => ({ Sid: `${purpose}Accounts`, Principal: aws(whos.map((who) => who.account)) }));
}

/** A list that only the deployment knows cannot be merged with anything: a statement of its own. */
function accountLists(purpose: string, whos: Of<'accountList'>[]): Part[] {
  return sortedSet(whos.map((who) => who.accounts)).map((list) => ({
    Sid: `${purpose}AccountList${hash(list)}`,
    Principal: { AWS: list },
  }));
}

/**
 * Roles and users, named by condition. Two forms say the same: every ARN in full, all of them in one statement; or,
 * for accounts whose roles have the same names, the accounts once and the names once. The shorter one is taken.
 * Neither lets account A in by the ARN of account B: a caller's `aws:PrincipalArn` is always in its own account.
 */
function identities(sid: string, whos: Of<'identity'>[], registry: Registry): Part[] {
  const shared: Part[] = [];
  const single: Of<'identity'>[] = [];
  for (const group of bySecond(whos, (who) => who.account, (who) => who.name)) {
    const inFull = { accounts: group.firsts, arns: group.members.map((who) => identityArn(who.account, who.name, registry)) };
    const inShort = {
      Sid: sid + nameOfIdentities(group.seconds),
      Principal: aws(group.firsts),
      Condition: { ArnLike: { [PRINCIPAL_ARN]: group.seconds.map((name) => identityArn('*', name, registry)) } },
    };
    if (JSON.stringify(inShort).length < JSON.stringify(inFull).length) {
      shared.push(inShort);
    } else {
      single.push(...group.members);
    }
  }
  return [
    ...onePart(single, () => ({
      Sid: sid,
      Principal: aws(single.map((who) => who.account)),
      Condition: { ArnLike: { [PRINCIPAL_ARN]: sortedSet(single.map((who) => identityArn(who.account, who.name, registry))) } },
    })),
    ...shared.sort(bySid),
  ];
}

function isUser(name: Value): boolean {
  return textOf(name).startsWith('user/');
}

/** Roles known by their tag. Accounts share a statement only if they have the same tags: any account can set any tag. */
function tagged(purpose: string, whos: Of<'tagged'>[]): Part[] {
  return bySecond(whos, (who) => who.account, (who) => who.tag).map((group) => ({
    Sid: `${purpose}TaggedRoles${hash(group.seconds)}`,
    Principal: aws(group.firsts),
    Condition: { StringEquals: { [`aws:PrincipalTag/${CDK_ID_TAG}`]: group.seconds } },
  })).sort(bySid);
}

function organizations(purpose: string, whos: Of<'organization'>[], registry: Registry): Part[] {
  return onePart(whos, () => ({
    Sid: `${purpose}Organizations`,
    Principal: { AWS: '*' },
    Condition: {
      StringEquals: { 'aws:PrincipalOrgID': sortedSet(whos.map((who) => who.organization)) },
      ...notItself(registry),
    },
  }));
}

function organizationalUnits(purpose: string, whos: Of<'organizationalUnit'>[], registry: Registry): Part[] {
  return onePart(whos, () => ({
    Sid: `${purpose}OrganizationalUnits`,
    Principal: { AWS: '*' },
    Condition: {
      'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': sortedSet(whos.map((who) => concat(who.path, '*'))) },
      ...notItself(registry),
    },
  }));
}

function arns(purpose: string, whos: Of<'arn'>[]): Part[] {
  return onePart(whos, () => ({ Sid: `${purpose}Principals`, Principal: aws(whos.map((who) => who.arn)) }));
}

function lambdas(service: string, whos: Of<'lambda'>[], registry: Registry): Part[] {
  return onePart(whos, () => ({
    Sid: `${service}Functions`,
    Principal: LAMBDA,
    Condition: { ArnLike: { 'aws:SourceArn': sortedSet(whos.map((who) => functionArn(who, registry))) } },
  }));
}

function lambdaOrganizations(service: string, whos: Of<'lambdaOrganization'>[]): Part[] {
  return onePart(whos, () => ({
    Sid: `${service}FunctionsInOrganizations`,
    Principal: LAMBDA,
    Condition: { StringEquals: { 'aws:SourceOrgID': sortedSet(whos.map((who) => who.organization)) } },
  }));
}

function lambdaOrganizationalUnits(service: string, whos: Of<'lambdaOrganizationalUnit'>[]): Part[] {
  return onePart(whos, () => ({
    Sid: `${service}FunctionsInOrganizationalUnits`,
    Principal: LAMBDA,
    Condition: { 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': sortedSet(whos.map((who) => concat(who.path, '*'))) } },
  }));
}

/** Only principals with the same conditions share a statement: to merge conditions could change what they mean. */
function conditioned(purpose: string, whos: Of<'conditioned'>[], registry: Registry): Part[] {
  const groups = groupBy(whos.map((who) => leavingItselfToIam(who, registry)), (who) => `${who.type} ${JSON.stringify(who.conditions)}`);
  return [...groups].map(([key, group]) => ({
    Sid: `${purpose}Conditioned${hash(key)}`,
    Principal: principalOf(group[0].type, sortedSet(group.map((who) => who.principal))),
    Condition: group[0].conditions,
  })).sort(bySid);
}

const LAMBDA: Statement['Principal'] = { Service: LAMBDA_SERVICE };

function aws(principals: Value[]): Statement['Principal'] {
  return { AWS: sortedSet(principals) };
}

function principalOf(type: 'AWS' | 'Service', principals: Value[]): Statement['Principal'] {
  const value = principals.length === 1 && principals[0] === '*' ? '*' : principals;
  return type === 'AWS' ? { AWS: value } : { Service: value };
}

/** In the policy's own account an open principal would need no identity policy at all: leave that account to IAM. */
function notItself(registry: Registry): Conditions {
  return { StringNotEquals: { 'aws:PrincipalAccount': registry.account } };
}

/** The same for an open principal that no account closes, but an organization. */
function leavingItselfToIam(who: Of<'conditioned'>, registry: Registry): Of<'conditioned'> {
  if (!isOrganization(who)) {
    return who;
  }
  const refused = who.conditions.StringNotEquals ?? {};
  const key = Object.keys(refused).find((name) => name.toLowerCase() === 'aws:principalaccount') ?? 'aws:PrincipalAccount';
  const excluded = key in refused ? sortedSet([refused[key] as Value, registry.account].flat()) : registry.account;
  return { ...who, conditions: { ...who.conditions, StringNotEquals: { ...refused, [key]: excluded } } };
}

/** The ARNs of the repositories of a registry, as far as the name. */
function repositoryArn({ partition, region, account }: Registry): Value {
  return concat('arn:', partition, ':ecr:', region, ':', account, ':repository/');
}

function identityArn(account: Value, name: Value, registry: Registry): Value {
  return concat('arn:', registry.partition, ':iam::', account, ':', name);
}

/** Lambda takes images from its own Region only, so the function's Region is the registry's. */
function functionArn(who: Of<'lambda'>, registry: Registry): Value {
  return concat('arn:', registry.partition, ':lambda:', registry.region, ':', who.account, ':function:', who.functionName);
}

interface Group<T> {
  readonly members: T[];
  readonly firsts: Value[];
  readonly seconds: Value[];
}

/** Pairs (first, second), grouped so that every first of a group has exactly the seconds of the group. */
function bySecond<T>(pairs: readonly T[], first: (pair: T) => Value, second: (pair: T) => Value): Group<T>[] {
  const byFirst = [...groupBy(pairs, (pair) => textOf(first(pair))).values()]
    .map((members) => ({ members, seconds: sortedSet(members.map(second)) }));
  return [...groupBy(byFirst, ({ seconds }) => JSON.stringify(seconds)).values()].map((group) => ({
    members: group.flatMap(({ members }) => members),
    firsts: sortedSet(group.map(({ members }) => first(members[0]))),
    seconds: group[0].seconds,
  }));
}

function onePart(whos: readonly Who[], part: () => Part): Part[] {
  return whos.length === 0 ? [] : [part()];
}

function bySid(a: Part, b: Part): number {
  return a.Sid < b.Sid ? -1 : 1;
}

/** `ecr:BatchDeleteImage` → `BatchDeleteImage`; several actions → a name that is theirs alone. */
function nameOfActions(key: string): string {
  const name = key.replace(/^ecr:/, '');
  return /^[A-Za-z]+$/.test(name) ? name : `Actions${hash(key)}`;
}

/** `role/app-execution` → `AppExecution`; a name that could be mistaken for another gets a mark of its own. */
function nameOfIdentities(names: Value[]): string {
  return inCamelCase(names, /^(?:role|user)\/(.+)$/) ?? hash(names);
}

/**
 * `team-a/*` → `InTeamA`; `*` → nothing, since all repositories are what a registry policy is about. The name of a role may read
 * like that as well, and functions are `InOrganizations`: what could be mistaken for another Sid gets a mark.
 */
function nameOfRepositories(names: Value[] | undefined, sid: string): string {
  if (names === undefined) {
    return '';
  }
  if (/In(?!Organization)([A-Z]|[0-9a-f]{8}|$)/.test(sid)) {
    return `In${hash(names)}`;
  }
  return textOf(names) === '["*"]' ? '' : `In${inCamelCase(names, /^(?!organization)(.+)\/\*$/) ?? hash(names)}`;
}

/** The one name in upper camel case, if it can be told from the names that others have in it. */
function inCamelCase(names: Value[], pattern: RegExp): string | undefined {
  const [, name = ''] = names.length === 1 ? pattern.exec(textOf(names[0])) ?? [] : [];
  return /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/.test(name) && name.length <= 60 ? name.replace(/(?:^|-)(.)/g, (_, letter) => letter.toUpperCase()) : undefined;
}

function hash(value: unknown): string {
  return createHash('sha256').update(textOf(value)).digest('hex').slice(0, 8);
}
