import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CONSUMER, CorrectApp, OWNER } from './app';
import {
  EcrGrantee, RegistryReplication, RegistryReplicationGrant, ReplicationDestination, SharedEcrRepository,
} from 'cdk-shared-ecr';

const MIRROR = { account: '444444444444', region: 'eu-central-1' };

/** Replication in three accounts: by prefix into another one, where a template lets in the third, and of one repository into another Region. */
export const REPLICAS: CorrectApp = { name: 'replicas', build: [buildReplicas] };

function buildReplicas(app: App): void {
  const source = new Stack(app, 'Source', { env: OWNER });
  new RegistryReplication(source, 'ToMirror', {
    destinations: [ReplicationDestination.account(MIRROR.account, MIRROR.region)], repositoryPrefixes: ['team-a/'],
  });
  const webApp = new SharedEcrRepository(source, 'WebApp', { repositoryName: 'web-app' });

  const mirror = new Stack(app, 'Mirror', { env: MIRROR });
  new RegistryReplicationGrant(mirror, 'FromSource', {
    sourceAccounts: [OWNER.account],
    repositoryPrefixes: ['team-a/'],
    replicas: { pullers: [EcrGrantee.account(CONSUMER.account), EcrGrantee.lambdaFunctions(CONSUMER.account)] },
  });

  const sourceEu = new Stack(app, 'SourceEu', { env: { ...OWNER, region: MIRROR.region } });
  webApp.replicateTo(ReplicationDestination.region(MIRROR.region), { scope: sourceEu });

  const consumer = new Stack(app, 'Consumer', { env: { ...CONSUMER, region: MIRROR.region } });
  const proxy = SharedEcrRepository.fromRepositoryArn(consumer, 'Proxy', `arn:aws:ecr:${MIRROR.region}:${MIRROR.account}:repository/team-a/proxy`);
  new ecs.FargateTaskDefinition(consumer, 'Task').addContainer('proxy', { image: ecs.ContainerImage.fromEcrRepository(proxy, 'v1') });
  new ecs.FargateTaskDefinition(consumer, 'Web')
    .addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp.replicaIn(MIRROR.region), 'v1') });
  new lambda.DockerImageFunction(consumer, 'Function', { code: lambda.DockerImageCode.fromEcr(proxy, { tagOrDigest: 'v1' }) });
}
