import { Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CreatedRepositoryProps } from './created-repository-props';
import { EcrGrantee } from './ecr-grantee';
import { requireText } from './halves/checks';
import {
  compare, describe, Environment, partitionNameOf, registryOf, Relation, requireKnown, requireSamePartition,
  requireUnwritten, sameEnvironment, urlSuffixOf,
} from './halves/environment';
import { sayGrantedElsewhere } from './halves/granted-elsewhere';
import { Grants } from './halves/granting-repository';
import { ImportedRepository } from './halves/imported-repository';
import { knownRepositories, whenKnown } from './halves/known-repositories';
import { note, NoticeId, statementsAsText, warn } from './halves/notices';
import { CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, LOGIN_ACTION, PULL_THROUGH_ACTIONS, TAG_ACTION } from './policy/actions';
import { registryHost, repositoryArn } from './policy/addresses';
import { ACCOUNT_ID, CACHE_PREFIX, REGION, REPOSITORY_NAME } from './policy/formats';
import { Grant } from './policy/grant';
import { statementsFor } from './policy/statements';
import { PullAccessValidator } from './pull-access-validator';
import { CreationTemplate, requireSettings } from './registry/creation-template';
import { allowGrantees, requireGrantable } from './registry/grantees';
import { HalfByTemplate, mayBeCovered } from './registry/made-by-ecr';
import { RegistryDeclarations } from './registry/registry-declarations';
import { makeServiceRole, ServiceRole } from './registry/service-role';

/** What the prefix of a rule is if there is none. */
const ROOT = 'ROOT';

/**
 * Properties of a `PullThroughCache`.
 *
 * To change what is marked so replaces the rule, and CloudFormation cannot replace it: it would make the new rule before it deletes the old one, and a
 * registry has one rule for a prefix. Take the cache out of the stack, deploy, and put it back; cached repositories stay.
 */
export interface PullThroughCacheProps extends CreatedRepositoryProps {
  /**
   * The account that owns the images: 12 digits. To change it replaces the rule.
   *
   * @default - the account of the stack, for a cache in another Region
   */
  readonly upstreamAccount?: string;

  /**
   * The Region of the images, for example `us-east-1`. To change it replaces the rule.
   */
  readonly upstreamRegion: string;

  /**
   * How the names of the cached repositories begin, without `/` at the end: 2 to 30 characters, written like the name of a repository, or `ROOT` for no
   * prefix. To change it replaces the rule.
   *
   * With `shared`, the image `web-app:v1` is pulled as `shared/web-app:v1`.
   */
  readonly repositoryPrefix: string;

  /**
   * How the names of the upstream repositories begin, without `/` at the end: 2 to 30 characters, or `ROOT` for all. Not with `repositoryPrefix: 'ROOT'`. To change it
   * replaces the rule.
   *
   * With `repositoryPrefix: 'shared'` and `upstreamRepositoryPrefix: 'team-a'`, the image `team-a/web-app:v1` is pulled as `shared/web-app:v1`.
   *
   * @default "ROOT"
   */
  readonly upstreamRepositoryPrefix?: string;

  /**
   * Who else may pull the cached repositories: other accounts, their roles, organizations, OUs. Roles of the cache's own account need only their identity policy, which
   * `repository(name).grantPull(role)` writes. Lambda functions are refused: AWS Lambda cannot pull through a cache.
   *
   * They get the pull in the policy that Amazon ECR gives to repositories which it makes, and in the registry policy what the first pull of a repository
   * takes. That the first pull may come from another account is not documented by AWS: to be safe, let the first pull come from the cache's own account.
   *
   * @default - nobody outside the cache's account
   */
  readonly pullers?: EcrGrantee[];

  /**
   * Whether upstream is known to let this account fetch images: then no note is given about it.
   *
   * @default false
   */
  readonly upstreamHasGranted?: boolean;
}

