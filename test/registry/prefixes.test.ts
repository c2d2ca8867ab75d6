import { CfnParameter, Fn } from 'aws-cdk-lib';
import { Grant } from '../../src/policy/grant';
import { prefixesOf, withPrefixes } from '../../src/registry/prefixes';
import { errorOf, newApp, newStack, OWNER } from '../support';

const FORMAT = 'a prefix is how the names of repositories begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; '
  + 'without the "/" at the end it means "team-ab" too';

test('without any, the prefix is that of all names', () => {
  expect(prefixesOf(undefined)).toEqual(['']);
});

test('those that are given stay as they are', () => {
  const stack = newStack(newApp(), 'Owner', OWNER);
  const token = new CfnParameter(stack, 'Prefix').valueAsString;

  expect(prefixesOf(['team-b/', 'team-a', token])).toEqual(['team-b/', 'team-a', token]);
});

test.each<[string, string[], string]>([
  ['none', [], 'repositoryPrefixes is empty, but at least one is needed; leave it out for all repositories'],
  ['one twice', ['a/', 'b/', 'a/'], 'repositoryPrefixes has "a/" twice, but each may stand there once; remove the second, or correct it if another was meant'],
  ['one that is none', ['team-a/', 'Team'], `repositoryPrefixes is "Team", but ${FORMAT}`],
  ['one with a star', ['team-a/*'], `repositoryPrefixes is "team-a/*", but ${FORMAT}`],
  ['an empty one', ['', 'team-a/'], `repositoryPrefixes is "", but ${FORMAT}`],
])('%s is an error', (_, prefixes, message) => {
  expect(errorOf(() => prefixesOf(prefixes))).toBe(message);
});

test('a list that only the deployment knows is an error', () => {
  const list = new CfnParameter(newStack(newApp(), 'Owner', OWNER), 'Prefixes', { type: 'CommaDelimitedList' }).valueAsList;

  expect(errorOf(() => prefixesOf(list))).toBe('repositoryPrefixes has in it a list that only the deployment knows, which cannot be taken apart here; '
    + 'give such a list alone to EcrGrantee.accounts(...list), or take single texts out of it with Fn.select(index, list)');
  expect(() => prefixesOf([Fn.select(0, list)])).not.toThrow();
});

test('each grant is for the repositories of each prefix', () => {
  const grant = (account: string): Grant => ({ who: { kind: 'account', account }, actions: ['ecr:BatchGetImage'] });
  const [one, other] = [grant('111122223333'), grant('444455556666')];

  expect(withPrefixes([one, other], ['team-a/', 'team-b'])).toEqual([
    { ...one, repositories: 'team-a/*' }, { ...one, repositories: 'team-b*' }, { ...other, repositories: 'team-a/*' }, { ...other, repositories: 'team-b*' },
  ]);
  expect(withPrefixes([one], prefixesOf(undefined))).toEqual([{ ...one, repositories: '*' }]);
});
