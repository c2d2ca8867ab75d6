import { DeployedResource, Json } from './deploy';
import { Caller, Call, effectOfResource, isLike, listOf } from './iam';
import { Problem } from './problem';
import { Registry, registryAt, ReplicationRule, rulesOf, statementsOf, templateFor, World } from './world';

/** What is copied from one registry to another one. */
interface Copying {
  readonly configuration: DeployedResource;
  readonly source: Registry;
  readonly account: string;
  readonly region: string;
  readonly prefixes: readonly string[];
}

/** What is wrong with replication: the destination does not let it, or nobody may read what arrives. */
export function registryProblems(world: World): Problem[] {
  return world.registries.flatMap((source) => source.configurations.slice(0, 1).flatMap((configuration) => {
    const rules = rulesOf(configuration);
    const destinations = new Map(rules.flatMap((rule) => rule.destinations.map((one) => [`${one.account} ${one.region}`, one])));
    return [...destinations.values()].flatMap(({ account, region }) => {
      const isMeant = (rule: ReplicationRule) => rule.destinations.some((one) => one.account === account && one.region === region);
      const prefixes = rules.filter(isMeant).flatMap((rule) => rule.prefixes);
      const copying = { configuration, source, account, region, prefixes };
      return account === source.account ? unreadable(copying, world) : refused(copying, world);
    });
  }));
}

function refused({ configuration, source, account, region, prefixes }: Copying, world: World): Problem[] {
  const registry = registryAt(world, account, region);
  const problem = (rule: Problem['rule']) => [{ rule, path: configuration.path }];
  if (!registry || [registry.policies, registry.configurations, registry.templates, registry.caches].every(({ length }) => length === 0)) {
    return problem('replication-destination-not-in-sight');
  }
  const caller: Caller = { type: 'role', name: `arn:aws:iam::${source.account}:root`, account: source.account };
  const isAllowed = (action: string, name: string) => {
    const call: Call = { caller, action, resource: `arn:aws:ecr:${region}:${account}:repository/${name}` };
    const context = (key: string) => (key.toLowerCase() === 'aws:principalaccount' ? source.account : undefined);
    return effectOfResource(registry.statements, call, context) === 'allows';
  };
  const isThere = (name: string) => world.repositories.has(`arn:aws:ecr:${region}:${account}:repository/${name}`);
  const isMade = (name: string) => templateFor(`arn:aws:ecr:${region}:${account}:repository/${name}`, world) !== undefined;
  return prefixes.some((prefix) => {
    const names = originals(source, [prefix], world).map(({ name }) => name);
    return (names.length > 0 ? names : [`${prefix}whatever`]).some((name) => !isAllowed('ecr:ReplicateImage', name)
      || (!isThere(name) && (names.length > 0 || isMade(name)) && !isAllowed('ecr:CreateRepository', name)));
  }) ? problem('replication-not-allowed') : [];
}

/** The repositories in sight that are copied. */
function originals({ account, region }: Registry, prefixes: readonly string[], { resources }: World): DeployedResource[] {
  return resources.filter((one) => one.type === 'AWS::ECR::Repository' && one.account === account && one.region === region
    && prefixes.some((prefix) => one.name.startsWith(prefix)));
}

function unreadable({ configuration, source, account, region, prefixes }: Copying, world: World): Problem[] {
  const lost = originals(source, prefixes, world)
    .filter(({ arn, properties }) => statementsOf(properties.RepositoryPolicyText).some((statement) => letsIn(statement, arn, account, true)))
    .map(({ name }) => ({ name, arn: `arn:aws:ecr:${region}:${account}:repository/${name}` }))
    .filter(({ arn, name }) => {
      const itself = world.repositories.get(arn)?.statements ?? statementsOf(templateFor(arn, world)?.properties.RepositoryPolicy);
      const isPulled = world.sites.some(({ image }) => image.account === account && image.region === region && image.name === name);
      const all = [...itself, ...registryAt(world, account, region)?.statements ?? []];
      return !isPulled && !all.some((statement) => letsIn(statement, arn, account, false));
    });
  const made = lost.filter(({ arn }) => !world.repositories.has(arn));
  return [
    ...lost.filter((one) => !made.includes(one)).map(({ arn }) => ({ path: world.repositories.get(arn)!.resource.path, repository: arn })),
    ...made.length === 0 ? [] : [{ path: configuration.path, ...made.length === 1 && { repository: made[0].arn } }],
  ].map((where) => ({ rule: 'replica-unreadable', ...where }));
}

/** Whether a statement lets somebody of another account pull. */
function letsIn({ Effect: effect, Principal: principal, Action: actions, NotAction: not, Resource: resource, Condition: conditions }: Json,
  arn: string, owner: string, forCertain: boolean): boolean {
  const isAbout = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'].every((action) => (
    not === undefined ? listOf(actions).some((one) => isLike(one, action)) : !listOf(not).some((one) => isLike(one, action))));
  if (effect !== 'Allow' || !isAbout || (resource !== undefined && !listOf(resource).some((pattern) => isLike(pattern, arn)))) {
    return false;
  }
  const isService = principal?.Service !== undefined;
  const named = Object.entries<Json>(conditions ?? {})
    .filter(([operator]) => !operator.includes('Not'))
    .flatMap(([, keys]) => Object.entries<Json>(keys))
    .filter(([key]) => (isService ? /^aws:source(arn|account)$/i : /^aws:principal(arn|account)$/i).test(key))
    .flatMap(([, values]) => listOf(values).map((value) => value.split(':')[4] ?? value));
  const accounts = principal === '*' || isService || listOf(principal?.AWS).includes('*')
    ? named.length > 0 ? named : isService && forCertain ? [] : ['*']
    : listOf(principal?.AWS).map((value) => value.split(':')[4] ?? value).filter((one) => named.length === 0 || named.includes(one));
  return accounts.some((account) => account !== owner);
}
