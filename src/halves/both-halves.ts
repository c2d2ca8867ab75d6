import { IResource, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DependencyGroup, IConstruct } from 'constructs';
import { compare, describe, Relation, requireKnown } from './environment';
import { NoticeId, statementsAsText, warn } from './notices';
import { IOwnerHalf } from './owner-half';
import { arnOf, holdsPolicy, identityOf, isAnyLambda, isImportedFromElsewhere, nameOf, whosOf } from './principals';
import { LOGIN_ACTION } from '../policy/actions';
import { CDK_ID_TAG, Conditions, PRINCIPAL_ARN, Who } from '../policy/grant';
import { identityParts } from '../policy/normal-form';

/** A repository on which both halves of a grant can be made. */
export interface GrantedRepository {
  readonly resource: IResource;
  readonly repositoryArn: string;
  readonly ownerHalf: IOwnerHalf;
  /** Whether the repository belongs to this app, so that its policy can be changed from here. */
  readonly owned: boolean;
}

export interface GrantOptions {
  readonly grantee: iam.IGrantable;
  /** The sets of actions; each becomes a statement of its own in the owner's half. */
  readonly actions: ReadonlyArray<readonly string[]>;
  /** Whether the grantee logs in to the registry for this: pulling and pushing need it, describing does not. */
  readonly login: boolean;
}

/** Gives a principal its half of the grant, and the repository its half if both are needed. */
export function grantBothHalves(repository: GrantedRepository, options: GrantOptions): iam.Grant {
  const principal = options.grantee.grantPrincipal;
  if (isAnyLambda(principal)) {
    repository.ownerHalf.addLambdaFunctions(nameForPeople(principal));
    return ownerGrant(repository, options);
  }
  // Whatever may throw comes before anything is changed; at home nobody is named unless it has to be.
  const home = isSameAccount(repository, principal);
  const abroad = home ? [] : granteesFor(repository, principal);
  const consumerGrant = grantConsumerHalf(repository, options);
  if (home && consumerGrant) {
    return consumerGrant;
  }
  addToOwnerHalf(repository, principal, options.actions, consumerGrant !== undefined, home ? byArn(principal) : abroad);
  const granted = ownerGrant(repository, options);
  return consumerGrant ? consumerGrant.combine(granted) : granted;
}

/** Gives the repository its half of the grant, to a principal that has its own already. */
export function grantOwnerHalf(repository: GrantedRepository, principal: iam.IPrincipal, actions: ReadonlyArray<readonly string[]>): void {
  if (!isSameAccount(repository, principal)) {
    addToOwnerHalf(repository, principal, actions, true, granteesFor(repository, principal));
  }
}

/** The grantees that stand for the principal if the repository policy is all that it gets. */
export function granteesByPolicyAlone(repository: GrantedRepository, principal: iam.IPrincipal): Who[] {
  return isSameAccount(repository, principal) ? byArn(principal) : granteesFor(repository, principal);
}

function addToOwnerHalf(
  { ownerHalf }: GrantedRepository, principal: iam.IPrincipal, actions: ReadonlyArray<readonly string[]>, hasConsumerHalf: boolean, whos: Who[],
): void {
  ownerHalf.add(whos.flatMap((who) => actions.map((set) => ({ who, actions: set }))), nameForPeople(principal), hasConsumerHalf);
}

function isSameAccount({ resource }: GrantedRepository, { principalAccount }: iam.IPrincipal): boolean {
  return principalAccount !== undefined && compare(resource.env.account, principalAccount) === Relation.SAME;
}