/**
 * Keeps copies of another private registry's images near those who run them: the downstream side of a pull-through cache from Amazon ECR to Amazon ECR.
 *
 * It makes the rule, the role that Amazon ECR assumes to fetch images (trusted: `pullthroughcache.ecr.amazonaws.com`; allowed: the nine actions that AWS lists, on
 * the upstream and the cached repositories only, but the login on `*`), and a creation template that says what cached repositories get.
 *
 * The upstream account must let this account in. Where its `SharedEcrRepository` is in the app, `repository(name)` does that; else a note
 * (`cdk-shared-ecr:ownerHalfNotInSight`) has the statement, which `allowPullThroughFrom` of `SharedEcrRepository` and of `RegistryPullGrant` emits.
 *
 * What Amazon ECR does: the first pull makes the repository and fetches the image; later ones are served from here. A tag is compared with upstream at most once in 24
 * hours, and the old image is served where upstream does not answer. The first pull may need a route to the internet. AWS Lambda cannot pull through a
 * cache. There are none in the Regions of China and of AWS GovCloud (US).
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-private.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-pullthroughcacherule.html
 */
export class PullThroughCache extends Construct {
  /**
   * The role that Amazon ECR assumes to fetch images.
   */
  public readonly role: iam.IRole;

  private readonly registry: RegistryDeclarations;
  private readonly template: CreationTemplate;
  private readonly upstream: Environment;
  private readonly prefix: string;
  private readonly upstreamPrefix: string;
  private readonly tagged: boolean;
  /** Upstream repositories that were asked for and are not in the app. */
  private readonly outOfSight = new Set<string>();

  /**
   * @throws if a property is not of its format; if upstream is the registry itself or in another partition; if the Region has no pull-through cache; if
   *   `upstreamRepositoryPrefix` is given with `repositoryPrefix: 'ROOT'`; if a puller is Lambda functions; if the settings of cached repositories contradict each
   *   other; or if the template of the stack was already written
   */
  constructor(scope: Construct, id: string, props: PullThroughCacheProps) {
    super(scope, id);
    PullAccessValidator._addTo(this);
    const { account } = Stack.of(this);
    this.upstream = { account: props.upstreamAccount ?? account, region: props.upstreamRegion };
    this.prefix = props.repositoryPrefix;
    this.upstreamPrefix = props.upstreamRepositoryPrefix ?? ROOT;
    this.tagged = Object.keys(props.tags ?? {}).length > 0;
    this.requireSound();

    this.registry = RegistryDeclarations.of(this);
    this.registry.policy.requireUnsealed(`the pull-through cache '${this.node.path}'`);
    // Whatever may throw comes before anything is in the template.
    requireSettings(this, props);
    requireGrantable(this.registry, 'pullFromCache', props.pullers ?? []);
    const { role, policy } = this.makeRole();
    this.role = role;
    this.template = new CreationTemplate(this, 'Template', { reason: 'PULL_THROUGH_CACHE', namespace: this.prefix === ROOT ? '' : this.prefix, settings: props });
    this.allowPullFrom(props.pullers ?? []);
    this.registry.addTemplate(this.template);
    const rule = new ecr.CfnPullThroughCacheRule(this, 'Rule', {
      ecrRepositoryPrefix: this.prefix,
      upstreamRegistry: 'ecr',
      upstreamRegistryUrl: registryHost(this.upstream, urlSuffixOf(this.upstream.region)),
      upstreamRepositoryPrefix: this.upstreamPrefix === ROOT ? undefined : this.upstreamPrefix,
      customRoleArn: this.role.roleArn,
    });
    rule.node.addDependency(policy, this.template);

    if (props.imageTagMutability === ecr.TagMutability.IMMUTABLE || props.imageTagMutability === ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION) {
      warn(this, NoticeId.CACHE_TAGS_IMMUTABLE, `tags of cached repositories are ${props.imageTagMutability}, so a tag that moves upstream keeps its old image here; `
        + 'leave imageTagMutability out, unless no tag ever moves upstream');
    }
    if (props.upstreamHasGranted) {
      sayGrantedElsewhere(this, repositoryArn({ ...this.upstream, repositoryName: below(this.upstreamPrefix, '*') }, partitionNameOf(this.upstream.region)));
    } else {
      this.node.addValidation({ validate: () => this.noteMissingUpstreamHalf() });
    }
  }

