import { CODE_BUILD_SERVICE, LAMBDA_SERVICE } from '../../src/policy/services';

test('services are named as policies name them', () => {
  expect([LAMBDA_SERVICE, CODE_BUILD_SERVICE]).toEqual(['lambda.amazonaws.com', 'codebuild.amazonaws.com']);
});
