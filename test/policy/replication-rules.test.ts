import * as fc from 'fast-check';
import { begins, Destination, isMeantFor, overlap, Replication, REPLICATION_LIMITS, ReplicationRule, rulesFor } from '../../src/policy/replication-rules';
import { Value } from '../../src/policy/value';

const A = '111122223333';
const B = '444455556666';

const IRELAND: Destination = { account: A, region: 'eu-west-1' };
const FRANKFURT: Destination = { account: A, region: 'eu-central-1' };
const OTHERS: Destination = { account: B, region: 'eu-central-1' };

const to = (destination: Destination, ...prefixes: Value[]): Replication[] => prefixes.map((prefix) => ({ destination, prefix }));
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `team-${String(from + index).padStart(3, '0')}/`);

test('the limits are those of Amazon ECR', () => {
  expect(REPLICATION_LIMITS).toEqual({ rules: 25, rulesInEveryRegion: 10, destinations: 25, prefixesOfARule: 100 });
});

test.each<[string, Replication[], ReplicationRule[]]>([
  ['nothing takes no rule', [], []],
  ['all repositories are a rule without prefixes', to(IRELAND, ''), [{ destinations: [IRELAND], prefixes: [] }]],
  ['one prefix', to(IRELAND, 'team-a/'), [{ destinations: [IRELAND], prefixes: ['team-a/'] }]],
  ['several prefixes are one rule, sorted', to(IRELAND, 'web/', 'data/', 'team-a/'),
    [{ destinations: [IRELAND], prefixes: ['data/', 'team-a/', 'web/'] }]],
  ['several destinations are one rule, by account and Region', [OTHERS, IRELAND, FRANKFURT].flatMap((destination) => to(destination, 'web/')),
    [{ destinations: [FRANKFURT, IRELAND, OTHERS], prefixes: ['web/'] }]],
  ['several prefixes and destinations are one rule', [...to(OTHERS, 'web/', 'data/'), ...to(IRELAND, 'data/', 'web/')],
    [{ destinations: [IRELAND, OTHERS], prefixes: ['data/', 'web/'] }]],
  ['destinations with other prefixes have rules of their own', [...to(IRELAND, 'web/', 'data/'), ...to(FRANKFURT, 'web/')], [
    { destinations: [IRELAND], prefixes: ['data/', 'web/'] },
    { destinations: [FRANKFURT], prefixes: ['web/'] },
  ]],
  ['rules go by prefixes where that takes fewer', [...to(IRELAND, 'web/'), ...to(FRANKFURT, 'data/'), ...to(OTHERS, 'web/', 'data/')], [
    { destinations: [FRANKFURT, OTHERS], prefixes: ['data/'] },
    { destinations: [IRELAND, OTHERS], prefixes: ['web/'] },
  ]],
  ['the same twice is said once', [...to(IRELAND, 'web/', 'web/'), ...to(IRELAND, 'web/')], [{ destinations: [IRELAND], prefixes: ['web/'] }]],
  ['a shorter prefix includes the longer', to(IRELAND, 'team-a/web/', 'team-a/', 'team-ab/'),
    [{ destinations: [IRELAND], prefixes: ['team-a/', 'team-ab/'] }]],
  ['a prefix without a slash includes what goes on otherwise', to(IRELAND, 'team-a', 'team-a/', 'team-ab/'),
    [{ destinations: [IRELAND], prefixes: ['team-a'] }]],
  ['all repositories include every prefix', to(IRELAND, 'web/', '', 'team-a/'), [{ destinations: [IRELAND], prefixes: [] }]],
  ['but not those of another destination', [...to(IRELAND, ''), ...to(FRANKFURT, 'team-a/web/'), ...to(OTHERS, 'team-a/')], [
    { destinations: [OTHERS], prefixes: ['team-a/'] },
    { destinations: [FRANKFURT], prefixes: ['team-a/web/'] },
    { destinations: [IRELAND], prefixes: [] },
  ]],
  ['destinations share a rule when only their widest prefixes are the same',
    [...to(IRELAND, 'web/', 'web/app'), ...to(FRANKFURT, 'web/api', 'web/')], [{ destinations: [FRANKFURT, IRELAND], prefixes: ['web/'] }]],
])('%s', (_, replications, rules) => {
  expect(rulesFor(replications)).toEqual(rules);
  expect(rulesFor([...replications].reverse())).toEqual(rules);
});

