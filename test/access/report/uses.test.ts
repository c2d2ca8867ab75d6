import { includesLogin, isEcr, usesOf } from '../../../src/access/report/uses';
import {
  APP_RUNNER_PULL_ACTIONS, CACHE_CREATE_ACTIONS, CACHE_FILL_ACTIONS, CACHE_PULL_ACTIONS, CREATION_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS,
  PULL_THROUGH_ACTIONS, PUSH_ACTIONS, READ_ACTIONS, REPLICATION_ACTIONS, REPLICATION_INTO_EXISTING_ACTIONS,
} from '../../../src/policy/actions';

test.each([
  ['of a pull', PULL_ACTIONS, ['pull']],
  ['of AWS Lambda', LAMBDA_ACTIONS, ['pull']],
  ['of App Runner', APP_RUNNER_PULL_ACTIONS, ['pull', 'ecr:DescribeImages']],
  ['of a push', PUSH_ACTIONS, ['push']],
  ['of both', [...PULL_ACTIONS, ...PUSH_ACTIONS], ['push', 'pull']],
  ['of reading', READ_ACTIONS, ['list and describe']],
  ['of a pull, written otherwise', ['ECR:batchgetimage', 'ecr:getdownloadurlforlayer'], ['pull']],
  ['of the login alone', [LOGIN_ACTION], []],
  ['of a pull with the login', [...PULL_ACTIONS, LOGIN_ACTION], ['pull']],
  ['of a pull from a cache', CACHE_PULL_ACTIONS, ['pull']],
  ['of a pull from a cache that makes the repository', [...CACHE_PULL_ACTIONS, ...CACHE_CREATE_ACTIONS], ['pull']],
  ['of what only the first pull takes', CACHE_CREATE_ACTIONS, ['pull for the first time']],
  ['of a cache, at its upstream', PULL_THROUGH_ACTIONS, ['fetch for a cache']],
  ['of a cache, at both ends', CACHE_FILL_ACTIONS, ['fetch for a cache']],
  ['of a replication', REPLICATION_ACTIONS, ['replicate']],
  ['of a replication that tags', CREATION_ACTIONS, ['replicate']],
  ['of a replication that makes no repositories', REPLICATION_INTO_EXISTING_ACTIONS, ['replicate into repositories that exist']],
  ['of half a pull', ['ecr:BatchGetImage'], ['ecr:BatchGetImage']],
  ['by patterns', ['ecr:Get*', 'ecr:BatchGet*'], ['pull', 'ecr:BatchGet*', 'ecr:Get*']],
  ['of other services', ['s3:GetObject'], []],
  ['of Amazon ECR', ['ecr:*'], ['everything']],
  ['of everything', ['*'], ['everything']],
])('the actions %s', (_, actions, uses) => {
  expect(usesOf(actions)).toEqual(uses);
});

test.each([[LOGIN_ACTION, true], ['ecr:*', true], ['*', true], ['ecr:getauthorizationtoken', true], ['ecr:PutImage', false]])('%s lets log in: %j', (action, expected) => {
  expect(includesLogin([action])).toBe(expected);
});

test.each([['ecr:PutImage', true], ['ECR:*', true], ['*', true], ['ecr-public:GetAuthorizationToken', false], ['s3:*', false]])('%s is about Amazon ECR: %j', (action, expected) => {
  expect(isEcr(action)).toBe(expected);
});
