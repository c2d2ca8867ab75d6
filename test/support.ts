import { readFileSync } from 'fs';
import { join } from 'path';
import { App, AppProps, Environment, Stack, Stage, Validations } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { SharedEcrRepository, SharedEcrRepositoryProps } from '../src';

/** The owner's environment, and those of consumers. */
export const OWNER = { account: '999999999999', region: 'us-east-1' };
export const CONSUMER = { account: '111122223333', region: 'us-east-1' };
export const OTHER = { account: '444455556666', region: 'us-east-1' };

export const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
export const APP_RUNNER_PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:DescribeImages', 'ecr:GetDownloadUrlForLayer'];
export const LAMBDA = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
export const PUSH = [
  'ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:CompleteLayerUpload',
  'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart',
];
export const READ = ['ecr:DescribeImages', 'ecr:DescribeRepositories', 'ecr:ListImages'];

export const WEB_APP_ARN = 'arn:aws:ecr:us-east-1:999999999999:repository/web-app';
export const LOGIN = { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' };
export const PULL_WEB_APP = { Effect: 'Allow', Action: PULL, Resource: WEB_APP_ARN };

/** An environment that only the deployment knows. */
export const AGNOSTIC = {};

/** An app without feature flags, unless a test sets some. Its pulls are not judged: most tests are about one half of a grant. */
export function newApp(props: AppProps = {}): App {
  return newJudgedApp({ ...props, context: { 'cdk-shared-ecr:pullAccess': 'off', ...props.context } });
}

/** An app whose pulls are judged, as those of users are. */
export function newJudgedApp(props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, treeMetadata: false, ...props });
  Validations.of(app).acknowledge({ id: 'CloudFormation-Validate::F0001', reason: 'Stacks that only import are empty' });
  return app;
}

export function newStack(scope: Construct, id: string, env?: Environment): Stack {
  return new Stack(scope, id, { env });
}

/** The repository `web-app` in a stack of the owner. */
export function newRepository(scope: Construct, props: Partial<SharedEcrRepositoryProps> = {}, env: Environment = OWNER): SharedEcrRepository {
  return new SharedEcrRepository(newStack(scope, 'Owner', env), 'Repository', { repositoryName: 'web-app', ...props });
}

export function newRole(scope: Construct, props: Partial<iam.RoleProps> = {}, id = 'Role'): iam.Role {
  return new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'), ...props });
}

/** The template of a stack, as the whole app writes it. */
export function templateOf(stack: Stack): any {
  (stack.node.root as App).synth();
  const { directory } = Stage.of(stack)!.synth();
  return JSON.parse(readFileSync(join(directory, stack.templateFile), 'utf8'));
}

export function resourcesOf(stack: Stack, type: string): any[] {
  return Object.values<any>(templateOf(stack).Resources ?? {}).filter(({ Type }) => Type === type);
}

/** The CloudFormation resource of a construct, as it stands in the template. */
export function resourceOf(construct: IConstruct): any {
  const stack = Stack.of(construct);
  return templateOf(stack).Resources[stack.resolve(stack.getLogicalId(construct.node.defaultChild as any))];
}

/** The whole policy of a repository; undefined if it has none. */
export function repositoryPolicyOf(repository: ecr.IRepository): any {
  return resourceOf(repository).Properties.RepositoryPolicyText;
}

export function policyOf(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

/** The statements of every identity policy in a stack. */
export function identityStatementsOf(stack: Stack): any[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::UserPolicy']
    .flatMap((type) => resourcesOf(stack, type).flatMap(({ Properties }) => Properties.PolicyDocument.Statement));
}

/** The statement that lets in roles named by their ARNs. */
export function rolesStatement(purpose: string, actions: string[], accounts: string[], arns: string[]): object {
  return {
    Sid: `${purpose}Roles`,
    Effect: 'Allow',
    Principal: { AWS: accounts },
    Action: actions,
    Condition: { ArnLike: { 'aws:PrincipalArn': arns } },
  };
}

export interface Notice {
  readonly path: string;
  readonly level: string;
  readonly text: string;
}

/** The warnings and notes of this library anywhere in the app. */
export function noticesIn(scope: IConstruct): Notice[] {
  return scope.node.findAll().flatMap((construct) => construct.node.metadata
    .filter(({ data }) => typeof data === 'string' && data.includes('[ack: cdk-shared-ecr:'))
    .map(({ type, data }) => ({ path: construct.node.path, level: type.replace('aws:cdk:', ''), text: data })));
}

/** The message of an error. */
export function errorOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('no error was thrown');
}

/** The two statements for the Lambda functions of accounts, and for whoever deploys them there. */
export function lambdaStatements(deployers: string[], functionAccounts: string[], region = 'us-east-1'): object[] {
  return [
    ...(deployers.length > 0 ? [{ Sid: 'LambdaDeployAccounts', Effect: 'Allow', Principal: { AWS: deployers }, Action: LAMBDA }] : []),
    {
      Sid: 'LambdaFunctions',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: LAMBDA,
      Condition: { ArnLike: { 'aws:SourceArn': functionAccounts.map((account) => `arn:aws:lambda:${region}:${account}:function:*`) } },
    },
  ];
}

/** The statement that lets in whole accounts. */
export function accountsStatement(purpose: string, actions: string[], accounts: unknown[]): object {
  return { Sid: `${purpose}Accounts`, Effect: 'Allow', Principal: { AWS: accounts }, Action: actions };
}

/** Statements as messages print them. */
export function printed(...statements: object[]): string {
  return statements.map((statement) => JSON.stringify(statement)).join(',\n');
}