describe('a rule takes a hundred prefixes', () => {
  test('a hundred are one rule', () => {
    expect(rulesFor(to(IRELAND, ...numbered(100)))).toEqual([{ destinations: [IRELAND], prefixes: numbered(100) }]);
  });

  test('more of them are several rules for the same destinations', () => {
    const destinations = [IRELAND, OTHERS];
    expect(rulesFor(destinations.flatMap((destination) => to(destination, ...numbered(201).reverse())))).toEqual([
      { destinations, prefixes: numbered(100) },
      { destinations, prefixes: numbered(100, 100) },
      { destinations, prefixes: numbered(1, 200) },
    ]);
  });
});

describe('what only the deployment knows', () => {
  const home: Destination = { account: { Ref: 'AWS::AccountId' }, region: 'eu-west-1' };

  test('may be the account, the Region and the prefix', () => {
    const central: Destination = { account: A, region: { Ref: 'Region' } };
    expect(rulesFor([...to(home, { Ref: 'Prefix' }, 'web/'), ...to(central, 'web/', { Ref: 'Prefix' }, { Ref: 'Prefix' })])).toEqual([
      { destinations: [central, home], prefixes: ['web/', { Ref: 'Prefix' }] },
    ]);
  });

  test('is included by all repositories, and by no prefix', () => {
    expect(rulesFor(to(home, { Ref: 'Prefix' }, 'w', ''))).toEqual([{ destinations: [home], prefixes: [] }]);
    expect(rulesFor(to(home, { Ref: 'Prefix' }, { Ref: 'Other' }))).toEqual([
      { destinations: [home], prefixes: [{ Ref: 'Other' }, { Ref: 'Prefix' }] },
    ]);
  });
});

test('a destination is the same, however it is written', () => {
  const again: Destination = { region: IRELAND.region, account: IRELAND.account };
  expect(rulesFor([...to(IRELAND, 'web/'), ...to(again, 'data/')])).toEqual([{ destinations: [IRELAND], prefixes: ['data/', 'web/'] }]);
});

describe('one prefix begins another', () => {
  const REF = { Ref: 'Prefix' };

  test.each<[Value, Value, boolean, boolean]>([
    ['', '', true, true],
    ['', 'team-a/', true, false],
    ['', REF, true, false],
    ['team-a/', 'team-a/', true, true],
    ['team-a', 'team-a/', true, false],
    ['team-', 'team-a/web', true, false],
    ['team-a/', 'team-ab/', false, false],
    ['team-a/', REF, false, false],
    [REF, REF, true, true],
    [REF, { Ref: 'Other' }, false, false],
  ])('%j and %j: %s, the other way round %s', (one, other, forwards, backwards) => {
    expect([begins(one, other), begins(other, one)]).toEqual([forwards, backwards]);
    expect([overlap(one, other), overlap(other, one)]).toEqual([forwards || backwards, forwards || backwards]);
  });
});

