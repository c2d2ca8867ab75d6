import { Fn, Stack, Stage } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';
import {
  EcrGrantee, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant, ReplicationDestination, SharedEcrRepository,
  SharedEcrRepositoryProps,
} from '../../src';
import { caughtBesides } from '../../src/registry/replication-checks';
import { AGNOSTIC, newApp, newStack, noticesIn, OWNER, resourcesOf, templateOf } from '../support';

const IRELAND = ReplicationDestination.region('eu-west-1');
const PARTNER_ENV = { account: '444455556666', region: 'eu-central-1' };
const PARTNER = ReplicationDestination.account(PARTNER_ENV.account, PARTNER_ENV.region);

const repository = (scope: Construct, repositoryName: string, props: Partial<SharedEcrRepositoryProps> = {}) =>
  new SharedEcrRepository(scope, repositoryName, { repositoryName, ...props });

/** A replication of a registry, from the stack with that id. */
function replication(scope: Construct, destinations: ReplicationDestination[], ...prefixes: string[]): RegistryReplication {
  return new RegistryReplication(scope, `Replication${scope.node.children.length}`, { destinations, repositoryPrefixes: prefixes.length > 0 ? prefixes : undefined });
}

/** The warnings of that kind, as path and text. */
function warningsIn(stack: Stack, kind: string): Array<[string, string]> {
  templateOf(stack);
  return noticesIn(stack.node.root).filter(({ level, text }) => level === 'warning' && text.endsWith(` [ack: cdk-shared-ecr:${kind}]`))
    .map(({ path, text }) => [path, text.replace(/ \[ack: .*$/, '')]);
}

describe('the name of a repository, as a prefix, begins the names of others', () => {
  const caught = (others: string, destination = 'account 999999999999, Region eu-west-1') =>
    `the replication of "web-app" to ${destination}, copies the images of ${others} too, where the destination lets them in: Amazon ECR knows only prefixes; `
    + 'rename one of the repositories if they must not be copied, or acknowledge this';
  const INTERNAL = caught('"web-app-internal" (\'Owner/web-app-internal\')');

  /** The warnings where `web-app` is replicated, and whatever is declared besides. */
  function warningsWith(declare: (stack: Stack) => void, destination = IRELAND): Array<[string, string]> {
    const stack = newStack(newApp(), 'Owner', OWNER);
    repository(stack, 'web-app').replicateTo(destination);
    declare(stack);
    return warningsIn(stack, 'prefixCatchesMore');
  }

  test.each<[string, string, (stack: Stack) => void]>([
    ['one of this library', INTERNAL, (stack) => repository(stack, 'web-app-internal')],
    ['one of CDK', INTERNAL, (stack) => new ecr.Repository(stack, 'web-app-internal', { repositoryName: 'web-app-internal' })],
    ['one of CloudFormation', caught('"web-app-internal" (\'Owner/Plain\')'), (stack) => new ecr.CfnRepository(stack, 'Plain', { repositoryName: 'web-app-internal' })],
    ['one in another stack', caught('"web-app2" (\'Other/web-app2\')'), (stack) => repository(newStack(stack.node.root as Construct, 'Other', OWNER), 'web-app2')],
    ['one in another Stage', caught('"web-app2" (\'Later/Other/web-app2\')'), (stack) => repository(newStack(new Stage(stack.node.root as Construct, 'Later'), 'Other', OWNER), 'web-app2')],
    ['several', caught('"web-app2" (\'Owner/web-app2\'), "web-app3" (\'Owner/web-app3\')'), (stack) => ['web-app2', 'web-app3'].forEach((name) => repository(stack, name))],
    ['one that is replicated elsewhere', INTERNAL, (stack) => repository(stack, 'web-app-internal').replicateTo(PARTNER)],
    ['one that is caught by another name too', INTERNAL, (stack) => {
      repository(stack, 'web-app-internal');
      repository(stack, 'web').replicateTo(PARTNER);
    }],
  ])('%s', (_, text, declare) => {
    expect(warningsWith(declare)).toContainEqual(['Owner/web-app', text]);
  });

  test.each<[string, (stack: Stack) => void]>([
    ['no other', () => {}],
    ['names that begin otherwise', (stack) => ['web', 'web-ap', 'my-web-app'].forEach((name) => repository(stack, name))],
    ['another Region', (stack) => repository(newStack(stack.node.root as Construct, 'Other', { ...OWNER, region: 'eu-west-1' }), 'web-app-internal')],
    ['another account', (stack) => repository(newStack(stack.node.root as Construct, 'Other', PARTNER_ENV), 'web-app-internal')],
    ['a name that only the deployment knows', (stack) => new ecr.Repository(stack, 'web-app-internal')],
    ['one below it', (stack) => repository(stack, 'web-app/x')],
    ['one that is replicated to there itself', (stack) => repository(stack, 'web-app-internal').replicateTo(IRELAND)],
    ['one that is replicated to there with its namespace', (stack) => {
      repository(stack, 'web-app/internal');
      replication(stack, [IRELAND], 'web-app/');
    }],
    ['all repositories are replicated to there', (stack) => {
      repository(stack, 'web-app-internal');
      replication(stack, [IRELAND]);
    }],
  ])('not: %s', (_, declare) => {
    expect(warningsWith(declare)).toEqual([]);
  });

  test('is said of each destination', () => {
    expect(warningsWith((stack) => {
      (stack.node.findChild('web-app') as SharedEcrRepository).replicateTo(PARTNER);
      repository(stack, 'web-app-internal');
    })).toEqual([['Owner/web-app', INTERNAL], ['Owner/web-app', caught('"web-app-internal" (\'Owner/web-app-internal\')', 'account 444455556666, Region eu-central-1')]]);
  });

  test.each<[string, boolean]>([
    ['web-app', true], ['web-app/', false], ['web-app-', false], ['web', false], ['', false],
  ])('a replication by prefix says what it means, unless it is a name: %j: %s', (prefix, said) => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    ['web-app', 'web-app-internal', 'web-app/x'].forEach((name) => repository(stack, name));
    const { node: { path } } = replication(stack, [IRELAND], ...(prefix ? [prefix] : []));

    expect(warningsIn(stack, 'prefixCatchesMore'))
      .toEqual(said ? [[path, INTERNAL]] : []);
  });
});

