import { Finding, finding } from './finding';
import { accountsLetIn, isAbout } from './let-in';
import { LAMBDA_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS } from '../../policy/actions';
import { partitionOf, repositoryArn } from '../../policy/addresses';
import { begins, isMeantFor } from '../../policy/replication-rules';
import { statementsFor } from '../../policy/statements';
import { groupBy } from '../../policy/value';
import { Request, decideByResource, decisionOf } from '../judgement/evaluate';
import { Remedy } from '../judgement/remedies';
import { namesOf } from '../model/addresses';
import { AccessModel, Repository } from '../model/model';
import { originsOf, templateFor } from '../model/origins';
import { isSamePlace, Place, placeIn, registryInWords, RegistryPlace } from '../model/places';
import { Statement } from '../model/policy-document';
import { Registry } from '../model/registries';
import { isKnown, unknownValue } from '../template/text-patterns';

/** What is copied from a registry to another one. */
interface Replication {
  readonly source: Registry;
  /** What declares it. */
  readonly place: Place;
  readonly destination: RegistryPlace;
  readonly prefixes: readonly string[];
  /** The repositories in sight that are meant. */
  readonly originals: readonly Repository[];
  /** What is in sight of the registry at the destination. */
  readonly there: Registry | undefined;
}

/** What is wrong with replications: those that the destination refuses, and those whose copies nobody may pull. */
export function replicationFindings(model: AccessModel): Finding[] {
  return replicationsIn(model).flatMap((replication) => [...refusals(replication, model), ...unreadable(replication, model)]);
}

/** Nobody can tell of places that only the deployment knows, and nothing is copied to another partition. */
function replicationsIn({ registries, repositories }: AccessModel): Replication[] {
  return registries.flatMap((source) => {
    const [place] = source.rulePlaces;
    if (!place || !isKnownPlace(source)) {
      return [];
    }
    // Amazon ECR does not copy again what has arrived as a copy.
    const pushed = repositories.filter((repository) => isSamePlace(repository, source) && isKnown(repository.name)
      && !originsOf({ ...source, repository: repository.name }, registries).some(({ by }) => by === 'REPLICATION'));
    const names = pushed.map(({ name }) => name);
    const pairs = source.rules.flatMap(({ destinations, prefixes }) => destinations.map((destination) => ({ destination, prefixes })))
      .filter(({ destination }) => isKnownPlace(destination) && partitionOf(destination.region) === partitionOf(source.region));
    return [...groupBy(pairs, ({ destination: { account, region } }) => `${account} ${region}`).values()].map((group) => {
      const [{ destination }] = group;
      const prefixes = [...new Set(group.flatMap((one) => one.prefixes))];
      return {
        source,
        place: placeIn(place),
        destination,
        prefixes,
        originals: pushed.filter(({ name }) => prefixes.some((prefix) => isMeantFor(prefix, name, names))),
        there: registries.find((registry) => isSamePlace(registry, destination)),
      };
    });
  });
}

function isKnownPlace({ account, region }: RegistryPlace): boolean {
  return isKnown(account) && isKnown(region);
}

/** One of the repositories that are copied, or all those whose names begin with a prefix where none is in sight. */
interface Copied {
  /** The name; its end may be unknown. */
  readonly name: string;
  /** What the destination has to allow: a name, or a pattern of names. */
  readonly pattern: string;
  readonly original: Repository | undefined;
}

function copiedBy({ prefixes, originals }: Replication): Copied[] {
  return prefixes.flatMap((prefix): Copied[] => {
    const meant = originals.filter(({ name }) => begins(prefix, name));
    return meant.length > 0
      ? meant.map((original) => ({ name: original.name, pattern: original.name === prefix ? prefix : `${prefix}*`, original }))
      : [{ name: prefix + unknownValue('the rest of the name'), pattern: `${prefix}*`, original: undefined }];
  });
}

