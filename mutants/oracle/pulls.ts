import { Json } from './deploy';
import { Call, Caller, Context, contextOf, effectOfIdentity, effectOfResource, Organization } from './iam';
import { Problem } from './problem';
import { arnOf, Image, isBelow, registryAt, Role, Site, statementsOf, templateFor, World } from './world';

/** What AWS documents as needed for a pull; clients ask for more, and do without it. */
export const NEEDED = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = 'ecr:GetAuthorizationToken';
/** What a cache does upstream, and at home. */
const PULL_THROUGH = [...NEEDED, 'ecr:BatchImportUpstreamImage', 'ecr:GetImageCopyStatus'];
const FILL = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
/** The name of what somebody may pull through a cache that nobody in sight pulls through, as the library calls it. */
const ANYTHING = '<what is pulled>';
const CACHE = 'AWS::ECR::PullThroughCacheRule';

/** The pulls that will not work, by the half that fails, and those of which a half is not deployed by the app. */
export function pullProblems(world: World, organizations: readonly Organization[]): Problem[] {
  return [...world.sites, ...cacheSites(world)].flatMap((site) => (
    site.role === undefined ? lambdaProblems(site, world, organizations) : roleProblems(site, site.role, world, organizations)));
}

/** Where the images of a repository come from, and what lets in whoever pulls them. */
interface Owner {
  readonly statements: readonly Json[];
  readonly isInSight: boolean;
  readonly needed: readonly string[];
}

function ownerOf(image: Image, world: World): Owner {
  const registry = registryAt(world, image.account, image.region);
  const itself = world.repositories.get(arnOf(image));
  const isCached = registry?.caches.some(({ properties }) => isBelow(image.name, properties.EcrRepositoryPrefix)) ?? false;
  const template = itself ? undefined : templateFor(arnOf(image), world);
  const ofItself = itself?.statements ?? (template ? statementsOf(template.properties.RepositoryPolicy) : []);
  return {
    statements: [...ofItself, ...registry?.statements ?? []],
    isInSight: itself !== undefined || template !== undefined || isCached,
    needed: isCached ? [...NEEDED, 'ecr:BatchImportUpstreamImage', ...itself ? [] : ['ecr:CreateRepository']] : NEEDED,
  };
}

function roleProblems(site: Site, roleArn: string, world: World, organizations: readonly Organization[]): Problem[] {
  const { resource, image, assumedBy } = site;
  const caller: Caller = { type: 'role', name: roleArn, account: roleArn.split(':')[4] };
  const context = contextOf(caller, organizations);
  const role = world.roles.get(roleArn);
  const owner = ownerOf(image, world);
  const calls = (site.needed ?? neededBy(site, owner)).map((action): Call => ({ caller, action, resource: arnOf(image) }));
  const alone = [...site.besides ?? [], { action: LOGIN, resource: '*' }].map((call): Call => ({ caller, ...call }));
  const problem = (half: Problem['half'], rule: Problem['rule']): Problem => ({ rule, path: resource.path, repository: arnOf(image), half });
  const [ownerMissing, consumerMissing] = resource.type === CACHE ? ['cache-upstream-missing', 'cache-role-missing'] as const
    : ['owner-half-missing', 'consumer-half-missing'] as const;

  const isAtHome = caller.account === image.account;
  const ofOwner = calls.map((call) => effectOfResource(owner.statements, call, context));
  const ownerProblems = ofOwner.includes('denies') ? [problem('owner', 'owner-half-denied')]
    : !isAtHome && ofOwner.includes('nothing') && (owner.isInSight || image.name !== ANYTHING)
      ? [problem('owner', owner.isInSight ? ownerMissing : 'owner-not-in-sight')] : [];
  if (!role) {
    return [...ownerProblems, problem('consumer', 'consumer-not-in-sight')];
  }
  const ofRole = calls.filter((_, index) => !(isAtHome && ofOwner[index] === 'denies')).map((call) => {
    const effect = identityEffect(role, call, context);
    return isAtHome && effect === 'nothing' ? effectAtHome(owner.statements, call, context, role) : effect;
  });
  const ofRoleAlone = alone.map((call) => identityEffect(role, call, context));
  return [
    ...ownerProblems,
    ...[...ofRole, ...ofRoleAlone].includes('denies') ? [problem('consumer', 'consumer-half-denied')]
      : ofRoleAlone.includes('nothing') || (ofRole.includes('nothing') && (!isAtHome || owner.isInSight)) ? [problem('consumer', consumerMissing)]
        : ofRole.includes('nothing') ? [problem('consumer', 'consumer-not-in-sight')] : [],
    ...assumedBy !== undefined && !canAssume(role, assumedBy, resource.account, resource.region) ? [problem('consumer', 'role-not-assumable')] : [],
  ];
}

