import { IResource, Stack, Stage, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DependencyGroup, IConstruct } from 'constructs';
import { compare, describe, outermost, partitionNameOf, Relation, requireKnown, requireSamePartition, wasWritten } from './environment';
import { membersOf } from './members';
import { NoticeId, statementsAsText, warn } from './notices';
import { IOwnerHalf } from './owner-half';
import { arnOf, holdsPolicy, identityOf, isAnyLambda, isImported, isImportedFromElsewhere, namedParts, nameOf, whosOf } from './principals';
import { LOGIN_ACTION, PULL_ACTIONS } from '../policy/actions';
import { CDK_ID_TAG, Conditions, PRINCIPAL_ARN, Who } from '../policy/grant';
import { whosOfPrincipal } from '../policy/principal';

/** What has an owner's half: a repository or a registry. */
export interface Granted {
  readonly resource: IResource;
  /** Whether it belongs to this app, so that its policy can be changed from here. */
  readonly owned: boolean;
}

/** A repository on which both halves of a grant can be made. */
export interface GrantedRepository extends Granted {
  readonly repositoryArn: string;
  /** The ARN as somebody outside the app has to write it: never a reference. */
  readonly literalArn: string;
  readonly ownerHalf: IOwnerHalf;
  /** What pulling from a cached repository takes besides. */
  readonly cached?: CachedPull;
}

/** The actions that a pull takes besides where the image may have to be fetched from upstream first. */
export interface CachedPull {
  /** On the repository, in both halves. */
  readonly both: readonly string[];
  /** In the identity policy alone: the repository may not be there yet. */
  readonly consumer: readonly string[];
}

export interface GrantOptions {
  readonly grantee: iam.IGrantable;
  /** The sets of actions; each becomes a statement of its own in the owner's half. */
  readonly actions: ReadonlyArray<readonly string[]>;
  /** Actions that only the consumer's half has. */
  readonly consumerActions?: readonly string[];
  /** Whether the grantee logs in to the registry for this: pulling and pushing need it, describing does not. */
  readonly login: boolean;
}

/** Gives a principal its half of the grant, and the repository its half if both are needed. */
export function grantBothHalves(repository: GrantedRepository, options: GrantOptions): iam.Grant {
  const [principal, ...others] = membersOf(options.grantee.grantPrincipal);
  if (others.length > 0) {
    [principal, ...others].filter((member) => !isAnyLambda(member)).forEach((member) => requireOwnerHalf(repository, member));
    return [principal, ...others].map((grantee) => grantBothHalves(repository, { ...options, grantee })).reduce((all, grant) => all.combine(grant));
  }
  if (isAnyLambda(principal) && options.actions.flat().every((action) => [...PULL_ACTIONS, ...repository.cached?.both ?? []].includes(action))) {
    repository.ownerHalf.addLambdaFunctions(nameForPeople(principal));
    return ownerGrant(repository, options);
  }
  // Whatever may throw comes before anything is changed; at home nobody is named unless it has to be.
  requireUnwritten(repository, principal);
  const home = isSameAccount(repository, principal);
  const abroad = home ? [] : granteesFor(repository, principal);
  const consumerHalf = grantConsumerHalf(repository, options, home);
  if (home && consumerHalf.grant) {
    return consumerHalf.grant;
  }
  addToOwnerHalf(repository, principal, options.actions, consumerHalf.inPlace, home ? byArn(repository, principal) : abroad);
  const granted = ownerGrant(repository, options);
  return consumerHalf.grant?.combine(granted) ?? granted;
}

/** Gives the repository its half of the grant, to a principal that has its own already. */
export function grantOwnerHalf(repository: GrantedRepository, principal: iam.IPrincipal, actions: ReadonlyArray<readonly string[]>): void {
  if (!isSameAccount(repository, principal)) {
    addToOwnerHalf(repository, principal, actions, true, granteesFor(repository, principal));
  }
}

/** Throws if the repository cannot be given its half of the grant. */
export function requireOwnerHalf(repository: GrantedRepository, principal: iam.IPrincipal): void {
  if (!isSameAccount(repository, principal)) {
    granteesFor(repository, principal);
  }
}

/** The grantees that stand for the principal if the repository policy is all that it gets. */
export function granteesByPolicyAlone(repository: Granted, principal: iam.IPrincipal): Who[] {
  return isSameAccount(repository, principal) ? byArn(repository, principal) : granteesFor(repository, principal);
}

function addToOwnerHalf(
  { ownerHalf }: GrantedRepository, principal: iam.IPrincipal, actions: ReadonlyArray<readonly string[]>, hasConsumerHalf: boolean, whos: Who[],
): void {
  ownerHalf.add(whos.flatMap((who) => actions.map((set) => ({ who, actions: set }))), nameForPeople(principal), hasConsumerHalf);
}

/** Throws if the identity policy of the principal was written already, with the template of its Stage. */
function requireUnwritten({ resource }: GrantedRepository, principal: iam.IPrincipal): void {
  const identity = identityOf(principal);
  if (identity && !isImportedFromElsewhere(identity) && wasWritten(identity)) {
    throw new Error(`'${identity.node.path}' was already written with its Stage '${Stage.of(identity)!.node.path}', so its half of the grant on '${resource.node.path}' would be lost; `
      + 'make the grant before that Stage is synthesized');
  }
}

function isSameAccount({ resource }: Granted, { principalAccount }: iam.IPrincipal): boolean {
  return principalAccount !== undefined && compare(resource.env.account, principalAccount) === Relation.SAME;
}

