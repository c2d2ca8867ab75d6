import { usesOf } from './uses';
import { LAMBDA_SERVICE } from '../../policy/services';
import { addressOf, namesOf } from '../model/addresses';
import { Condition, conditionInWords, Policy, Principal, Statement } from '../model/policy-document';
import { matches, parseArn } from '../template/text-patterns';

/** Who is let in by a statement of the policy of a repository or of a registry, in words. */
export interface GranteeInWords {
  readonly who: string;
  /** What may be done, or, beginning with "not: ", what must not. */
  readonly may: string;
  /** The repositories that the statement names; `''` if it names none, as that of a repository. */
  readonly repositories: string;
  readonly sid: string;
}

/** What has a policy: a repository, a registry, a template for repositories. */
interface PolicyOwner {
  readonly account: string;
  readonly region: string;
  readonly policy: Policy;
}

/** Everybody whom the policy of a repository or a registry lets in, in the order of the policy. */
export function granteesOf(owner: PolicyOwner): GranteeInWords[] {
  return owner.policy.statements.flatMap((statement) => whosOf(statement, owner.account)
    .map((who) => ({ who, may: mayOf(statement), repositories: repositoriesOf(statement, owner), sid: statement.sid })));
}

function repositoriesOf({ resources, notResources }: Statement, owner: PolicyOwner): string {
  const names = (patterns: readonly string[]) => patterns.map((pattern) => {
    const address = addressOf(pattern);
    return address && matches(address.account, owner.account) && matches(address.region, owner.region) ? namesOf(address.repository) : pattern;
  }).join(', ');
  return notResources.length > 0 ? `all but ${names(notResources)}` : names(resources);
}

function mayOf({ effect, actions, notActions }: Statement): string {
  const uses = notActions.length > 0 ? [`everything but ${notActions.join(', ')}`] : usesOf(actions);
  return `${effect === 'Deny' ? 'not: ' : ''}${uses.join(', ') || 'nothing in Amazon ECR'}`;
}

/** Says whom a principal and the values of a condition mean together. */
type Phrase = (principal: Principal, values: readonly string[]) => string[];

/** The conditions that name a grantee, by their keys. The first that a statement has is said; the others are appended as they are. */
const PHRASES: ReadonlyMap<string, Phrase> = new Map<string, Phrase>([
  ['aws:principalarn', identities],
  ['aws:principalorgid', (principal, ids) => ids.map((id) => accountsOf(principal, `organization ${id}`))],
  ['aws:principalorgpaths', (principal, paths) => paths.map((path) => accountsOf(principal, unitOf(path)))],
  ['aws:sourcearn', (principal, arns) => arns.map((arn) => functionsOf(principal, arn))],
  ['aws:sourceaccount', (principal, accounts) => accounts.map((account) => `${serviceOf(principal)} of account ${account}`)],
  ['aws:sourceorgid', (principal, ids) => ids.map((id) => `${serviceOf(principal)} in every account of organization ${id}`)],
  ['aws:sourceorgpaths', (principal, paths) => paths.map((path) => `${serviceOf(principal)} in every account of ${unitOf(path)}`)],
]);

/** The operators that fix a value. */
const FIXING = ['StringEquals', 'ArnEquals', 'StringLike', 'ArnLike', 'ForAnyValue:StringEquals', 'ForAnyValue:StringLike'];

function whosOf({ principals, notPrincipals, conditions }: Statement, owner: string): string[] {
  if (notPrincipals.length > 0) {
    return [`everybody but ${notPrincipals.map(nameOf).join(', ')}${rest(conditions, owner)}`];
  }
  const fixing = conditions.filter(({ operator }) => FIXING.includes(operator));
  const [key, say] = [...PHRASES].find(([candidate]) => fixing.some((condition) => condition.key.toLowerCase() === candidate)) ?? [];
  const said = fixing.find((condition) => condition.key.toLowerCase() === key);
  const others = rest(conditions.filter((condition) => condition !== said), owner);
  return [...new Set(principals.flatMap((principal) => say?.(principal, said!.values) ?? nameOf(principal)))].map((who) => who + others);
}

/** What else must be so. That an open principal is not the owner's own account is the rule, and said in a word. */
function rest(conditions: readonly Condition[], owner: string): string {
  return conditions.map((condition) => {
    const { operator, key, values } = condition;
    const isRule = operator === 'StringNotEquals' && key.toLowerCase() === 'aws:principalaccount' && values.join() === owner;
    return isRule ? ' but the owner\'s' : `, ${conditionInWords(condition)}`;
  }).sort().join('');
}

/** Roles and users by their ARNs. A caller's ARN is in its own account: `arn:aws:iam::*:role/x` for two accounts means one role in each. */
function identities(principal: Principal, arns: readonly string[]): string[] {
  const { account, name } = arnParts(principal.value);
  if (name !== '') {
    return arns.map((arn) => `${nameOf(principal)}, if it is ${arn}`);
  }
  return arns.map(arnParts)
    .filter((arn) => account === '*' || arn.account === account || !/^\d{12}$/.test(arn.account))
    .map((arn) => identityOf(arn.name, account === '*' ? arn.account : account));
}

function identityOf(name: string, account: string): string {
  const where = account === '*' ? 'every account' : `account ${account}`;
  return name === '' ? where : `${name} of ${where}`;
}

function nameOf({ type, value }: Principal): string {
  if (value === '*') {
    return 'everybody';
  }
  if (type !== 'AWS') {
    return type === 'Service' ? `service ${value}` : `${type} ${value}`;
  }
  const { account, name } = arnParts(value);
  return identityOf(name, account);
}

/** `arn:aws:iam::111122223333:role/ci/x` → `role ci/x`; an account, by its id or as root, has no name. */
function arnParts(text: string): { readonly account: string; readonly name: string } {
  const { account, resource } = parseArn(text) ?? { account: text, resource: '' };
  return { account, name: resource === 'root' ? '' : resource.replace('/', ' ') };
}

function accountsOf(principal: Principal, whole: string): string {
  return principal.value === '*' ? `every account of ${whole}` : `${nameOf(principal)} in ${whole}`;
}

function unitOf(path: string): string {
  return `organizational unit ${path.replace(/\/\*?$/, '')}`;
}

function functionsOf(principal: Principal, arn: string): string {
  const { account, resource = '' } = parseArn(arn) ?? {};
  if (principal.value !== LAMBDA_SERVICE || !resource.startsWith('function:')) {
    return `${serviceOf(principal)} for ${arn}`;
  }
  const name = resource.slice('function:'.length);
  return `Lambda functions ${name === '*' ? '' : `${name} `}of account ${account}`;
}

function serviceOf(principal: Principal): string {
  return principal.value === LAMBDA_SERVICE ? 'Lambda functions' : nameOf(principal);
}