  /**
   * A cached repository, which may not be there yet: its first pull makes it.
   *
   * What pulls it should be deployed after the cache: `service.node.addDependency(cache)`, or `stack.addStackDependency(Stack.of(cache))` from another stack.
   *
   * Its `grantPull` adds what a first pull takes to the role's identity policy, `ecr:BatchImportUpstreamImage` and `ecr:CreateRepository`; that of a role in another
   * account must be covered by `pullers`. If the upstream repository is a `SharedEcrRepository` of this app, its policy lets this account in.
   *
   * @param name the name below `repositoryPrefix`: `web-app` for `shared/web-app`
   * @throws if it makes no name of a repository, if the Stage of the cache was already synthesized, or if the upstream repository is in this app and its template was already written, or cannot name this account
   */
  public repository(name: string): ecr.IRepository {
    const cachedName = below(this.prefix, name);
    const upstreamName = below(this.upstreamPrefix, name);
    requireText(REPOSITORY_NAME, 'the name of the cached repository', cachedName);
    requireText(REPOSITORY_NAME, 'the name of the upstream repository', upstreamName);
    // No name has a colon in it: with the slash, CDK would take "a/b" for "a--b".
    const id = `Repository-${name.replace(/\//g, ':')}`;
    const cached = this.node.tryFindChild(id) as ImportedRepository | undefined;
    if (!cached) {
      requireUnwritten(Stack.of(this));
    }
    return cached ?? this.importCached(id, cachedName, upstreamName);
  }

  private importCached(id: string, cachedName: string, upstreamName: string): ImportedRepository {
    const { account, region } = Stack.of(this);
    this.askUpstream(upstreamName);
    return new ImportedRepository(this, id, { account, region, repositoryName: cachedName }, {
      cached: { both: CACHE_PULL_ACTIONS, consumer: [...CACHE_CREATE_ACTIONS, ...(this.tagged ? [TAG_ACTION] : [])] },
      ownerHalf: (repository) => new HalfByTemplate(repository, {
        granted: () => ({ grants: this.template.policy.grants, isAll: true }),
        remedy: `add it to the pullers of '${this.node.path}'`,
        refusesLambda: 'is cached, and AWS Lambda cannot pull through a cache; replicate the repository to the Region of the function, for example with SharedEcrRepository.replicateTo',
      }),
    });
  }

  /** Lets this account in at the upstream repository, if that is in the app, whenever it comes. */
  private askUpstream(repositoryName: string): void {
    const own = Stack.of(this);
    if (compare(own.account, this.upstream.account) === Relation.SAME) {
      return;
    }
    const arn = repositoryArn({ ...this.upstream, repositoryName }, partitionNameOf(this.upstream.region));
    this.outOfSight.add(repositoryName);
    whenKnown(this, arn, (repository) => {
      requireKnown(this, own, repository);
      Grants.of(repository)!.granted.ownerHalf.add([this.upstreamGrant()], `the pull-through cache '${this.node.path}'`, true);
      this.outOfSight.delete(repositoryName);
    });
  }

  private upstreamGrant(repositories?: string): Grant {
    return { who: { kind: 'account', account: Stack.of(this).account }, actions: PULL_THROUGH_ACTIONS, ...(repositories !== undefined && { repositories }) };
  }