/** The grantees that stand for the principal in the owner's half. */
function granteesFor(repository: Granted, principal: iam.IPrincipal): Who[] {
  const identity = identityOf(principal);
  if (!identity) {
    return namedByCondition(repository, principal) ?? whosOf(principal);
  }
  const account = principal.principalAccount ?? Stack.of(identity).account;
  if (repository.owned && account === Stack.of(identity).account && compare(repository.resource.env.account, account) === Relation.UNKNOWN) {
    requireKnown(repository.resource, repository.resource.env, identity);
    throw new Error(`'${identity.node.path}' is in an environment-agnostic stack and is granted access to '${repository.resource.node.path}' `
      + `(${describe(repository.resource.env)}), so the repository policy cannot name its account; give the stack of '${identity.node.path}' an explicit environment: env: { account, region }`);
  }
  requireSamePartition(`'${identity.node.path}'`, Stack.of(identity).region, `'${repository.resource.node.path}'`, repository.resource.env.region,
    'and nothing can be granted from one to the other; copy the images to a repository in the other partition');
  const named = nameOf(identity, Stack.of(repository.resource));
  if (named) {
    return [{ kind: 'identity', ...named }];
  }
  if (isImported(identity)) {
    return [conditionedByArn(account, arnOf(identity)!)];
  }
  // A role without a name: its owner knows it by the tag that CDK has for this; somebody else's owner only by its account.
  return repository.owned ? [{ kind: 'tagged', account, tag: tagIdentity(identity) }] : [{ kind: 'account', account }];
}

/** A role or user with conditions around it: still named by condition, so that it need not exist yet. */
function namedByCondition({ resource, owned }: Granted, principal: iam.IPrincipal): Who[] | undefined {
  if (principal.principalAccount === undefined) {
    return undefined;
  }
  const { principalJson, conditions } = principal.policyFragment;
  try {
    const arn = Stack.of(resource).resolve(principalJson.AWS?.length === 1 ? principalJson.AWS[0] : '');
    return namedParts(arn) && [conditionedByArn(principal.principalAccount, arn, conditions as Conditions)];
  } catch (error) {
    // A policy as grantee, for one, has no ARN that a policy could name: somebody else's owner knows it only by its account.
    if (owned) {
      throw error;
    }
    return whosOfPrincipal({ AWS: [principal.principalAccount] }, conditions as Conditions);
  }
}

function conditionedByArn(account: string, arn: string, conditions: Conditions = {}): Who {
  return { kind: 'conditioned', type: 'AWS', principal: account, conditions: { ...conditions, ArnEquals: { ...conditions.ArnEquals, [PRINCIPAL_ARN]: arn } } };
}

/** In its own account only a principal named by its ARN is let in by a repository policy alone. */
function byArn({ resource }: Granted, principal: iam.IPrincipal): Who[] {
  const identity = identityOf(principal);
  if (!identity) {
    return whosOf(principal);
  }
  const named = Stage.of(identity) === Stage.of(resource) ? undefined : nameOf(identity, Stack.of(identity));
  return [{ kind: 'arn', arn: named ? `arn:${partitionNameOf(resource.env.region)}:iam::${named.account}:${named.name}` : arnOf(identity)! }];
}

/** Tags the role itself, which may stand behind the one that is granted to, with the value that CDK gives the tag. */
function tagIdentity({ node: { defaultChild } }: IConstruct): string {
  const identity = defaultChild!.node.scope!;
  const tag = `${outermost(Stack.of(identity)).stackName}_${identity.node.addr}`;
  Tags.of(identity).add(CDK_ID_TAG, tag);
  return tag;
}

interface ConsumerHalf {
  /** What CDK gets back; undefined if the grantee has no identity policy of its own. */
  readonly grant?: iam.Grant;
  /** Whether the identity policy will be in a template: roles that take no policies say yes and drop them. */
  readonly inPlace: boolean;
}

/** Adds to the identity policy of the grantee. Where it cannot be changed from here, that is said if it matters. */
function grantConsumerHalf(repository: GrantedRepository, options: GrantOptions, home: boolean): ConsumerHalf {
  const { grantee, actions, consumerActions = [], login } = options;
  const identity = identityOf(grantee.grantPrincipal);
  const pull = { grantee, actions: [...new Set([...actions.flat(), ...consumerActions])].sort(), resourceArns: [repository.repositoryArn] };
  const add = () => {
    const grant = iam.Grant.addToPrincipal(pull);
    if (grant.success && login) {
      iam.Grant.addToPrincipal({ grantee, actions: [LOGIN_ACTION], resourceArns: ['*'] });
    }
    return grant.success ? grant : undefined;
  };
  const grant = identity && isImportedFromElsewhere(identity) ? undefined : add();
  const inPlace = grant !== undefined && (!identity || holdsPolicy(identity));
  const missing = inPlace ? [] : [
    // At home the repository policy is enough for a principal that it names.
    ...(home && !grant ? [] : [{ Effect: 'Allow', Action: pull.actions, Resource: Stack.of(repository.resource).resolve(repository.literalArn) }]),
    ...(login ? [{ Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' }] : []),
  ];
  if (identity && missing.length > 0) {
    warnOfMissingConsumerHalf(identity, `the grant on '${repository.resource.node.path}'`, missing);
  }
  return { grant, inPlace };
}

/** Says that an identity policy lacks statements, and that they cannot be added from here. */
export function warnOfMissingConsumerHalf(identity: IConstruct, what: string, statements: readonly object[]): void {
  warn(identity, NoticeId.CONSUMER_HALF_MISSING, `the identity policy of '${identity.node.path}' cannot be changed from here, `
    + `and without these statements in it ${what} has no effect:\n${statementsAsText(statements)}`);
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
