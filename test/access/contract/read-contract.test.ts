import { mkdirSync, mkdtempSync, truncateSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import * as fc from 'fast-check';
import { CONTRACT, fileOf } from './support';
import { readContract } from '../../../src/access/contract/read-contract';

/** What is wrong with a contract, after the words that name its file. */
function problemWith(content: unknown): string {
  const file = fileOf(content);
  try {
    readContract(file);
  } catch (error) {
    const { message } = error as Error;
    expect(message.startsWith(`the contract ${JSON.stringify(file)} `)).toBe(true);
    return message.slice(`the contract ${JSON.stringify(file)} `.length);
  }
  throw new Error('it was read');
}

/** The contract with a value set at a place in it, or, if the value is undefined, taken away from there. */
function changed(path: ReadonlyArray<string | number>, value?: unknown): any {
  const contract = structuredClone(CONTRACT);
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], contract);
  parent[path[path.length - 1]] = value;
  return contract;
}

test('a contract is read with the name of its file', () => {
  const file = fileOf(CONTRACT);
  expect(readContract(file)).toEqual({ file, contract: CONTRACT });
});

test.each([
  ['a byte order mark', `\uFEFF${JSON.stringify(CONTRACT)}`],
  ['UTF-16, as PowerShell writes', Buffer.from(`\uFEFF${JSON.stringify(CONTRACT)}`, 'utf16le')],
])('is read with %s', (_, content) => {
  expect(readContract(fileOf(content)).contract).toEqual(CONTRACT);
});

const NAME = 'a repository name has 2 to 256 characters: lower-case letters and digits, with ".", "_", "__" or hyphens between them, in parts separated by "/", for example "team-a/web-app"';
const ACCOUNT = 'an account id is 12 digits, as a string, for example "111122223333"';
const REGION = 'a Region is written like "eu-central-1"';
const PREFIX = 'a prefix is how the names of repositories begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; '
  + 'without the "/" at the end it means "team-ab" too; "" is for all';

test.each<[Array<string | number>, unknown, string]>([
  [['repositories'], undefined, 'repositories is missing, but it is a list'],
  [['repositories'], {}, 'repositories is {}, but it is a list'],
  [['repositories', 1], null, 'repositories[1] is null, but it is an object with name, account, region, policy, tags'],
  [['repositories', 1, 'name'], 'Web', `repositories[1].name is "Web", but ${NAME}`],
  [['repositories', 1, 'account'], 111111111111, `repositories[1].account is 111111111111, but ${ACCOUNT}`],
  [['repositories', 1, 'account'], '<AWS::AccountId>', `repositories[1].account is "<AWS::AccountId>", but ${ACCOUNT}`],
  [['repositories', 1, 'region'], undefined, `repositories[1].region is missing, but ${REGION}`],
  [['repositories', 1, 'polciy'], {}, 'repositories[1] has a field "polciy", but its fields are name, account, region, policy, tags'],
  [['repositories', 0, 'policy'], 'text', 'repositories[0].policy is "text", but it is a policy: an object with Version and Statement'],
  [['repositories', 0, 'policy'], null, 'repositories[0].policy is null, but it is a policy: an object with Version and Statement'],
  [['repositories', 0, 'policy', 'Statement'], ['text'], 'repositories[0].policy.Statement[0] is "text", but it is an object'],
  [['repositories', 0, 'policy', 'Statement', 0, 'Effect'], 'allow', 'repositories[0].policy.Statement[0].Effect is "allow", but it is "Allow" or "Deny"'],
  [['repositories', 0, 'tags'], ['team'], 'repositories[0].tags is ["team"], but it is an object of texts'],
  [['repositories', 0, 'tags', 'team'], 5, 'repositories[0].tags["team"] is 5, but it is a text'],
  [['registries', 0, 'account'], '1', `registries[0].account is "1", but ${ACCOUNT}`],
  [['registries', 0, 'templates'], undefined, 'registries[0].templates is missing, but it is a list'],
  [['registries', 0, 'templates', 0, 'namespace'], 'Platform/', `registries[0].templates[0].namespace is "Platform/", but ${PREFIX}`],
  [['registries', 0, 'templates', 0, 'appliedFor', 0], 'replication', 'registries[0].templates[0].appliedFor[0] is "replication", but it is written like "REPLICATION"'],
  [['registries', 0, 'caches', 0, 'upstream'], 5, 'registries[0].caches[0].upstream is 5, but it is a text'],
  [['registries', 0, 'caches', 0, 'role'], undefined, 'registries[0].caches[0].role is missing, but it is a text'],
  [['registries', 0, 'replicationRules', 0, 'destinations', 0, 'region'], 'Frankfurt',
    `registries[0].replicationRules[0].destinations[0].region is "Frankfurt", but ${REGION}`],
  [['registries', 0, 'replicationRules', 0, 'prefixes', 1], 'team-*', `registries[0].replicationRules[0].prefixes[1] is "team-*", but ${PREFIX}`],
  [['owner'], 'a', 'the whole has a field "owner", but its fields are kind, version, repositories, registries'],
  [['repositories', 1], CONTRACT.repositories[0],
    'repositories[1] is what repositories[0] is, 111111111111 us-east-1 team-a/web-app, but each may stand there once'],
  [['registries', 1], CONTRACT.registries[0], 'registries[1] is what registries[0] is, 111111111111 us-east-1, but each may stand there once'],
  [['repositories', 1, 'name'], 'X'.repeat(100), `repositories[1].name is "${'X'.repeat(79)}..., but ${NAME}`],
])('%j set to %j is an error', (path, value, message) => {
  expect(problemWith(changed(path, value))).toBe(`is damaged: ${message}`);
});

