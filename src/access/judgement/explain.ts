import { holds } from './conditions';
import {
  appliesBy, Caller, decideByIdentity, decideByResource, Decision, decisionOf, LetInAs, Opinion, Parts, partsByIdentity, partsByResource, Request,
} from './evaluate';
import { Judgement, judgePull, KnownPuller, Pull, pullOf } from './judge';
import { Organization } from './organizations';
import { Remedy, remediesFor } from './remedies';
import { Owner, sightOf } from './sight';
import { Address } from '../model/addresses';
import { AccessModel, Repository } from '../model/model';
import { originsOf } from '../model/origins';
import { Place } from '../model/places';
import { policiesIn } from '../model/policies';
import { Condition, Statement } from '../model/policy-document';
import { PullSite } from '../model/pull-sites';
import { Role } from '../model/roles';
import { isKnown, parseArn } from '../template/text-patterns';
import { Truth } from '../template/truth';

/** One pull, step by step: what each document says of each action, and why. */
export interface Explanation {
  readonly caller: Caller;
  /** Undefined if it is not in sight, or a service pulls. */
  readonly role: Role | undefined;
  readonly repository: Address & { readonly arn: string };
  /** Where the repository is declared; undefined if it is not in sight. */
  readonly declared: Repository | undefined;
  /** Whether its policy is in sight: as its own, or as what Amazon ECR makes it by. */
  readonly isInSight: Owner['isInSight'];
  /** From where Amazon ECR takes its images, in words. */
  readonly origins: readonly string[];
  /** Repositories of the same name in sight, if it is not. */
  readonly namesakes: readonly Place[];
  readonly isInOneAccount: Truth;
  /** The pull sites in sight that are this pull. */
  readonly sites: readonly PullSite[];
  readonly judgement: Judgement;
  readonly remedies: readonly Remedy[];
  readonly steps: readonly Step[];
}

/** What is said of actions of which the same is said. */
export interface Step {
  readonly half: 'owner' | 'consumer';
  readonly actions: readonly string[];
  readonly documents: readonly DocumentTrace[];
}

/** What one document, or several of a kind, says of an action. */
export interface DocumentTrace {
  readonly document: 'repository policy' | 'registry policy' | 'role policies' | 'permissions boundary';
  readonly decision: Decision;
  readonly statements: readonly StatementTrace[];
}

export interface StatementTrace {
  readonly statement: Statement;
  readonly applies: Truth;
  /** What keeps it from applying, or from applying for certain. */
  readonly obstacles: readonly Obstacle[];
}

/** A part of a statement that is not, or not for certain, about the request. */
export interface Obstacle {
  readonly part: 'principal' | 'action' | 'resource' | 'condition';
  readonly truth: 'maybe' | 'no';
  /** The condition, if it is one. */
  readonly condition?: Condition;
  /** What the request has there; undefined if it has nothing, `unknown` if nobody knows what. */
  readonly actual: readonly string[] | 'unknown' | undefined;
}