describe('what a prefix catches, and none is meant for', () => {
  const known = (...names: string[]) => names.map((name) => ({ name, tags: 'MUTABLE', path: `Owner/${name}` }));

  test.each<[string, string, string[], string[], string]>([
    ['nothing', 'web', [], [], ''],
    ['what begins so, where there is a repository of the name', 'web', [], ['web', 'webs', 'my-web'], '"webs" (\'Owner/webs\')'],
    ['what begins so, where there are repositories below', 'web', [], ['web/a', 'webs'], '"webs" (\'Owner/webs\')'],
    ['not what begins so, where there are neither', 'web', [], ['webs', 'web-app'], ''],
    ['not what begins with a namespace', 'web/', [], ['web/', 'web/a', 'web/b'], ''],
    ['not what begins with a separator', 'web-', [], ['web-a', 'web-b'], ''],
    ['not what another prefix is meant for', 'web', ['webs'], ['web', 'webs', 'webs/a', 'webs2'], '"webs2" (\'Owner/webs2\')'],
    ['several', 'web', [], ['web', 'web2', 'web3'], '"web2" (\'Owner/web2\'), "web3" (\'Owner/web3\')'],
  ])('%s', (_, prefix, others, names, expected) => {
    expect(caughtBesides(prefix, [prefix, ...others], known(...names))).toBe(expected);
  });
});