const MAKING = REPLICATION_ACTIONS.filter((action) => !REPLICATION_INTO_EXISTING_ACTIONS.includes(action));

/** The registry of another account must let this one in. In the same account nobody needs to. */
function refusals(replication: Replication, { repositories, registries }: AccessModel): Finding[] {
  const { source, place, destination, there } = replication;
  if (source.account === destination.account) {
    return [];
  }
  const copied = copiedBy(replication);
  const isThere = ({ name }: Copied) => repositories.some((repository) => repository.name === name && isSamePlace(repository, destination));
  if (!there) {
    return [finding('replication-destination-not-in-sight', {
      place,
      message: `whether ${namesIn(copied)} may be copied from ${registryInWords(source)}, to ${registryInWords(destination)}, is not in sight: `
        + 'the policy of the registry there is in none of the templates',
      remedy: 'check it together with the templates of the destination, or see that the policy of its registry has this',
      statements: statementsToAllow(replication, copied, REPLICATION_ACTIONS),
    })];
  }
  if (there.policy.isOpaque) {
    return [];
  }
  const refused = (actions: readonly string[]) => copied.flatMap((one): Refused[] => {
    const decisions = actions.map((action) => decisionOf(decideByResource(there.policy.statements, requestOf(replication, action, one), 'anything')));
    return decisions.some((decision) => decision === 'none' || decision === 'deny') ? [{ ...one, isDenied: decisions.includes('deny') }] : [];
  });
  const notCopied = refused(REPLICATION_INTO_EXISTING_ACTIONS);
  if (notCopied.length > 0) {
    const actions = notCopied.every((one) => one.original && isThere(one)) ? REPLICATION_INTO_EXISTING_ACTIONS : REPLICATION_ACTIONS;
    return [notAllowed(replication, notCopied, REPLICATION_INTO_EXISTING_ACTIONS, {
      statements: statementsToAllow(replication, notCopied, actions),
    })];
  }
  // A repository may be there that is not in sight, so it is not certain that one has to be made. A template is meant for those that have.
  const notMade = refused(MAKING).filter((one) => (
    one.original ? !isThere(one) : templateFor({ ...destination, repository: one.name }, 'REPLICATION', registries) !== undefined));
  return notMade.length === 0 ? [] : [notAllowed(replication, notMade, MAKING, {
    severity: 'warning',
    statements: statementsToAllow(replication, notMade, REPLICATION_ACTIONS),
  })];
}

interface Refused extends Copied {
  readonly isDenied: boolean;
}

function notAllowed(
  { source, destination, place }: Replication, refused: readonly Refused[], actions: readonly string[], more: Partial<Finding>,
): Finding {
  const isDenied = refused.some((one) => one.isDenied);
  const what = more.severity === 'warning' ? 'is copied only into existing repositories of' : 'is not copied to';
  return finding('replication-not-allowed', {
    place,
    message: `${namesIn(refused)} of ${registryInWords(source)}, ${what} ${registryInWords(destination)}: the policy of the registry there `
      + `${isDenied ? 'denies' : 'does not allow'} account ${source.account} ${actions.join(', ')}`,
    remedy: isDenied
      ? 'narrow the statement that denies it: no other statement can allow what one denies'
      : `add to ${documentOf(destination)}`,
    ...more,
    ...(isDenied && { statements: [] }),
  });
}

/** The destination sees the account of the source. That it sees anything else of it is not documented. */
function requestOf({ source, destination }: Replication, action: string, { name }: Copied): Request {
  const values = new Map([['aws:principalaccount', [source.account]], ['aws:resourceaccount', [destination.account]], ['aws:securetransport', ['true']]]);
  return {
    caller: { type: 'role', name: `arn:${partitionOf(source.region).name}:iam::${source.account}:root`, account: source.account },
    action,
    resource: repositoryArn({ ...destination, repositoryName: name }),
    context: (key) => values.get(key) ?? 'unknown',
  };
}

