import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CONSUMER, CorrectApp, OWNER } from './app';
import { EcrGrantee, SharedEcrRepository } from 'cdk-shared-ecr';

/** AWS Lambda: functions in two other accounts, of one of them by its name and the name of its deployer only, and in the owner's own. */
export const FUNCTIONS: CorrectApp = { name: 'functions', build: [buildFunctions] };

function buildFunctions(app: App): void {
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const orders = new SharedEcrRepository(owner, 'Orders', { repositoryName: 'orders' });
  const reports = new SharedEcrRepository(owner, 'Reports', {
    repositoryName: 'reports',
    pullers: [EcrGrantee.lambdaFunctions('333333333333', {
      functionNamePattern: 'reports-*', deployerRoleNames: ['cdk-hnb659fds-cfn-exec-role-333333333333-us-east-1'],
    })],
  });
  functionIn(owner, 'AtHome', orders, 'at-home');

  const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
  functionIn(consumer, 'Place', orders, 'orders-place');
  functionIn(consumer, 'Cancel', orders);

  const reporting = new Stack(app, 'Reporting', { env: { account: '333333333333', region: 'us-east-1' } });
  functionIn(reporting, 'Daily', SharedEcrRepository.fromRepositoryArn(reporting, 'Image', reports.repositoryArn), 'reports-daily');
}

function functionIn(stack: Stack, id: string, repository: Parameters<typeof lambda.DockerImageCode.fromEcr>[0], functionName?: string): void {
  new lambda.DockerImageFunction(stack, id, { functionName, code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }) });
}