  private noteMissingUpstreamHalf(): string[] {
    const isUpstream = ({ env }: ecr.IRepository) => sameEnvironment(env, this.upstream);
    const letsIn = (repository: ecr.IRepository) => (
      mayBeCovered(this.upstreamGrant(), Grants.of(repository)!.granted.ownerHalf.grants, registryOf(this.upstream)));
    const isForeign = compare(Stack.of(this).account, this.upstream.account) !== Relation.SAME;
    // Nothing was asked for by name: Kubernetes, for one, names images where nobody sees it.
    const isLetIn = this.outOfSight.size === 0 && knownRepositories(this).filter(isUpstream).some(letsIn);
    const names = this.outOfSight.size > 0 ? [...this.outOfSight].sort() : [below(this.upstreamPrefix, '*')];
    const granted = RegistryDeclarations.find(this, this.upstream)?.policy.grants ?? [];
    const missing = names.map((name) => this.upstreamGrant(name)).filter((grant) => !mayBeCovered(grant, granted, registryOf(this.upstream)));
    if (isForeign && !isLetIn && missing.length > 0) {
      const resolved = Stack.of(this).resolve({ missing, registry: registryOf(this.upstream) });
      note(this, NoticeId.OWNER_HALF_NOT_IN_SIGHT, `the upstream registry, ${describe(this.upstream)}, must let this account fetch images, and that is not in sight; `
        + `it must have in its registry policy, or without "Resource" in the policies of the repositories:\n${statementsAsText(statementsFor(resolved.missing, resolved.registry))}`);
    }
    return [];
  }

  private allowPullFrom(pullers: EcrGrantee[]): void {
    const repositories = below(this.prefix, '*');
    allowGrantees(this.registry, 'pullFromCache', pullers, (grants, grantee) => this.template.allow(grants, grantee));
    allowGrantees(this.registry, 'createInCache', pullers, (grants, grantee) => this.registry.allow(grants.map((grant) => ({ ...grant, repositories })), grantee));
  }

  private makeRole(): ServiceRole {
    const { account, region } = Stack.of(this);
    return makeServiceRole(this, {
      assumedBy: new iam.ServicePrincipal('pullthroughcache.ecr.amazonaws.com'),
      description: `Lets Amazon ECR fetch images from another registry in ${this.upstream.region}`,
    }, [
      { sid: 'Login', actions: [LOGIN_ACTION], resources: ['*'] },
      {
        sid: 'FetchAndKeepImages',
        actions: [...CACHE_FILL_ACTIONS],
        resources: [
          repositoryArn({ ...this.upstream, repositoryName: below(this.upstreamPrefix, '*') }, partitionNameOf(this.upstream.region)),
          repositoryArn({ account, region, repositoryName: below(this.prefix, '*') }, partitionNameOf(region)),
        ],
      },
    ]);
  }

  private requireSound(): void {
    const { account, region } = Stack.of(this);
    requireText(ACCOUNT_ID, 'upstreamAccount', this.upstream.account);
    requireText(REGION, 'upstreamRegion', this.upstream.region);
    requireText(CACHE_PREFIX, 'repositoryPrefix', this.prefix);
    requireText(CACHE_PREFIX, 'upstreamRepositoryPrefix', this.upstreamPrefix);
    if (this.prefix === ROOT && this.upstreamPrefix !== ROOT) {
      throw new Error(`upstreamRepositoryPrefix is ${JSON.stringify(this.upstreamPrefix)}, but repositoryPrefix is "ROOT", with which cached repositories have the names that they have upstream; `
        + 'leave upstreamRepositoryPrefix out, or give repositoryPrefix a name');
    }
    if (sameEnvironment({ account, region }, this.upstream)) {
      throw new Error(`upstream is ${describe(this.upstream)}, which is the registry of the cache itself; give another Region or another account`);
    }
    const without = [region, this.upstream.region].find((one) => ['aws-cn', 'aws-us-gov'].includes(partitionNameOf(one)));
    if (without) {
      throw new Error(`the ${without === region ? 'stack' : 'upstream registry'} is in Region ${without}, where Amazon ECR has no pull-through cache; replicate the images with RegistryReplication`);
    }
    requireSamePartition(`'${this.node.path}'`, region, 'upstream', this.upstream.region, 'between which Amazon ECR fetches no images; push them to a repository in the other partition');
  }
}

function below(prefix: string, name: string): string {
  return prefix === ROOT ? name : `${prefix}/${name}`;
}
