import { CONTRACT, partOf } from './support';
import { findRepository } from '../../../src/access/contract/find-repository';

const entry = (name: string, region = 'us-east-1', account = '111111111111') => ({ name, account, region });
const found = (repositories: object[], name: string, region = 'us-east-1') => findRepository(partOf({ ...CONTRACT, repositories }), name, region);

test('is the only one of its name, wherever it is', () => {
  expect(found([entry('api'), entry('web-app')], 'web-app', 'eu-west-1')).toEqual(entry('web-app'));
});

test('is the one in the Region, if several have the name', () => {
  const [here, there] = [entry('web-app'), entry('web-app', 'eu-west-1')];
  expect(found([here, there], 'web-app', 'eu-west-1')).toEqual(there);
});

test.each([
  ['eu-central-1', 'none of them is'],
  ['us-east-1', 'more than one is'],
])('is an error if nothing tells which is meant: in %s', (region, words) => {
  expect(() => found([entry('web-app'), entry('web-app', 'us-east-1', '222222222222')], 'web-app', region)).toThrow(new Error(
    `repositoryName is "web-app", but the contract "shared-ecr.json" has 2 of that name, and ${words} in the Region of the stack: `
    + 'account 111111111111, Region us-east-1; account 222222222222, Region us-east-1; use SharedEcrRepository.fromRepositoryArn, which takes account and Region'));
});

describe('of which there is none is an error', () => {
  const ERROR = 'repositoryName is "web-ap", but the contract "shared-ecr.json" has no such repository; ';

  test('that tells the names there are, the nearest first', () => {
    expect(() => found([entry('api'), entry('web-app'), entry('web-app', 'eu-west-1'), entry('web-ops')], 'web-ap')).toThrow(new Error(`${ERROR}it has web-app, web-ops, api`));
  });

  test('and no more than ten of them', () => {
    const names = 'abcdefghijkl'.split('').map((letter) => entry(`web-a${letter}`));
    expect(() => found(names.reverse(), 'web-ap')).toThrow(new Error(`${ERROR}it has web-aa, web-ab, web-ac, web-ad, web-ae, web-af, web-ag, web-ah, web-ai, web-aj and 2 more`));
  });

  test('or that there are none', () => {
    expect(() => found([], 'web-ap')).toThrow(new Error(`${ERROR}it has none at all`));
  });
});
