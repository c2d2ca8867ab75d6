import { CfnResource } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { makeServiceRole } from '../../src/registry/service-role';
import { newApp, newStack, OWNER, resourceOf, templateOf } from '../support';

test('whoever needs the role waits for its policy, and not for the role a second time', () => {
  const stack = newStack(newApp(), 'Owner', OWNER);
  const { role, policy } = makeServiceRole(stack, { assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com'), description: 'makes repositories' }, [
    { sid: 'First', actions: ['ecr:CreateRepository'], resources: ['arn:aws:ecr:us-east-1:999999999999:repository/a/*'] },
    { sid: 'Second', actions: ['ecr:ReplicateImage'], resources: ['arn:aws:ecr:us-east-1:999999999999:repository/b/*'] },
  ]);
  const user = new CfnResource(stack, 'User', { type: 'AWS::ECR::RepositoryCreationTemplate', properties: { CustomRoleArn: role.roleArn } });
  user.node.addDependency(policy);

  const { User, ...resources } = templateOf(stack).Resources;
  const [policyId, ...others] = Object.keys(resources).filter((id) => resources[id].Type === 'AWS::IAM::Policy');
  expect(others).toEqual([]);
  expect(User).toEqual({
    Type: 'AWS::ECR::RepositoryCreationTemplate',
    Properties: { CustomRoleArn: stack.resolve(role.roleArn) },
    DependsOn: [policyId],
  });
  expect(resources[policyId].Properties.PolicyDocument.Statement).toEqual([
    { Sid: 'First', Effect: 'Allow', Action: 'ecr:CreateRepository', Resource: 'arn:aws:ecr:us-east-1:999999999999:repository/a/*' },
    { Sid: 'Second', Effect: 'Allow', Action: 'ecr:ReplicateImage', Resource: 'arn:aws:ecr:us-east-1:999999999999:repository/b/*' },
  ]);
  expect(resourceOf(role).Properties.Description).toBe('makes repositories');
});
