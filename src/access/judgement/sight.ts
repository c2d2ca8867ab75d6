import { Organization } from './organizations';
import { LAMBDA_ACTIONS } from '../../policy/actions';
import { LAMBDA_SERVICE } from '../../policy/services';
import { Address, arnOf } from '../model/addresses';
import { AccessModel, Repository } from '../model/model';
import { cacheFor, originsOf, templateFor } from '../model/origins';
import { isSamePlace } from '../model/places';
import { Policy, Statement, statementsOf } from '../model/policy-document';
import { Registry } from '../model/registries';
import { Role } from '../model/roles';
import { Truth } from '../template/truth';

/** A model, so that whatever a pull needs of it is found at once. */
export interface Sight {
  readonly roles: ReadonlyMap<string, Role>;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly registries: readonly Registry[];
  readonly organizationOf: (account: string) => Organization | undefined;
}

export function sightOf({ roles, repositories, registries }: AccessModel, organizations: readonly Organization[]): Sight {
  const byAccount = new Map(organizations.flatMap((organization) => organization.accounts.map((account) => [account, organization] as const)));
  return {
    roles: new Map(roles.map((role) => [role.arn, role])),
    repositories: new Map(repositories.map((repository) => [repository.arn, repository])),
    registries,
    organizationOf: (account) => byAccount.get(account),
  };
}

/** What is known of the repository's side. */
export interface Owner {
  /** What its policy and that of its registry say. */
  readonly statements: readonly Statement[];
  /** Those of the policies, in words, of which only the deployment knows what else they say. */
  readonly opaquePolicies: readonly string[];
  /** Whether the repository itself is in sight, or only what Amazon ECR makes it of; the policy of its registry may be in any case. */
  readonly isInSight: 'itself' | 'itsOrigin' | false;
  /** Whether its images come through a cache. */
  readonly isCached: Truth;
  readonly account: string;
  /** Undefined if they are not in sight. */
  readonly tags?: ReadonlyMap<string, string>;
}

/**
 * @param from the account that pulls
 */
export function ownerOf(image: Address, from: string, { repositories, registries }: Sight): Owner {
  const { account } = image;
  const ofRegistry = registries.filter((registry) => isSamePlace(registry, image))
    .map(({ policy }) => ({ policy, words: 'the policy of its registry' }));
  const repository = repositories.get(arnOf(image));
  // A cache without a prefix has a repository for every name, but each of them may be one that images are pushed to.
  const cache = cacheFor(image, registries);
  const mayBeCached = cache?.namespace === '';
  if (repository) {
    const isCached = cache && !mayBeCached ? 'yes' : 'no';
    const own = { policy: repository.policy, words: 'the policy of the repository' };
    return { ...saidBy([own, ...ofRegistry]), isInSight: 'itself', isCached, account, tags: repository.tags };
  }
  if (isOfAssets(image) && account === from) {
    const own = { policy: { statements: statementsOfAssets(image), isOpaque: false }, words: 'the policy of the repository' };
    return { ...saidBy([own, ...ofRegistry]), isInSight: 'itself', isCached: 'no', account };
  }
  const origins = originsOf(image, registries).filter(({ by }) => by === 'REPLICATION' || !mayBeCached);
  const template = origins.length > 0 ? templateFor(image, origins[0].by, registries) : undefined;
  return {
    ...saidBy([...(template ? [{ policy: template.policy, words: 'its creation template' }] : []), ...ofRegistry]),
    isInSight: template !== undefined || (cache && !mayBeCached) ? 'itsOrigin' : false,
    isCached: mayBeCached ? 'maybe' : cache ? 'yes' : 'no',
    account,
  };
}

interface PolicyInWords {
  readonly policy: Pick<Policy, 'statements' | 'isOpaque'>;
  readonly words: string;
}

function saidBy(policies: readonly PolicyInWords[]): Pick<Owner, 'statements' | 'opaquePolicies'> {
  return {
    statements: policies.flatMap(({ policy }) => policy.statements),
    opaquePolicies: policies.filter(({ policy }) => policy.isOpaque).map(({ words }) => words),
  };
}

/** Whether the CDK's bootstrap makes a repository, for the images that apps build. */
function isOfAssets({ repository, account, region }: Address): boolean {
  return repository.startsWith('cdk-') && repository.endsWith(`-container-assets-${account}-${region}`);
}

/** Whom the bootstrap lets in: its own account's functions. */
function statementsOfAssets({ account, region }: Address): Statement[] {
  return statementsOf({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: LAMBDA_SERVICE },
      Action: LAMBDA_ACTIONS,
      Condition: { StringLike: { 'aws:SourceArn': `arn:*:lambda:${region}:${account}:function:*` } },
    },
  });
}