describe('always', () => {
  const PREFIXES = ['', 'team-a/', 'team-a/web/', 'team-a', 'team-ab/', 'team-', 'web/', 'web/app', 'data/'];
  const NAMES = [
    'team-a/web/app', 'team-a/api', 'team-a', 'team-ab/api', 'team-b/api', 'web/app', 'web/application', 'web/x', 'data/set', 'webapp', 'tea',
    'team-000/app', 'team-150/app', 'team-299/app',
  ];
  const DESTINATIONS = [IRELAND, FRANKFURT, OTHERS, { account: B, region: 'us-east-1' }];
  const few = fc.array(fc.record({ destination: fc.constantFrom(...DESTINATIONS), prefix: fc.constantFrom(...PREFIXES.slice(1), ...PREFIXES) }),
    { maxLength: 12, size: 'max' });
  /** Enough for several rules: beside others, a run of prefixes none of which begins another. */
  const many = fc.tuple(few, fc.array(fc.record({
    destination: fc.constantFrom(...DESTINATIONS), count: fc.integer({ min: 90, max: 250 }), from: fc.integer({ min: 0, max: 300 }),
  }), { minLength: 1, maxLength: 3 }))
    .map(([rest, runs]) => [...runs.flatMap(({ destination, count, from }) => to(destination, ...numbered(count, from))), ...rest]);
  const replications = fc.oneof({ arbitrary: few, weight: 4 }, many);

  const place = ({ account, region }: Destination) => `${account} ${region}`;
  /** Where Amazon ECR copies a repository: a rule is for a name that begins with one of its prefixes, without any for all names. */
  const copies = (rules: readonly ReplicationRule[], name: string) => rules
    .filter(({ prefixes }) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix as string)))
    .flatMap(({ destinations }) => destinations.map(place));
  const declared = (given: readonly Replication[], name: string) =>
    [...new Set(given.filter(({ prefix }) => name.startsWith(prefix as string)).map(({ destination }) => place(destination)))].sort();

  test('exactly what is declared is copied, and by one rule only', () => {
    const seen = { copied: 0, left: 0 };
    fc.assert(fc.property(replications, (given) => {
      const rules = rulesFor(given);
      for (const name of NAMES) {
        const expected = declared(given, name);
        expect(copies(rules, name).sort()).toEqual(expected);
        seen.copied += expected.length;
        seen.left += DESTINATIONS.length - expected.length;
      }
    }), { numRuns: 1000 });
    // If nothing or everything were copied, this would prove nothing.
    expect(Math.min(seen.copied, seen.left)).toBeGreaterThan(5000);
  });

  test('the order and repetition of what is declared do not matter', () => {
    const shuffled = replications.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given, { minLength: given.length })));
    fc.assert(fc.property(shuffled, ([given, again]) => {
      const text = JSON.stringify(rulesFor(given));
      expect(JSON.stringify(rulesFor(again))).toBe(text);
      expect(JSON.stringify(rulesFor([...given, ...again]))).toBe(text);
    }), { numRuns: 500 });
  });

  test('every rule is one that Amazon ECR takes, and no destination has a prefix twice', () => {
    let longest = 0;
    fc.assert(fc.property(replications, (given) => {
      const rules = rulesFor(given);
      const pairs = rules.flatMap(({ destinations, prefixes }) =>
        destinations.flatMap((destination) => (prefixes.length === 0 ? [''] : prefixes).map((prefix) => `${place(destination)} ${prefix}`)));
      expect(new Set(pairs).size).toBe(pairs.length);
      const asked = new Set(given.map(({ destination, prefix }) => `${place(destination)} ${prefix}`));
      expect(pairs.filter((pair) => !asked.has(pair))).toEqual([]);
      for (const { destinations, prefixes } of rules) {
        expect(destinations.length).toBeGreaterThan(0);
        expect(prefixes).not.toContain('');
        expect(prefixes.length).toBeLessThanOrEqual(100);
        longest = Math.max(longest, prefixes.length);
      }
    }), { numRuns: 500 });
    expect(longest).toBe(100);
  });

  test('there are never more rules than destinations, where each has few prefixes, and no two for the same destinations or prefixes', () => {
    fc.assert(fc.property(few, (given) => {
      const rules = rulesFor(given);
      expect(rules.length).toBeLessThanOrEqual(new Set(given.map(({ destination }) => place(destination))).size);
      expect(new Set(rules.map(({ destinations }) => JSON.stringify(destinations))).size).toBe(rules.length);
      expect(new Set(rules.map(({ prefixes }) => JSON.stringify(prefixes))).size).toBe(rules.length);
    }), { numRuns: 500 });
  });
});

test.each([
  ['web', 'web', ['web', 'web-app'], true],
  ['web', 'web/api', ['web'], true],
  ['web', 'web-app', ['web', 'web-app'], false],
  ['web', 'web-app', ['web/api', 'web-app'], false],
  ['web', 'web-app', ['web-app'], true],
  ['web-', 'web-app', ['web-', 'web-app'], true],
  ['team-a/', 'team-a/web', ['team-a/web'], true],
  ['', 'web', ['web'], true],
  ['api', 'web', ['web'], false],
])('the prefix %j is meant for %j where there are %j: %s', (prefix, name, names, expected) => {
  expect(isMeantFor(prefix, name, names)).toBe(expected);
});
