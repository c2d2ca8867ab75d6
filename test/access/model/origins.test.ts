import { cacheFor, originsOf, templateFor } from '../../../src/access/model/origins';
import { Registry } from '../../../src/access/model/registries';

const US = { account: '111111111111', region: 'us-east-1' };
const EU = { account: '111111111111', region: 'eu-central-1' };
const OTHER = { account: '222222222222', region: 'eu-central-1' };

function registry(place: typeof US, more: Partial<Record<keyof Registry, unknown>>): Registry {
  return { ...place, stacks: [], policy: { statements: [], size: 0 }, rules: [], templates: [], caches: [], ...more } as Registry;
}

function words(repository: string, place: typeof US, ...registries: Registry[]): string[] {
  return originsOf({ repository, ...place }, registries).map((origin) => origin.words);
}

describe('replicas', () => {
  const source = registry(US, {
    rules: [{ destinations: [EU, OTHER], prefixes: ['web-app', 'team-a/'] }, { destinations: [EU], prefixes: ['tools'] }],
  });

  test('are at a destination of a rule that copies their name', () => {
    expect(originsOf({ repository: 'web-app', ...EU }, [source])).toEqual([{ by: 'REPLICATION', words: 'a replica of that in us-east-1' }]);
  });

  test('may be in another account', () => {
    expect(words('team-a/web-app', OTHER, source)).toEqual(['a replica of that in account 111111111111, us-east-1']);
  });

  test.each<[string, string, typeof US, boolean]>([
    ['a name that begins like another is copied, too', 'web-app-internal', EU, true],
    ['another name is not', 'web', EU, false],
    ['nor is a name to where another rule copies', 'tools', OTHER, false],
    ['nor to another Region', 'web-app', { ...EU, region: 'eu-west-1' }, false],
    ['the source is no replica', 'web-app', US, false],
  ])('%s', (_, name, place, expected) => {
    expect(words(name, place, source).length).toBe(expected ? 1 : 0);
  });

  test('all of a namespace are, if all of it is copied', () => {
    expect(words('team-a/*', EU, source)).toEqual(['replicas of those in us-east-1']);
    expect(words('team-a/part/*', EU, source)).toEqual(['replicas of those in us-east-1']);
    expect(words('team*', EU, source)).toEqual([]);
    expect(words('*', EU, source)).toEqual([]);
    expect(words('*', EU, registry(US, { rules: [{ destinations: [EU], prefixes: [''] }] }))).toEqual(['replicas of those in us-east-1']);
  });

  test('may have two sources', () => {
    const second = registry({ ...US, region: 'us-west-2' }, { rules: [{ destinations: [EU], prefixes: [''] }] });
    expect(words('web-app', EU, source, second)).toEqual(['a replica of that in us-east-1', 'a replica of that in us-west-2']);
  });
});

describe('caches', () => {
  const cache = (namespace: string, upstream: string) => registry(EU, { caches: [{ namespace, upstream }] });
  const ECR = '222222222222.dkr.ecr.us-west-2.amazonaws.com';

  test('are for names below their prefix', () => {
    expect(originsOf({ repository: 'shared/web-app', ...EU }, [cache('shared/', ECR)])).toEqual([{ by: 'PULL_THROUGH_CACHE', words: 'a cache of account 222222222222, us-west-2' }]);
    expect(words('shared/*', EU, cache('shared/', ECR))).toEqual(['a cache of account 222222222222, us-west-2']);
    expect(words('shared', EU, cache('shared/', ECR))).toEqual([]);
    expect(words('shared/web-app', US, cache('shared/', ECR))).toEqual([]);
  });

  test('without a prefix are for all names', () => {
    expect(words('web-app', EU, cache('', ECR))).toEqual(['a cache of account 222222222222, us-west-2']);
  });

  test('with a longer prefix come before others', () => {
    const caches = [{ namespace: '', upstream: 'registry-1.docker.io' }, { namespace: 'shared/', upstream: ECR }, { namespace: 'a/', upstream: 'quay.io' }];
    const here = registry(EU, { caches });
    expect(words('shared/web-app', EU, here)).toEqual(['a cache of account 222222222222, us-west-2']);
    expect(words('web-app', EU, here)).toEqual(['a cache of registry-1.docker.io']);
  });

  test('may be of another Region of the account, or of a registry that is not Amazon ECR\'s', () => {
    expect(words('a/b', EU, cache('', '111111111111.dkr.ecr.us-east-1.amazonaws.com'))).toEqual(['a cache of us-east-1']);
    expect(words('a/b', EU, cache('', 'registry-1.docker.io'))).toEqual(['a cache of registry-1.docker.io']);
  });
});

test('the cache of a repository is that with the longest prefix', () => {
  const registries = [registry(EU, { caches: [{ namespace: '' }, { namespace: 'a/' }] })];
  expect([cacheFor({ repository: 'a/b', ...EU }, registries), cacheFor({ repository: 'ab', ...EU }, registries), cacheFor({ repository: 'a/b', ...US }, registries)])
    .toEqual([{ namespace: 'a/' }, { namespace: '' }, undefined]);
});

test('the template of a repository is that with the longest prefix, for the reason for which it is made', () => {
  const template = (namespace: string, ...appliedFor: string[]) => ({ namespace, appliedFor });
  const registries = [registry(EU, {
    templates: [template('', 'REPLICATION', 'PULL_THROUGH_CACHE'), template('team-a/', 'REPLICATION'), template('team-a/part/', 'CREATE_ON_PUSH')],
  })];
  const namespaceFor = (repository: string, place: typeof US, reason: 'REPLICATION' | 'PULL_THROUGH_CACHE') => templateFor({ repository, ...place }, reason, registries)?.namespace;
  expect(namespaceFor('team-a/part/web-app', EU, 'REPLICATION')).toBe('team-a/');
  expect(namespaceFor('team-a/part/web-app', EU, 'PULL_THROUGH_CACHE')).toBe('');
  expect(namespaceFor('team-ab', EU, 'REPLICATION')).toBe('');
  expect(namespaceFor('team-a/web-app', US, 'REPLICATION')).toBeUndefined();
});
