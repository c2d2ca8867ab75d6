import { includesLogin, isEcr, usesOf } from '../../src/access/uses';
import { APP_RUNNER_PULL_ACTIONS, LAMBDA_ACTIONS, LOGIN_ACTION, PULL_ACTIONS, PUSH_ACTIONS, READ_ACTIONS } from '../../src/policy/actions';

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