function neededBy({ resource }: Site, { needed }: Owner): readonly string[] {
  return resource.type === 'AWS::AppRunner::Service' ? [...needed, 'ecr:DescribeImages'] : needed;
}

function identityEffect({ statements, boundary }: Role, call: Call, context: Context) {
  const effects = [statements, ...boundary ? [boundary] : []].map((some) => effectOfIdentity(some, call, context));
  return effects.includes('denies') ? 'denies' : effects.includes('nothing') ? 'nothing' : 'allows';
}

/** In its own account a repository's policy may let a role in alone: by `*`, or within its boundary by the role's ARN. */
function effectAtHome(statements: readonly Json[], call: Call, context: Context, { boundary }: Role) {
  const byItself = effectOfResource(statements, call, context, 'itself');
  const isWithin = boundary === undefined || effectOfIdentity(boundary, call, context) === 'allows';
  return effectOfResource(statements, call, context, 'anybody') === 'allows' || (byItself === 'allows' && isWithin) ? 'allows' : 'nothing';
}

/** Whether a service may assume a role for something in that place. */
function canAssume({ trust }: Role, service: string, account: string, region: string): boolean {
  const effects = trust.filter(({ Principal: principal, Action: action, Condition: conditions }) => {
    const named = principal === '*' || [principal?.Service ?? [], principal?.AWS ?? []].flat().some((one: string) => one === service || one === '*');
    const does = [action].flat().some((one: string) => ['sts:AssumeRole', 'sts:*', '*'].includes(one));
    return named && does && sourceHolds(conditions, account, region);
  }).map(({ Effect: effect }) => effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** Of what a service says of its source, the account is known, and in an ARN the Region: the rest may be anything. */
function sourceHolds(conditions: Json, account: string, region: string): boolean {
  return Object.entries<Json>(conditions ?? {}).every(([operator, keys]) => Object.entries<Json>(keys).every(([key, values]) => {
    const isOne = [values].flat().some((value: string) => {
      const [,,, ofRegion, ofAccount] = value.split(':');
      return key.toLowerCase() === 'aws:sourceaccount' ? value === account : ['*', region].includes(ofRegion) && ofAccount === account;
    });
    return isOne !== operator.includes('Not');
  }));
}

function lambdaProblems({ resource, image }: Site, world: World, organizations: readonly Organization[]): Problem[] {
  const { account, region, arn, path } = resource;
  const repository = arnOf(image);
  if (image.region !== region) {
    return [{ rule: 'lambda-other-region', path, repository }];
  }
  const owner = ownerOf(image, world);
  const service: Caller = { type: 'service', name: 'lambda.amazonaws.com', account, sourceArn: arn };
  const deployer: Caller = { type: 'role', name: `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-${region}`, account };
  const problemsFor = (caller: Caller, missing: Problem['rule'], unseen: readonly Problem['rule'][]): readonly Problem['rule'][] => {
    const context = contextOf(caller, organizations);
    const effects = NEEDED.map((action) => effectOfResource(owner.statements, { caller, action, resource: repository }, context));
    // At home AWS Lambda may let itself in, and an account needs no leave.
    const isLacking = effects.includes('nothing') && account !== image.account;
    return effects.includes('denies') ? ['owner-half-denied'] : !isLacking ? [] : owner.isInSight ? [missing] : unseen;
  };
  return [...problemsFor(service, 'lambda-service-missing', ['owner-not-in-sight']), ...problemsFor(deployer, 'lambda-deployer-missing', [])]
    .map((rule) => ({ rule, path, repository, half: 'owner' }));
}

/** What caches pull: whatever is pulled through them, from upstream. */
function cacheSites(world: World): Site[] {
  return world.registries.flatMap(({ caches }) => caches).flatMap((cache) => {
    const { EcrRepositoryPrefix: prefix, UpstreamRegistryUrl: url, UpstreamRepositoryPrefix: upstream = 'ROOT', CustomRoleArn: role } = cache.properties;
    const [, host, account, region] = /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\..*)$/.exec(url) ?? [];
    const here = { host: '', account: cache.account, region: cache.region };
    const used = world.sites.map(({ image }) => image)
      .filter((image) => image.account === cache.account && image.region === cache.region && isBelow(image.name, prefix));
    return (used.length > 0 ? used : [{ ...here, name: `${prefix}/${ANYTHING}` }])
      .map((image): Site => {
        const rest = image.name.slice(prefix.length + 1);
        return {
          resource: cache,
          image: { host, account, region, name: upstream === 'ROOT' ? rest : `${upstream}/${rest}` },
          role,
          assumedBy: 'pullthroughcache.ecr.amazonaws.com',
          needed: PULL_THROUGH,
          besides: FILL.map((action) => ({ action, resource: arnOf(image) })),
        };
      });
  });
}
