import { findingsOf } from '../src/access/findings/findings';
import { modelsOf } from '../src/access/model/model';
import { fieldsOf, Resource, StackTemplate } from '../src/access/template/template';

const OWNER = '111111111111';
const REGION = 'us-east-1';
/** Sites of one account: each account has a stack. */
const SITES_OF_ACCOUNT = 20;

/** Milliseconds to judge an app that was synthesized: to read what its templates say, and to decide every pull. */
export function timeOfJudgement(repositories: number, sites: number): number {
  const templates = templatesOf(repositories, sites);
  const start = performance.now();
  const findings = findingsOf(modelsOf(templates)).filter(({ severity }) => severity === 'error');
  const time = performance.now() - start;
  if (findings.length > 0) {
    throw new Error(`the app of the bench is correct, but: ${findings[0].message}`);
  }
  return time;
}

/** An owner with repositories that let in every consumer's role, and consumers whose tasks run an image of one of them each. */
function templatesOf(repositories: number, sites: number): StackTemplate[] {
  const accounts = Array.from({ length: Math.ceil(sites / SITES_OF_ACCOUNT) }, (_, index) => `${200_000_000_000 + index}`);
  const ofOwner = Array.from({ length: repositories }, (_, index) => resource(`Repository${index}`, 'AWS::ECR::Repository', {
    RepositoryName: `repository-${index}`,
    RepositoryPolicyText: {
      Statement: [{
        Effect: 'Allow',
        Principal: { AWS: accounts },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Condition: { ArnLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/app-*'] } },
      }],
    },
  }));
  return [stack('Owner', OWNER, ofOwner), ...accounts.map((account, index) => {
    const first = index * SITES_OF_ACCOUNT;
    const numbers = Array.from({ length: Math.min(SITES_OF_ACCOUNT, sites - first) }, (_, offset) => first + offset);
    return stack(`Consumer${index}`, account, numbers.flatMap((number) => siteOf(number, `repository-${number % repositories}`)));
  })];
}

function siteOf(number: number, repository: string): Resource[] {
  const arn = `arn:aws:ecr:${REGION}:${OWNER}:repository/${repository}`;
  return [
    resource(`Role${number}`, 'AWS::IAM::Role', {
      RoleName: `app-${number}`,
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } }] },
    }),
    resource(`Policy${number}`, 'AWS::IAM::Policy', {
      Roles: [{ Ref: `Role${number}` }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], Resource: arn },
          { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
        ],
      },
    }),
    resource(`Task${number}`, 'AWS::ECS::TaskDefinition', {
      ExecutionRoleArn: { 'Fn::GetAtt': [`Role${number}`, 'Arn'] },
      ContainerDefinitions: [{ Image: { 'Fn::Join': ['', [`${OWNER}.dkr.ecr.${REGION}.`, { Ref: 'AWS::URLSuffix' }, `/${repository}:v1`]] } }],
    }),
  ];
}

function resource(logicalId: string, type: string, properties: object): Resource {
  return { logicalId, type, properties: fieldsOf(properties), path: logicalId, condition: undefined };
}

function stack(path: string, account: string, resources: readonly Resource[]): StackTemplate {
  return {
    path,
    root: path,
    name: path,
    account,
    region: REGION,
    file: `${path}.template.json`,
    after: [],
    deployerRole: undefined,
    resources: new Map(resources.map((one) => [one.logicalId, one])),
    parameters: {},
    mappings: {},
    conditions: {},
    outputs: {},
    nested: new Map(),
  };
}
