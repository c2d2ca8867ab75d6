import { App, CfnResource, Size, Stack } from 'aws-cdk-lib';
import * as apprunner from 'aws-cdk-lib/aws-apprunner';
import * as batch from 'aws-cdk-lib/aws-batch';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks';
import * as sagemaker from 'aws-cdk-lib/aws-sagemaker';
import { CONSUMER, CorrectApp, OWNER } from './app';
import { CrossAccountPullRole, PullRuntime, SharedEcrRepository } from 'cdk-shared-ecr';

/** Every runtime that has a role of its own, each in an account that is not the owner's. */
export const RUNTIMES: CorrectApp = { name: 'runtimes', build: [buildRuntimes] };

function buildRuntimes(app: App): void {
  const owner = new Stack(app, 'Owner', { env: OWNER });
  const consumer = new Stack(app, 'Consumer', { env: CONSUMER });
  const repository = new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' });
  const image = repository.repositoryUriForTag('v1');
  const role = (id: string, runtime: PullRuntime) => (
    new CrossAccountPullRole(consumer, `${id}Role`, { runtime, repositories: [repository], roleName: `${id.toLowerCase()}-pull` }));

  new ecs.FargateTaskDefinition(consumer, 'Task', { executionRole: role('Task', PullRuntime.ECS_TASK) })
    .addContainer('web', { image: ecs.ContainerImage.fromRegistry(image) });
  new ecs.FargateTaskDefinition(consumer, 'OwnTask').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, 'v1') });

  new batch.EcsJobDefinition(consumer, 'Job', {
    container: new batch.EcsFargateContainerDefinition(consumer, 'JobContainer', {
      image: ecs.ContainerImage.fromRegistry(image), executionRole: role('Job', PullRuntime.BATCH_JOB), cpu: 1, memory: Size.gibibytes(2),
    }),
  });

  new sagemaker.CfnModel(consumer, 'Model', { executionRoleArn: role('Model', PullRuntime.SAGEMAKER).roleArn, primaryContainer: { image } });

  new codebuild.CfnProject(consumer, 'Project', {
    serviceRole: role('Project', PullRuntime.CODE_BUILD).roleArn,
    environment: { type: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_SMALL', image, imagePullCredentialsType: 'SERVICE_ROLE' },
    source: { type: 'NO_SOURCE', buildSpec: 'version: 0.2' },
    artifacts: { type: 'NO_ARTIFACTS' },
  });

  new apprunner.CfnService(consumer, 'Service', {
    sourceConfiguration: {
      authenticationConfiguration: { accessRoleArn: role('Service', PullRuntime.APP_RUNNER).roleArn },
      imageRepository: { imageIdentifier: image, imageRepositoryType: 'ECR' },
    },
  });

  buildCluster(consumer, repository, image);
}

function buildCluster(stack: Stack, repository: ecr.IRepository, image: string): void {
  const roleOf = (id: string, runtime: PullRuntime) => (
    new CrossAccountPullRole(stack, id, { runtime, repositories: [repository], roleName: id.toLowerCase(), eksAddOnRepositoryArns: [] }));
  new eks.CfnNodegroup(stack, 'Nodes', { clusterName: 'services', nodeRole: roleOf('NodeRole', PullRuntime.EKS_NODE).roleArn, subnets: ['subnet-1'] });
  new eks.CfnFargateProfile(stack, 'Pods', {
    clusterName: 'services', podExecutionRoleArn: roleOf('PodRole', PullRuntime.EKS_FARGATE_POD).roleArn, selectors: [{ namespace: 'web' }],
  });
  // As the CDK writes a manifest; its construct needs kubectl, which has nothing to do with pulls.
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web', image }] } };
  new CfnResource(stack, 'Manifest', { type: 'Custom::AWSCDK-EKS-KubernetesResource', properties: { ClusterName: 'services', Manifest: JSON.stringify([pod]) } });
}
