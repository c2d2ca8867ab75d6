import { run } from '../../src/command/command';
import { Outcome } from '../../src/command/outcome';
import { assemblyOf, manifestOf, stackArtifact } from '../access/support';

export const OWNER = '111111111111';
export const CONSUMER = '222222222222';
export const IMAGE = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com/web:v1`;
export const ROLE = `arn:aws:iam::${CONSUMER}:role/app/runs-web`;

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

/** An app of one stack. */
export function appOf(resources: object, account: string, name = 'Stack', more: object = {}): string {
  return assemblyOf({
    'manifest.json': manifestOf({ [name]: stackArtifact(name, { environment: `aws://${account}/us-east-1` }) }),
    [`${name}.template.json`]: { ...more, Resources: resources },
  });
}

export function repository(...statements: object[]): object {
  return { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web', ...(statements.length > 0 && { RepositoryPolicyText: { Version: '2012-10-17', Statement: statements } }) } };
}

/** The statement by which an owner lets roles in. */
export function letsIn(arn: string, more: object = {}): object {
  return { Sid: 'Pull', Effect: 'Allow', Principal: { AWS: CONSUMER }, Action: PULL, Condition: { ArnLike: { 'aws:PrincipalArn': arn } }, ...more };
}

/** What runs an image by a role that may do so. */
export function consumer(...statements: object[]): Record<string, object> {
  return {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'runs-web',
        Path: '/app/',
        AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' } },
        Policies: [{
          PolicyDocument: {
            Statement: [
              { Sid: 'Login', Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
              { Sid: 'PullWeb', Effect: 'Allow', Action: PULL, Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/web` },
              ...statements,
            ],
          },
        }],
      },
    },
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, ContainerDefinitions: [{ Image: IMAGE }] } },
  };
}

export const CONSUMER_APP = appOf(consumer(), CONSUMER, 'Web');
export const OWNER_APP = appOf({ Repository: repository(letsIn(ROLE)) }, OWNER, 'Owner');
/** Its repository lets another role in. */
export const WRONG_OWNER_APP = appOf({ Repository: repository(letsIn(`arn:aws:iam::${CONSUMER}:role/other`)) }, OWNER, 'Owner');

/** Runs the command on a terminal without colours. */
export function ran(...args: string[]): Outcome {
  return run(args, { width: 120, isColoured: false });
}
