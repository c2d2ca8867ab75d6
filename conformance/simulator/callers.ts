import { Caller, DeclaredApp, functionArn, Who } from './declarations';
import {
  CONSUMERS, LONGER_ORGANIZATION, nextAccount, OTHER_ORGANIZATION, OTHER_REGION, placeOf, Registry,
} from './world';

/** Whom a grantee stands for, and those who are one step away from it. Who of them is let in is told elsewhere. */
export function around(who: Who, { account: owner, region }: Registry): Caller[] {
  switch (who.kind) {
    case 'account': case 'principalAccount':
      return [who.account, nextAccount(who.account), owner].map((account) => role(account, 'any'));
    case 'role': case 'principalArn': case 'principalRole': case 'anybodyLike':
      return [...aroundRole(who.account, who.name), role(owner, who.name.replace(/\*/g, 'x'))];
    case 'organization': case 'unit':
      return members(owner);
    case 'functions': {
      const name = (who.pattern ?? '*').replace(/\*/g, 'x');
      return [
        ...aroundFunction(who.account, name, region),
        ...(who.deployers ?? ['any']).flatMap((deployer) => aroundRole(who.account, deployer)),
      ];
    }
    case 'functionsOfOrganization': case 'functionsOfUnit':
      return [...members(owner), ...everyAccount(owner).flatMap((account) => [
        service('lambda.amazonaws.com', account, functionArn(account, region, 'orders')),
      ]), ...aroundFunction(CONSUMERS[0], 'orders', region).filter((caller) => caller.type === 'service' && caller.service !== 'lambda.amazonaws.com')];
    case 'service':
      return [
        service(who.service, who.account, `arn:aws:codebuild:${region}:${who.account}:project/build`),
        service(who.service, nextAccount(who.account), `arn:aws:codebuild:${region}:${nextAccount(who.account)}:project/build`),
        service('ecs-tasks.amazonaws.com', who.account, `arn:aws:codebuild:${region}:${who.account}:project/build`),
        role(who.account, 'any'),
      ];
  }
}

/** All whom an app names, those around them, and somebody whom nobody knows. Each stands there once. */
export function callersOf(app: DeclaredApp): Caller[] {
  const { repositories, roles, registryGrants, replicationGrants, caches } = app;
  const named = [
    ...repositories.flatMap(({ registry, pullers = [], pushers = [], readers = [], pullThrough = [], replica }) => (
      [registry, ...replica ? [replica] : []].flatMap((one) => (
        [...pullers, ...pushers, ...readers, ...pullThrough].flatMap((who) => around(who, one)))))),
    ...registryGrants.flatMap(({ registry, pullers, pullThrough = [] }) => [...pullers, ...pullThrough].flatMap((who) => around(who, registry))),
    ...replicationGrants.flatMap(({ registry, sources, pullers = [], readers = [] }) => [
      ...sources.flatMap((account) => around({ kind: 'account', account }, registry)), ...[...pullers, ...readers].flatMap((who) => around(who, registry)),
    ]),
    ...caches.flatMap(({ registry, pullers }) => pullers.flatMap((who) => around(who, registry))),
    ...roles.flatMap(({ account, name }) => aroundRole(account, name)),
    ...repositories.filter(({ replica }) => replica).map(({ registry }) => role(registry.account, 'replicator')),
    role('300000000001', 'stranger'),
  ];
  return [...new Map(named.map((caller) => [JSON.stringify(caller), caller])).values()];
}

function role(account: string, name: string): Caller {
  return { type: 'role', account, name };
}

function service(name: string, account: string, sourceArn: string): Caller {
  return { type: 'service', account, service: name, sourceArn };
}

/** The same name elsewhere, a longer and a shorter name, another path, another spelling. */
function aroundRole(account: string, pattern: string): Caller[] {
  const name = pattern.replace(/\*/g, 'x');
  const [, path = '', last] = /^(.*\/)?([^/]*)$/.exec(name)!;
  const nested = pattern.includes('*') ? [pattern.replace('*', 'deep/er')] : [];
  return [
    ...[name, `${name}x`, `x${name}`, name.slice(0, -1), `other/${name}`, `${path}below/${last}`, last, name.toUpperCase(), ...nested]
      .map((one) => role(account, one)),
    role(nextAccount(account), name),
  ];
}

function aroundFunction(account: string, name: string, region: string): Caller[] {
  const elsewhere = region === OTHER_REGION ? 'us-east-1' : OTHER_REGION;
  const arn = functionArn(account, region, name);
  return [
    service('lambda.amazonaws.com', account, arn),
    ...[`${name}x`, `x${name}`, name.slice(0, -1) || 'y'].map((other) => service('lambda.amazonaws.com', account, functionArn(account, region, other))),
    service('lambda.amazonaws.com', account, functionArn(account, elsewhere, name)),
    service('lambda.amazonaws.com', nextAccount(account), functionArn(nextAccount(account), region, name)),
    service('ecs-tasks.amazonaws.com', account, arn),
    service('edgelambda.amazonaws.com', account, arn),
    service('lambda.amazonaws.com', account, arn.replace(':function:', ':event-source-mapping:')),
  ];
}

function everyAccount(owner: string): string[] {
  return [...CONSUMERS, owner];
}

/** One role of every account: below, at, above and beside the OU, of other organizations, of those whose ids begin alike, and of none. */
function members(owner: string): Caller[] {
  return everyAccount(owner).map((account) => role(account, 'any'));
}

/** That the accounts of the world are where the strangers need them. */
export function requireNeighbours(): void {
  const organizations = CONSUMERS.map((account) => placeOf(account)?.organization);
  for (const wanted of [LONGER_ORGANIZATION, OTHER_ORGANIZATION, undefined]) {
    if (!organizations.includes(wanted)) {
      throw new Error(`no account is in ${wanted ?? 'no organization'}`);
    }
  }
}