function statementsToAllow({ source, destination }: Replication, copied: readonly Copied[], actions: readonly string[]): Remedy[] {
  const grants = copied.map(({ pattern }) => ({ who: { kind: 'account', account: source.account } as const, actions, repositories: pattern }));
  const registry = { ...destination, partition: partitionOf(destination.region).name };
  return [{ half: 'owner', document: documentOf(destination), statements: statementsFor(grants, registry) }];
}

function documentOf(destination: RegistryPlace): string {
  return `the policy of the registry of ${registryInWords(destination)}`;
}

/** Where the owner lets others pull an original, copies that they cannot pull are as a rule an oversight: no policy is copied. */
function unreadable(replication: Replication, model: AccessModel): Finding[] {
  const { source, place, destination, originals, there } = replication;
  const isAtHome = source.account === destination.account;
  const shared = originals.filter((original) => isLetIn(original.policy.statements, original.arn, source.account));
  const pulled = new Set(model.sites.filter(({ image }) => isSamePlace(image, destination)).map(({ image }) => image.repository));
  const replicas = new Map(model.repositories.filter((repository) => isSamePlace(repository, destination))
    .map((repository) => [repository.name, repository]));
  const lost = shared.flatMap((original) => {
    const address = { ...destination, repository: original.name };
    const arn = repositoryArn({ ...destination, repositoryName: original.name });
    const replica = replicas.get(original.name);
    const template = templateFor(address, 'REPLICATION', model.registries);
    const statements = [...(replica ?? template)?.policy.statements ?? [], ...there?.policy.statements ?? []];
    const isInSight = isAtHome || replica !== undefined || there !== undefined;
    const isOpaque = [replica, template, there].some((one) => one?.policy.isOpaque);
    const isFine = !isInSight || isOpaque || pulled.has(original.name) || mayBeLetIn(statements, arn, destination.account);
    return isFine ? [] : [{ original, replica, arn }];
  });
  const made = lost.filter(({ replica }) => !replica);
  const about = (names: readonly string[]) => ({
    // In another account, whoever is in that account may be all who are meant.
    ...(!isAtHome && { severity: 'info' as const }),
    message: `${names.join(', ')} of ${registryInWords(source)}, may be pulled from other accounts, but `
      + `${names.length > 1 ? 'the replicas' : 'the replica'} in ${registryInWords(destination)}, may not: Amazon ECR copies no policies`,
    remedy: 'let in who is meant to pull there, by the policy of the replica, of a creation template for REPLICATION, or of the registry; '
      + 'with replicateTo or replicas of this library, the grantees of the original are let in',
  });
  return [
    ...lost.flatMap(({ original, replica, arn }) => (replica
      ? [finding('replica-unreadable', { place: placeIn(replica), repository: arn, ...about([original.name]) })] : [])),
    ...(made.length === 0 ? [] : [finding('replica-unreadable', {
      place, ...(made.length === 1 && { repository: made[0].arn }), ...about(made.map(({ original }) => original.name)),
    })]),
  ];
}

/** Whether somebody in another account may pull for certain. A service is let in for others only if it is said for whom. */
function isLetIn(statements: readonly Statement[], arn: string, owner: string): boolean {
  return statements.some((statement) => statement.effect === 'Allow' && isAbout(statement, LAMBDA_ACTIONS, arn) === 'yes'
    && accountsLetIn(statement).some(({ type, account }) => account !== owner && isKnown(account) && (type === 'AWS' || account !== '*')));
}

function mayBeLetIn(statements: readonly Statement[], arn: string, owner: string): boolean {
  return statements.some((statement) => statement.effect === 'Allow' && isAbout(statement, LAMBDA_ACTIONS, arn) !== 'no'
    && accountsLetIn(statement).some(({ account }) => account !== owner));
}

function namesIn(copied: readonly Copied[]): string {
  return [...new Set(copied.map(({ pattern }) => namesOf(pattern)))].join(', ');
}