test.each<[unknown, string]>([
  ['', 'is not JSON: Unexpected end of JSON input'],
  [null, 'is none: it is null, but a contract is an object whose kind is "cdk-shared-ecr/contract"'],
  [{ artifacts: {} }, 'is none: kind is missing, but a contract is an object whose kind is "cdk-shared-ecr/contract"'],
  [changed(['kind'], 'other'), 'is none: kind is "other", but a contract is an object whose kind is "cdk-shared-ecr/contract"'],
  [changed(['version'], 2), 'was written by a newer release of cdk-shared-ecr: its version is 2, and this release reads 1; update cdk-shared-ecr here'],
  [changed(['version'], '1'), 'cannot be used: version is "1", but this release reads 1; let its owner write it anew'],
  [changed(['version']), 'cannot be used: version is missing, but this release reads 1; let its owner write it anew'],
])('what is no contract is an error: %j', (content, message) => {
  expect(problemWith(content)).toBe(message);
});

test('unknown values may stand wherever nothing is known by them', () => {
  const contract = structuredClone(CONTRACT);
  contract.registries[0].templates[0].namespace = '<Stack/Prefix>/';
  contract.registries[0].replicationRules[0].destinations = [{ account: '<AWS::AccountId>', region: '<AWS::Region>' }];
  contract.repositories[0].policy.Statement[0].Principal = '<Fn::If>';

  expect(readContract(fileOf(contract)).contract).toEqual(contract);
});

test('a file that is not there, or is none, is an error', () => {
  const directory = mkdtempSync(join(tmpdir(), 'contract-'));
  mkdirSync(join(directory, 'sub'));
  const missing = join(directory, 'missing.json');

  expect(() => readContract(missing)).toThrow(new Error(`the contract ${JSON.stringify(missing)} cannot be read: there is no such file; `
    + 'its owner writes it by "npx cdk-shared-ecr contract cdk.out"'));
  expect(() => readContract(join(directory, 'sub'))).toThrow(`the contract ${JSON.stringify(join(directory, 'sub'))} cannot be read: EISDIR`);
});

test('a file that no contract can be as big as is an error, and is not read', () => {
  const file = fileOf(CONTRACT);
  truncateSync(file, 50 * 1024 * 1024 + 1);

  expect(() => readContract(file)).toThrow(new Error(`the contract ${JSON.stringify(file)} cannot be read: it is bigger than 50 MB, which no contract is`));
});

test.each(['[', '{"a":'])('what is nested too deep is an error and no crash: %s', (open) => {
  const deep = (depth: number) => `${open.repeat(depth)}null${(open === '[' ? ']' : '}').repeat(depth)}`;
  const text = JSON.stringify(changed(['repositories', 0, 'policy', 'Statement', 0, 'Condition'], 0));
  const within = (depth: number) => text.replace('"Condition":0', `"Condition":${deep(depth)}`);

  expect(problemWith(within(500_000))).toBe('is nested more than 64 deep, which no contract is');
  expect(() => readContract(fileOf(within(50)))).not.toThrow();
});

describe('whatever is done to a contract, it is read or refused by an error that names the file', () => {
  const text = JSON.stringify(CONTRACT, undefined, 1);
  const readOrRefused = (content: string) => {
    const file = fileOf(content);
    try {
      expect(readContract(file).file).toBe(file);
    } catch (error) {
      expect((error as Error).constructor).toBe(Error);
      expect((error as Error).message.startsWith(`the contract ${JSON.stringify(file)} `)).toBe(true);
    }
  };

  /** The paths of everything in a value. */
  const pathsIn = (value: any): Array<Array<string>> => (typeof value === 'object' && value !== null
    ? Object.keys(value).flatMap((key) => [[key], ...pathsIn(value[key]).map((path) => [key, ...path])])
    : []);

  test('any value in any place', () => {
    const odd = ['__proto__', '<', '<>', '<Fn::If>', '*', '', -1, 1e400, {}, [], { Statement: {} }, { Statement: [[]] }];
    const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(...odd));
    const change = fc.tuple(fc.constantFrom(...pathsIn(CONTRACT)), fc.option(anything, { nil: undefined }));
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (all) => {
      const contract = structuredClone(CONTRACT);
      for (const [path, value] of all) {
        const parent = path.slice(0, -1).reduce((inner, key) => inner?.[key], contract);
        if (typeof parent === 'object' && parent !== null) {
          parent[path[path.length - 1]] = structuredClone(value);
        }
      }
      readOrRefused(JSON.stringify(contract));
    }), { numRuns: 500 });
  });

  test('any text in any place', () => {
    fc.assert(fc.property(fc.nat(text.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 5 }), (at, length, inserted) => {
      readOrRefused(text.slice(0, at) + inserted + text.slice(at + length));
    }), { numRuns: 500 });
  });
});