/** The grantees that stand for the principal in the owner's half. */
function granteesFor(repository: GrantedRepository, principal: iam.IPrincipal): Who[] {
  const identity = identityOf(principal);
  if (!identity) {
    return namedByCondition(repository, principal) ?? whosOf(principal);
  }
  const account = principal.principalAccount ?? Stack.of(identity).account;
  if (repository.owned && compare(repository.resource.env.account, account) === Relation.UNKNOWN) {
    requireKnown(repository.resource, repository.resource.env, identity);
    throw new Error(`'${identity.node.path}' is in an environment-agnostic stack and is granted access to '${repository.resource.node.path}' `
      + `(${describe(repository.resource.env)}), so the repository policy cannot name its account; give the stack of '${identity.node.path}' an explicit environment: env: { account, region }`);
  }
  const named = nameOf(identity, Stack.of(repository.resource));
  if (named) {
    return [{ kind: 'identity', ...named }];
  }
  // A role without a name: its owner knows it by the tag that CDK has for this; somebody else's owner only by its account.
  return repository.owned && iam.Role.isRole(identity) ? [{ kind: 'tagged', account, tag: tagRole(identity) }] : [{ kind: 'account', account }];
}

/** A role or user with conditions around it: still named by condition, so that it need not exist yet. */
function namedByCondition({ resource }: GrantedRepository, principal: iam.IPrincipal): Who[] | undefined {
  if (principal.principalAccount === undefined) {
    return undefined;
  }
  const { principalJson } = principal.policyFragment;
  const conditions = principal.policyFragment.conditions as Conditions;
  const arn = Stack.of(resource).resolve(principalJson.AWS?.length === 1 ? principalJson.AWS[0] : '');
  return /^(role|user)\//.test(identityParts(arn)?.name ?? '')
    ? [{
      kind: 'conditioned',
      type: 'AWS',
      principal: principal.principalAccount,
      conditions: { ...conditions, ArnEquals: { ...conditions.ArnEquals, [PRINCIPAL_ARN]: arn } },
    }]
    : undefined;
}

/** In its own account only a principal named by its ARN is let in by a repository policy alone. */
function byArn(principal: iam.IPrincipal): Who[] {
  const arn = arnOf(principal);
  return arn === undefined ? whosOf(principal) : [{ kind: 'arn', arn }];
}

function tagRole(role: IConstruct): string {
  const tag = `${Stack.of(role).stackName}_${role.node.addr}`;
  Tags.of(role).add(CDK_ID_TAG, tag);
  return tag;
}

/** The identity policy of the grantee; undefined if it has none that can be changed from here, which is said where it matters. */
function grantConsumerHalf(repository: GrantedRepository, { grantee, actions, login }: GrantOptions): iam.Grant | undefined {
  const identity = identityOf(grantee.grantPrincipal);
  const repositoryArn = repository.repositoryArn;
  const pull = { grantee, actions: [...new Set(actions.flat())].sort(), resourceArns: [repositoryArn] };
  const add = () => {
    const grant = iam.Grant.addToPrincipal(pull);
    if (grant.success && login) {
      iam.Grant.addToPrincipal({ grantee, actions: [LOGIN_ACTION], resourceArns: ['*'] });
    }
    return grant.success ? grant : undefined;
  };
  if (!identity) {
    return add();
  }
  const grant = isImportedFromElsewhere(identity) ? undefined : add();
  if (!grant || !holdsPolicy(identity)) {
    const missing = [
      { Effect: 'Allow', Action: pull.actions, Resource: Stack.of(identity).resolve(repositoryArn) },
      ...(login ? [{ Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' }] : []),
    ];
    warn(identity, NoticeId.CONSUMER_HALF_MISSING, `the identity policy of '${identity.node.path}' cannot be changed from here, `
      + `and without these statements in it the grant on '${repository.resource.node.path}' has no effect:\n${statementsAsText(missing)}`);
  }
  return grant;
}

/** What CDK gets back for the owner's half. It makes no stack wait for another. */
function ownerGrant({ resource }: GrantedRepository, { grantee, actions }: GrantOptions): iam.Grant {
  return iam.Grant.addStatementToResourcePolicy({
    grantee,
    actions: [...actions.flat()],
    resourceArns: [],
    resource: Object.create(resource, {
      addToResourcePolicy: { value: () => ({ statementAdded: true, policyDependable: new DependencyGroup() }) },
    }),
    statement: new iam.PolicyStatement({ actions: [...actions.flat()], principals: [grantee.grantPrincipal] }),
  });
}

/** A principal as a person would call it. */
export function nameForPeople(principal: iam.IPrincipal): string {
  return identityOf(principal) ? `'${identityOf(principal)!.node.path}'` : `${principal}`;
}
