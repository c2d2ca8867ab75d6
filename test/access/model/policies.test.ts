import { modelOf } from '../../../src/access/model/model';
import { policiesIn } from '../../../src/access/model/policies';
import { stackOf } from '../support';

const POLICY = { Version: '2012-10-17', Statement: [{ Sid: 'Pull', Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'ecr:BatchGetImage' }] };
const RESOURCES = {
  WebApp: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: POLICY } },
  Unnamed: { Type: 'AWS::ECR::Repository', Properties: { RepositoryPolicyText: POLICY } },
  WithoutPolicy: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'api' } },
  Template: { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'team-a', RepositoryPolicy: JSON.stringify(POLICY) } },
  Policy: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: POLICY } },
};

function policies(account = '111111111111', region = 'us-east-1') {
  return policiesIn(modelOf([stackOf({ Resources: RESOURCES }, { account, region })]));
}

test('the policies of repositories, of templates and of the registry, each with its place', () => {
  expect(policies().map(({ place, of, words, arn, name }) => [place.path, of, words, name, arn])).toEqual([
    ['Stack/WebApp', 'repository', 'the policy of web-app', 'web-app', 'arn:aws:ecr:us-east-1:111111111111:repository/web-app'],
    ['Stack/Unnamed', 'repository', 'the policy of Stack/Unnamed', '<Stack/Unnamed>', 'arn:aws:ecr:us-east-1:111111111111:repository/<Stack/Unnamed>'],
    ['Stack/Template', 'creation template', 'the policy of the creation template for team-a/*', 'team-a/*', 'arn:aws:ecr:us-east-1:111111111111:repository/team-a/*'],
    ['Stack/Policy', 'registry', 'the policy of the registry of account 111111111111, us-east-1', '*', 'arn:aws:ecr:us-east-1:111111111111:repository/*'],
  ]);
  expect(policies().map(({ policy: { document } }) => document)).toEqual([POLICY, POLICY, POLICY, POLICY]);
  expect(Object.keys(policies()[0].place)).toEqual(['path', 'account', 'region', 'stack', 'file', 'logicalId']);
});

test('of a Region that is not known, nor is the partition', () => {
  expect(policies('<AWS::AccountId>', '<AWS::Region>')[0].arn).toBe('arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/web-app');
});