describe('a chain: what arrived by replication is not replicated again', () => {
  const SECOND = { ...OWNER, region: 'eu-west-1' };
  const THIRD = ReplicationDestination.region('eu-north-1');
  const HOME = ReplicationDestination.region('us-east-1');
  const chain = (path: string, next: string, middle = 'account 999999999999, Region eu-west-1', last = 'account 999999999999, Region eu-north-1') =>
    `'${path}' replicates to ${middle}, from where '${next}' replicates to ${last}: Amazon ECR does not replicate again what arrived by replication, `
    + `so images pushed to account 999999999999, Region us-east-1, stop half way; add ${last}, to the destinations here`;

  /** The warnings where the first registry replicates some prefixes, and the second those to a third. */
  function warningsWith(first: string[], second: string[], more: (first: Stack, second: Stack) => void = () => {}): Array<[string, string]> {
    const app = newApp();
    const [one, two] = [newStack(app, 'One', OWNER), newStack(app, 'Two', SECOND)];
    replication(one, [IRELAND], ...first);
    replication(two, [THIRD], ...second);
    more(one, two);
    return warningsIn(one, 'replicationChain');
  }
  const WARNING: [string, string] = ['One/Replication0', chain('One/Replication0', 'Two/Replication0')];

  test.each<[string, string[], string[], boolean]>([
    ['all repositories', [], [], true],
    ['the same namespace', ['team-a/'], ['team-a/'], true],
    ['a narrower one', ['team-a/'], ['team-a/web/'], true],
    ['a wider one', ['team-a/'], [], true],
    ['other ones', ['team-a/'], ['team-b/', 'team-ab/'], false],
  ])('%s', (_, first, second, said) => {
    expect(warningsWith(first, second)).toEqual(said ? [WARNING] : []);
  });

  test.each<[string, string[], boolean]>([
    ['all repositories', [], false], ['this namespace', ['team-a/'], false], ['only some of it', ['team-a/web/'], true], ['others', ['team-b/'], true],
  ])('unless the first reaches the last itself: %s', (_, prefixes, said) => {
    expect(warningsWith(['team-a/'], [], (one) => { replication(one, [THIRD], ...prefixes); })).toEqual(said ? [WARNING] : []);
  });

  test('also if it does so where both meet only', () => {
    expect(warningsWith([], ['team-a/'], (one) => { replication(one, [THIRD], 'team-a/'); })).toEqual([]);
  });

  test('not for replication both ways', () => {
    const app = newApp();
    const [one, two] = [newStack(app, 'One', OWNER), newStack(app, 'Two', SECOND)];
    replication(one, [IRELAND]);
    replication(two, [HOME]);

    expect(warningsIn(one, 'replicationChain')).toEqual([]);
  });

  test('in a ring, of each', () => {
    const app = newApp();
    const stacks = [OWNER, SECOND, { ...OWNER, region: 'eu-north-1' }].map((env, index) => newStack(app, `Stack${index}`, env));
    stacks.forEach((stack, index) => replication(stack, [[IRELAND, THIRD, HOME][index]]));

    expect(warningsIn(stacks[0], 'replicationChain').map(([path]) => path)).toEqual(['Stack0/Replication0', 'Stack1/Replication0', 'Stack2/Replication0']);
  });

  test('across accounts, and from one repository', () => {
    const app = newApp();
    const [one, two] = [newStack(app, 'One', OWNER), newStack(app, 'Two', PARTNER_ENV)];
    repository(one, 'web-app').replicateTo(PARTNER);
    replication(two, [ReplicationDestination.region('eu-north-1')], 'web-');

    expect(warningsIn(one, 'replicationChain')).toEqual([
      ['One/web-app', chain('One/web-app', 'Two/Replication0', 'account 444455556666, Region eu-central-1', 'account 444455556666, Region eu-north-1')],
    ]);
  });

  test('whichever stack of the destination declares it', () => {
    expect(warningsWith([], ['team-b/'], (_, second) => {
      new RegistryPullGrant(newStack(second.node.root as Construct, 'Beside', SECOND), 'Pull', { pullers: [EcrGrantee.account('111122223333')] });
    })).toHaveLength(1);
    const app = newApp();
    new RegistryPullGrant(newStack(app, 'Beside', SECOND), 'Pull', { pullers: [EcrGrantee.account('111122223333')] });
    const [one, two] = [newStack(app, 'One', OWNER), newStack(app, 'Two', SECOND)];
    replication(one, [IRELAND]);
    replication(two, [THIRD]);

    expect(warningsIn(one, 'replicationChain')).toEqual([WARNING]);
  });
});