/** Explains whether somebody may pull an image, whether or not anything in sight does. */
export function explain(model: AccessModel, organizations: readonly Organization[], puller: KnownPuller, image: Address): Explanation {
  const sight = sightOf(model, organizations);
  const sites = model.sites.filter((site) => isSame(site.puller, puller) && isSame(addressIn(site.image), addressIn(image)));
  const supposed = supposedSite(puller, image, sight.roles.get(puller.type === 'role' ? puller.arn : ''));
  // What runs an image asks for more or less: what asks for most is explained.
  const [[site, pull]] = (sites.length > 0 ? sites : [supposed])
    .map((one): [PullSite, Pull] => [one, pullOf(one, puller, sight)])
    .sort(([, a], [, b]) => b.requests.length - a.requests.length);
  const judgement = judgePull(site, sight);
  const declared = sight.repositories.get(pull.repository);
  return {
    caller: pull.caller,
    role: pull.role,
    repository: { ...addressIn(image), arn: pull.repository },
    declared,
    isInSight: pull.owner.isInSight,
    origins: originsOf(image, model.registries).map(({ words }) => words),
    namesakes: declared ? [] : model.repositories.filter(({ name }) => name === image.repository),
    isInOneAccount: pull.isInOneAccount,
    sites,
    judgement,
    remedies: remediesFor(judgement),
    steps: stepsOf(pull, new Set(model.registries.flatMap(({ policy }) => policy.statements))),
  };
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function addressIn({ account, region, repository }: Address): Address {
  return { account, region, repository };
}

/** The pull as it would be if something in sight did it. */
function supposedSite(puller: KnownPuller, image: Address, role: Role | undefined): PullSite {
  const account = parseArn(puller.type === 'role' ? puller.arn : puller.sourceArn)?.account ?? '';
  const { path, stack, file, logicalId } = role ?? { path: '', stack: '', file: '', logicalId: '' };
  const place = { path, stack, file, logicalId, account, region: image.region };
  return { ...place, runtime: puller.type === 'role' ? 'pull role' : 'Lambda function', image, puller };
}

function stepsOf(pull: Pull, ofRegistries: ReadonlySet<Statement>): Step[] {
  const ofOwner = pull.requests.map((request) => ({ half: 'owner' as const, request, documents: ownerDocuments(pull, request, ofRegistries) }));
  const ofConsumer = pull.caller.type === 'service' ? [] : [...pull.requests, ...pull.besides]
    .map((request) => ({ half: 'consumer' as const, request, documents: consumerDocuments(pull, request) }));
  const steps = new Map<string, Step>();
  for (const { half, request: { action }, documents } of [...ofOwner, ...ofConsumer]) {
    // The action itself is not what makes a difference to a reader.
    const key = JSON.stringify([half, documents], (name, value) => (name === 'actual' && value?.[0] === action ? undefined : value));
    const known = steps.get(key);
    steps.set(key, { half, documents: known?.documents ?? documents, actions: [...known?.actions ?? [], action] });
  }
  return [...steps.values()];
}

function ownerDocuments({ owner, isInOneAccount }: Pull, request: Request, ofRegistries: ReadonlySet<Statement>): DocumentTrace[] {
  // In its own account, a principal that is an account lets nobody in: it leaves that to the policies of the roles.
  const as: LetInAs = isInOneAccount === 'yes' ? 'itself' : 'anything';
  const ofRegistry = owner.statements.filter((statement) => ofRegistries.has(statement));
  const own = owner.statements.filter((statement) => !ofRegistries.has(statement));
  const traced = (document: DocumentTrace['document'], statements: readonly Statement[]) => traceOf(
    document, statements, request, (statement) => partsByResource(statement, request, as), decideByResource(statements, request, as));
  return [
    ...(owner.isInSight || own.length > 0 ? [traced('repository policy', own)] : []),
    ...(ofRegistry.length > 0 ? [traced('registry policy', ofRegistry)] : []),
  ];
}

function consumerDocuments({ role }: Pull, request: Request): DocumentTrace[] {
  const traced = (document: DocumentTrace['document'], statements: readonly Statement[]) => traceOf(
    document, statements, request, (statement) => partsByIdentity(statement, request), decideByIdentity(statements, request));
  return [
    ...(role ? [traced('role policies', role.statements)] : []),
    ...(Array.isArray(role?.boundary) ? [traced('permissions boundary', role.boundary)] : []),
  ];
}

function traceOf(
  document: DocumentTrace['document'], statements: readonly Statement[], request: Request, partsOf: (statement: Statement) => Parts, opinion: Opinion,
): DocumentTrace {
  return {
    document,
    decision: decisionOf(opinion),
    statements: statements.map((statement) => {
      const parts = partsOf(statement);
      return { statement, applies: appliesBy(parts), obstacles: obstaclesOf(statement, parts, request) };
    }),
  };
}

function obstaclesOf({ conditions }: Statement, parts: Parts, request: Request): Obstacle[] {
  const obstacle = (part: Obstacle['part'], truth: Truth, actual: Obstacle['actual'], condition?: Condition): Obstacle[] => (
    truth === 'yes' ? [] : [{ part, truth, actual, ...(condition && { condition }) }]);
  return [
    ...obstacle('principal', parts.principal, [request.caller.name]),
    ...obstacle('action', parts.action, [request.action]),
    ...obstacle('resource', parts.resource, [request.resource]),
    ...conditions.flatMap((condition) => (
      obstacle('condition', holds(condition, request.context), isKnown(condition.key) ? request.context(condition.key.toLowerCase()) : 'unknown', condition))),
  ];
}

/** Who is meant by an ARN as an error message of AWS shows it. */
export interface NamedRole {
  /** The ARN that the templates know it by, or else that which was given. */
  readonly arn: string;
  /** How the role in sight was found; `none` is in sight if it was not. `policy`: nor is it, but a policy in sight names it with its path. */
  readonly foundBy: 'arn' | 'name' | 'generated name' | 'policy' | 'none';
  /** Roles that it may be, if nothing tells which. */
  readonly candidates: readonly Role[];
}

/** Operators by which a condition lets in those whom it names. */
const NAMES = /^(Arn|String)(Equals|Like)/;

/** The ARNs of the roles that owners name, one by one, to let them in. */
export function rolesInPolicies(model: AccessModel): string[] {
  const statements = policiesIn(model).flatMap(({ policy }) => policy.statements).filter(({ effect }) => effect === 'Allow');
  const named = statements.flatMap(({ principals, conditions }) => [
    ...principals.map(({ value }) => value),
    ...conditions.filter(({ operator, key }) => NAMES.test(operator) && key.toLowerCase() === 'aws:principalarn').flatMap(({ values }) => values),
  ]);
  return [...new Set(named)].filter((arn) => isKnown(arn) && !/[*?]/.test(arn) && /^role\/./.test(parseArn(arn)?.resource ?? ''));
}

/**
 * Finds the role that an ARN means, that of a role or that of its session, as an error message shows it: without the path.
 *
 * @param inPolicies the ARNs of roles that policies name: of a role that is not in sight, nothing else tells the path
 * @returns undefined if it is neither
 */
export function roleNamed(arn: string, roles: readonly Role[], inPolicies: readonly string[] = []): NamedRole | undefined {
  const { service, account, resource = '' } = parseArn(arn) ?? {};
  const [, session] = service === 'sts' ? /^assumed-role\/([^/]+)(?:\/|$)/.exec(resource) ?? [] : [];
  const path = service === 'iam' && /^role\/./.test(resource) ? resource.slice('role/'.length) : session;
  if (path === undefined || !/^\d{12}$/.test(account!)) {
    return undefined;
  }
  const exact = roles.find((role) => session === undefined && role.arn === arn);
  if (exact) {
    return { arn, foundBy: 'arn', candidates: [] };
  }
  const name = path.slice(path.lastIndexOf('/') + 1);
  const here = roles.filter((role) => role.account === account);
  const named = here.filter((role) => isKnown(role.name) && role.name.slice(role.name.lastIndexOf('/') + 1) === name);
  const generated = here.filter((role) => !isKnown(role.name) && isGenerated(name, role));
  const [foundBy, candidates] = named.length > 0 ? ['name' as const, named] : ['generated name' as const, generated];
  if (candidates.length === 1) {
    return { arn: candidates[0].arn, foundBy, candidates: [] };
  }
  const told = inPolicies.filter((one) => session !== undefined && parseArn(one)!.account === account && one.endsWith(`/${name}`));
  return candidates.length === 0 && told.length === 1
    ? { arn: told[0], foundBy: 'policy', candidates: [] }
    : { arn: session === undefined ? arn : arn.replace(/:sts:(.*):assumed-role\/.*$/, `:iam:$1:role/${name}`), foundBy: 'none', candidates };
}

/** What CloudFormation calls a role without a name of its own: its stack's name, its logical id, and some random letters, the first two shortened. */
function isGenerated(name: string, { logicalId }: Role): boolean {
  const parts = name.split('-').slice(0, -1);
  return parts.slice(1).some((part) => part !== '' && (part === logicalId || (part.length >= 8 && logicalId.startsWith(part))));
}
