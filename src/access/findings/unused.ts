import { Finding, finding } from './finding';
import { accountsLetIn, isAbout } from './let-in';
import { LAMBDA_ACTIONS, PULL_THROUGH_ACTIONS } from '../../policy/actions';
import { groupBy } from '../../policy/value';
import { partsByResource } from '../judgement/evaluate';
import { pullOf } from '../judgement/judge';
import { matching } from '../judgement/matching';
import { Organization } from '../judgement/organizations';
import { Sight, sightOf } from '../judgement/sight';
import { Address, addressOf } from '../model/addresses';
import { AccessModel } from '../model/model';
import { originsOf } from '../model/origins';
import { PlacedPolicy, policiesIn } from '../model/policies';
import { Statement, statementInWords } from '../model/policy-document';
import { PullSite } from '../model/pull-sites';
import { isKnown, parseArn } from '../template/text-patterns';
import { allOf, anyOf } from '../template/truth';

/** The accounts that policies let pull by name, and of which something is in sight, but nothing that pulls: a finding for each policy. */
export function unusedGrantFindings(model: AccessModel, organizations: readonly Organization[]): Finding[] {
  const users = usersIn(model, organizations);
  return policiesIn(model).filter(({ of }) => of !== 'creation template').flatMap((policy) => {
    const pulls = policy.policy.statements.filter((statement) => isPullGrant(statement, policy));
    const left = pulls.flatMap((statement) => {
      const addresses = repositoriesOf(policy, statement);
      return [...new Set(accountsLetIn(statement).map(({ account }) => account))]
        .filter((account) => users.accounts.has(account) && account !== policy.place.account && !isUsed(addresses, statement, account, users))
        .map((account) => ({ account, statement }));
    });
    const [accounts, statements] = [new Set(left.map(({ account }) => account)), new Set(left.map(({ statement }) => statement))];
    return left.length === 0 ? [] : [unused(policy, [...accounts], [...statements])];
  });
}

function unused({ place, of, arn, words }: PlacedPolicy, accounts: readonly string[], statements: readonly Statement[]): Finding {
  return finding('unused-grant', {
    place,
    ...(of === 'repository' && { repository: arn }),
    message: `${words} lets ${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(', ')} pull by ${statements.map(statementInWords).join(', ')}, `
      + 'but nothing in sight there does so',
    remedy: 'if nothing out of sight pulls by it either, take it away',
  });
}

/** Who pushes or fills a cache is let pull besides; that is no grant to pull. */
function isPullGrant(statement: Statement, { arn }: PlacedPolicy): boolean {
  const own = statement.resources.length > 0 ? statement.resources[0] : arn;
  return statement.effect === 'Allow' && isAbout(statement, LAMBDA_ACTIONS, own) === 'yes' && isAbout(statement, PULL_THROUGH_ACTIONS, own) === 'no';
}

/** All in sight that may use a grant. */
interface Users {
  /** The accounts of which a stack is in sight. */
  readonly accounts: ReadonlySet<string>;
  readonly sitesOf: Finder<PullSite>;
  /** The repositories that the policies of roles name, by the account of the role. */
  readonly namedIn: Finder<{ readonly address: Address }>;
  readonly sight: Sight;
  readonly registries: AccessModel['registries'];
}

function usersIn(model: AccessModel, organizations: readonly Organization[]): Users {
  const named = model.roles.flatMap(({ account, statements }) => statements.filter(({ effect }) => effect === 'Allow')
    .flatMap(({ resources }) => resources.filter((resource) => resource !== '*').flatMap((resource) => addressOf(resource) ?? []))
    .map((address) => ({ of: account, address })));
  return {
    accounts: new Set(model.stacks.map(({ account }) => account)),
    sitesOf: finderOf(model.sites, accountOf, ({ image }) => image.repository),
    namedIn: finderOf(named, ({ of }) => of, ({ address }) => address.repository),
    sight: sightOf(model, organizations),
    registries: model.registries,
  };
}

/** Finds those of an account that may be of a repository, or of one of a pattern. */
type Finder<T> = (account: string, repository: string) => readonly T[];

/** Most pulls are of a known repository, and most policies of one: these find each other by its name. */
function finderOf<T>(all: readonly T[], whose: (one: T) => string, repositoryOf: (one: T) => string): Finder<T> {
  const byAccount = groupBy(all, whose);
  const byName = groupBy(all, (one) => `${whose(one)} ${isOne(repositoryOf(one)) ? repositoryOf(one) : ''}`);
  return (account, repository) => (isOne(repository)
    ? [...byName.get(`${account} ${repository}`) ?? [], ...byName.get(`${account} `) ?? []]
    : byAccount.get(account) ?? []);
}

function isOne(repository: string): boolean {
  return isKnown(repository) && !/[*?]/.test(repository);
}

function accountOf({ puller, account }: PullSite): string {
  return puller.type === 'role' ? parseArn(puller.arn)?.account ?? account : account;
}

function isUsed(addresses: readonly Address[], statement: Statement, account: string, users: Users): boolean {
  return addresses.some((address) => (
    users.sitesOf(account, address.repository).some((site) => meet(address, site.image) && mayPullBy(site, statement, users))
    || users.namedIn(account, address.repository).some((named) => meet(address, named.address))
    || isCopyOfUsed(address, account, users)));
}

/** Whatever else a statement of a registry says, it is about repositories of that registry. */
function repositoriesOf({ arn, place: { account, region } }: PlacedPolicy, { resources }: Statement): Address[] {
  return (resources.length > 0 ? resources : [arn]).flatMap((resource) => {
    const address = addressOf(resource);
    return address ? [{ repository: address.repository, account, region }] : [];
  });
}

/** Whether there may be a repository that both stand for; either may be a pattern. */
function meet(one: Address, other: Address): boolean {
  return (['account', 'region', 'repository'] as const).every((part) => (
    anyOf([matching(one[part], other[part]), matching(other[part], one[part])]) !== 'no'));
}

function mayPullBy(site: PullSite, statement: Statement, { sight }: Users): boolean {
  const { puller, runtime } = site;
  if (puller.type === 'unknown' || (runtime === 'Lambda function' && statement.principals.some(({ type }) => type === 'AWS'))) {
    // Whoever deploys a function needs to be let in, and is not always in sight.
    return true;
  }
  const [request] = pullOf(site, puller, sight).requests;
  const { principal, conditions } = partsByResource(statement, request, 'anything');
  return allOf([principal, conditions]) !== 'no';
}

/** Replicas let in the grantees of their originals, wherever these pull. */
function isCopyOfUsed(address: Address, account: string, { sitesOf, registries }: Users): boolean {
  return originsOf(address, registries).some(({ by }) => by === 'REPLICATION')
    && sitesOf(account, address.repository).some(({ image }) => meet(address, { ...image, region: address.region }));
}