describe('tags that move at the source, and cannot at the destination', () => {
  const { MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION, IMMUTABLE } = ecr.TagMutability;
  const ORDER = [MUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION, IMMUTABLE];
  const tagsOf = (imageTagMutability: ecr.TagMutability) => ({
    imageTagMutability,
    imageTagMutabilityExclusionFilters: /EXCLUSION/.test(imageTagMutability) ? [ecr.ImageTagMutabilityExclusionFilter.wildcard('v*')] : undefined,
  });
  const warning = (source: string, replica: string, path = 'Owner/team-a--web') => `tags of '${path}' are ${source}, and those of its replica in account 444455556666, Region eu-central-1, ${replica}: `
    + 'an image whose tag is taken there arrives without it, and whoever pulls the tag gets the old image; make the tags of both the same';

  /** The warnings where `team-a/web` is replicated, and whatever is declared at the destination. */
  function warningsWith(tags: ecr.TagMutability, declare: (destination: Stack) => void, ...prefixes: string[]): Array<[string, string]> {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    repository(owner, 'team-a/web', tagsOf(tags));
    replication(owner, [PARTNER], ...prefixes);
    declare(newStack(app, 'Destination', PARTNER_ENV));
    return warningsIn(owner, 'replicaTagsImmutable');
  }
  const template = (tags: ecr.TagMutability, prefix?: string) => (stack: Stack) => {
    new RegistryReplicationGrant(stack, `Grant${prefix}`, { sourceAccounts: ['999999999999'], repositoryPrefixes: prefix ? [prefix] : undefined, replicas: tagsOf(tags) });
  };

  test.each(ORDER.flatMap((source) => ORDER.map((replica): [string, string, boolean] => [source, replica, ORDER.indexOf(replica) > ORDER.indexOf(source)])))('%s to %s: %s', (source, replica, said) => {
    const texts = said ? [['Owner/Replication1', warning(source, replica)]] : [];

    expect(warningsWith(source as ecr.TagMutability, template(replica as ecr.TagMutability))).toEqual(texts);
    expect(warningsWith(source as ecr.TagMutability, (stack) => repository(stack, 'team-a/web', tagsOf(replica as ecr.TagMutability)))).toEqual(texts);
  });

  test.each<[string, Array<(stack: Stack) => void>, boolean]>([
    ['the template with the longest prefix', [template(IMMUTABLE), template(MUTABLE, 'team-a/')], false],
    ['the template with the longest prefix, the other way round', [template(MUTABLE), template(IMMUTABLE, 'team-a/')], true],
    ['not a template for others', [template(IMMUTABLE, 'team-b/')], false],
    ['not a template for a cache', [(stack) => new PullThroughCache(stack, 'Cache', { upstreamAccount: '111122223333', upstreamRegion: 'us-east-1', repositoryPrefix: 'ROOT', imageTagMutability: IMMUTABLE })], false],
    ['a repository that is there, not the template', [template(IMMUTABLE), (stack) => new ecr.Repository(stack, 'Web', { repositoryName: 'team-a/web' })], false],
    ['a repository of CloudFormation', [(stack) => new ecr.CfnRepository(stack, 'Web', { repositoryName: 'team-a/web', imageTagMutability: 'IMMUTABLE' })], true],
    ['not another repository', [(stack) => repository(stack, 'team-a/web2')], false],
    ['nothing that is known', [], false],
  ])('%s counts', (_, uses, said) => {
    expect(warningsWith(MUTABLE, (stack) => uses.forEach((use) => use(stack)))).toEqual(said ? [['Owner/Replication1', warning('MUTABLE', 'IMMUTABLE')]] : []);
  });

  test.each<[string, boolean]>([['team-a/', true], ['team-b/', false]])('only of repositories that are replicated: %s: %s', (prefix, said) => {
    expect(warningsWith(MUTABLE, template(IMMUTABLE), prefix)).toEqual(said ? [['Owner/Replication1', warning('MUTABLE', 'IMMUTABLE')]] : []);
  });

  test('what only the deployment knows is no warning: neither at the source nor at the destination', () => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    new ecr.CfnRepository(owner, 'Web', { repositoryName: 'team-a/web', imageTagMutability: Fn.importValue('Tags') });
    repository(owner, 'team-b/web', tagsOf(MUTABLE));
    replication(owner, [PARTNER]);
    const destination = newStack(app, 'Destination', PARTNER_ENV);
    template(IMMUTABLE, 'team-a/')(destination);
    new ecr.CfnRepository(destination, 'Web', { repositoryName: 'team-b/web', imageTagMutability: Fn.importValue('Tags') });

    expect(warningsIn(owner, 'replicaTagsImmutable')).toEqual([]);
  });

  test('at home a repository of CDK has mutable tags', () => {
    const app = newApp();
    const owner = newStack(app, 'Owner', OWNER);
    new ecr.Repository(owner, 'Web', { repositoryName: 'team-a/web' });
    replication(owner, [PARTNER]);
    template(IMMUTABLE)(newStack(app, 'Destination', PARTNER_ENV));

    expect(warningsIn(owner, 'replicaTagsImmutable')).toEqual([['Owner/Replication1', warning('MUTABLE', 'IMMUTABLE', 'Owner/Web')]]);
  });
});

test('environment-agnostic stacks are checked as far as they can be', () => {
  const stack = newStack(newApp(), 'Owner', AGNOSTIC);
  repository(stack, 'web-app').replicateTo(IRELAND);
  repository(stack, 'web-app-internal');

  expect(warningsIn(stack, 'prefixCatchesMore')).toEqual([['Owner/web-app', 'the replication of "web-app" to account agnostic, Region eu-west-1, copies the images of '
    + '"web-app-internal" (\'Owner/web-app-internal\') too, where the destination lets them in: Amazon ECR knows only prefixes; rename one of the repositories if they must not be copied, or acknowledge this']]);
  expect(resourcesOf(stack, 'AWS::ECR::ReplicationConfiguration')).toHaveLength(1);
});

test('environment-agnostic stacks of another Stage are elsewhere', () => {
  const app = newApp();
  const stacks = ['Dev', 'Prod'].map((id) => newStack(new Stage(app, id), 'Owner', { region: 'us-east-1' }));
  repository(stacks[0], 'web-app').replicateTo(IRELAND);
  repository(stacks[1], 'web-app-internal');

  expect(warningsIn(stacks[0], 'prefixCatchesMore')).toEqual([]);
});
