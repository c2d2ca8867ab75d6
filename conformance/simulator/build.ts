import { App, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { DeclaredApp, DeclaredRepository, nameOf, Runtime, Who } from './declarations';
import { Registry } from './world';
import {
  CrossAccountPullRole, EcrGrantee, PullRuntime, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant,
  ReplicationDestination, SharedEcrRepository,
} from '../../src';

/** The app of a declaration, as a user of the library writes it. */
export function build(app: App, declared: DeclaredApp): void {
  const stackOf = ({ account, region }: Registry): Stack => {
    const id = `Stack-${account}-${region}`;
    return app.node.tryFindChild(id) as Stack | undefined ?? new Stack(app, id, { env: { account, region } });
  };
  const grantees = (registry: Registry, whos: readonly Who[] = []) => whos.map((who) => granteeOf(who, stackOf(registry)));
  const repositories = new Map<DeclaredRepository, SharedEcrRepository>();

  for (const repository of declared.repositories) {
    const { registry, name, replica } = repository;
    const made = new SharedEcrRepository(stackOf(registry), `Repository-${name.replace(/\//g, ':')}`, {
      repositoryName: name,
      pullers: grantees(registry, repository.pullers),
      pushers: grantees(registry, repository.pushers),
    });
    made.allowReadFrom(...grantees(registry, repository.readers));
    made.allowPullThroughFrom(...grantees(registry, repository.pullThrough));
    if (replica) {
      const destination = replica.account === registry.account
        ? ReplicationDestination.region(replica.region) : ReplicationDestination.account(replica.account, replica.region);
      made.replicateTo(destination, { scope: stackOf(replica) });
    }
    repositories.set(repository, made);
  }
  for (const [index, { registry, prefixes, pullers, pullThrough }] of declared.registryGrants.entries()) {
    const grant = new RegistryPullGrant(stackOf(registry), `PullGrant${index}`, { ...withPrefixes(prefixes), pullers: grantees(registry, pullers) });
    grant.allowPullThroughFrom(...grantees(registry, pullThrough));
  }
  for (const [index, { registry, sources, prefixes, creates, pullers, readers }] of declared.replicationGrants.entries()) {
    new RegistryReplicationGrant(stackOf(registry), `ReplicationGrant${index}`, {
      sourceAccounts: [...sources],
      ...withPrefixes(prefixes),
      createRepositories: creates,
      ...creates && { replicas: { pullers: grantees(registry, pullers), readers: grantees(registry, readers) } },
    });
    // Without the other end in sight the library does not take for granted that the template makes any repository.
    for (const account of sources) {
      new RegistryReplication(stackOf({ ...registry, account }), `Replication${index}`, {
        destinations: [ReplicationDestination.account(registry.account, registry.region)],
        ...withPrefixes(prefixes),
      });
    }
  }
  for (const { registry, upstream, prefix, upstreamPrefix, pullers } of declared.caches) {
    new PullThroughCache(stackOf(registry), `Cache-${prefix}`, {
      upstreamAccount: upstream.account,
      upstreamRegion: upstream.region,
      repositoryPrefix: prefix,
      upstreamRepositoryPrefix: upstreamPrefix,
      pullers: grantees(registry, pullers),
    });
  }
  for (const role of declared.roles) {
    const [, path, name] = /^(.*\/)?([^/]*)$/.exec(role.name)!;
    new CrossAccountPullRole(stackOf(role), `Role-${role.name.replace(/\//g, ':')}`, {
      runtime: runtimeOf(role.runtime),
      repositories: role.repositories.map((repository) => repositories.get(repository)!),
      roleName: name,
      path: path === undefined ? undefined : `/${path}`,
    });
  }
}

function withPrefixes(prefixes: readonly string[]) {
  return prefixes.length === 0 ? {} : { repositoryPrefixes: [...prefixes] };
}

/** The account that assumes a role for which no service does. */
export const ASSUMING = '200000000003';

function runtimeOf(runtime: Runtime): PullRuntime {
  return runtime === 'ASSUMED_BY_ACCOUNT' ? PullRuntime.assumedBy(new iam.AccountPrincipal(ASSUMING)) : PullRuntime[runtime];
}

function granteeOf(who: Who, stack: Stack): EcrGrantee {
  switch (who.kind) {
    case 'account': return EcrGrantee.account(who.account);
    case 'role': return EcrGrantee.role(who.account, who.name);
    case 'organization': return EcrGrantee.organization(who.organization);
    case 'unit': return EcrGrantee.organizationalUnit(who.path);
    case 'functions': return EcrGrantee.lambdaFunctions(who.account, {
      functionNamePattern: who.pattern, deployerRoleNames: who.deployers && [...who.deployers],
    });
    case 'functionsOfOrganization': return EcrGrantee.lambdaFunctionsInOrganization(who.organization);
    case 'functionsOfUnit': return EcrGrantee.lambdaFunctionsInOrganizationalUnit(who.path);
    case 'principalArn': return EcrGrantee.principal(new iam.ArnPrincipal(nameOf({ ...who, type: 'role' })));
    case 'principalAccount': return EcrGrantee.principal(new iam.AccountPrincipal(who.account));
    case 'principalRole': return EcrGrantee.principal(importedRole(stack, nameOf({ ...who, type: 'role' })));
    case 'anybodyLike': return EcrGrantee.principal(new iam.StarPrincipal()
      .withConditions({ ArnLike: { 'aws:PrincipalArn': nameOf({ ...who, type: 'role' }) } }));
    case 'service': return EcrGrantee.principal(new iam.ServicePrincipal(who.service, { conditions: { StringEquals: { 'aws:SourceAccount': who.account } } }));
  }
}

function importedRole(stack: Stack, arn: string): iam.IRole {
  const id = `Imported-${arn.replace(/[/]/g, ':')}`;
  return stack.node.tryFindChild(id) as iam.IRole | undefined ?? iam.Role.fromRoleArn(stack, id, arn);
}
