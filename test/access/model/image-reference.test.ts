import { imageReferenceOf } from '../../../src/access/model/image-reference';

test.each([
  ['111122223333.dkr.ecr.us-east-1.amazonaws.com', 'us-east-1'],
  ['111122223333.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['111122223333.dkr-ecr.eu-central-1.on.aws', 'eu-central-1'],
  ['111122223333.dkr-ecr-fips.us-east-1.on.aws', 'us-east-1'],
  ['111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', 'cn-north-1'],
  ['111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ['111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
  ['111122223333.dkr.ecr.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
  ['111122223333.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk', 'eu-isoe-west-1'],
  ['111122223333.dkr.ecr.us-isof-south-1.csp.hci.ic.gov', 'us-isof-south-1'],
  ['111122223333.dkr.ecr.us-east-1.<AWS::URLSuffix>', 'us-east-1'],
  ['111122223333.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>', '<AWS::Region>'],
])('the host %s is one', (host, region) => {
  expect(imageReferenceOf(`${host}/team-a/web-app:v1`)).toEqual({ host, account: '111122223333', region, repository: 'team-a/web-app' });
});

test.each([
  ['web-app', 'web-app'],
  ['team-a/web-app:latest', 'team-a/web-app'],
  ['web-app@sha256:0123', 'web-app'],
  ['web-app:v1@sha256:0123', 'web-app'],
  ['<Stack/Repository>', '<Stack/Repository>'],
  ['<Stack/Repository>:<Stack/Tag>', '<Stack/Repository>'],
  ['team-<AWS::AccountId>/web-app:v1', 'team-<AWS::AccountId>/web-app'],
  [':v1', ''],
])('the repository of %s is %j', (image, repository) => {
  const host = '<AWS::AccountId>.dkr.ecr.us-east-1.amazonaws.com';
  expect(imageReferenceOf(`${host}/${image}`)).toEqual({ host, account: '<AWS::AccountId>', region: 'us-east-1', repository });
});

test.each([
  '', 'nginx', 'nginx:1.27', 'docker.io/library/nginx', 'public.ecr.aws/docker/library/nginx', 'ghcr.io/a/b', '<Stack/Image>',
  '111122223333.dkr.ecr.us-east-1.amazonaws.com', '111122223333.dkr.ecr.us-east-1.amazonaws.com/', '1.dkr.ecr.us-east-1.amazonaws.com/web-app',
  'https://111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app', 'aws/codebuild/standard:7.0',
])('%j is of no private registry that anybody knows', (text) => {
  expect(imageReferenceOf(text)).toBeUndefined();
});
