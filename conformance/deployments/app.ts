import { App } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { buildDemo } from '../../examples/demo/app';
import { EcrGrantee, ReplicationDestination, SharedEcrRepository } from '../../src';

/** What of the demo moto cannot make without failing, by its path. */
export const LEFT_OUT = [
  { path: 'ProductionCluster/Cluster/KubectlReadyBarrier', type: 'AWS::SSM::Parameter', why: 'moto makes no parameter without a name' },
];

/** Stacks that the second deployment changes. The others stay as they are. */
export const CHANGED = ['SharedServices', 'SharedServicesEu', 'DevWeb', 'ProductionWeb', 'ImageBuild'];

/** The demo, with a grantee that the second deployment takes away, in the owner's account only and in both. */
export function buildFirst(app: App): void {
  buildDeployable(app);
  repository(app, 'WebApp').allowPullFrom(EcrGrantee.account('888888888888'));
  repository(app, 'PaymentService').grantPull(executionRole(app, 'DevWeb'));
}

/** The demo, with other grantees, and with a repository more, which has a replica. */
export function buildSecond(app: App): void {
  buildDeployable(app);
  repository(app, 'WebApp').allowPullFrom(EcrGrantee.role('888888888888', 'tests/nightly'));
  repository(app, 'PaymentService').grantPull(executionRole(app, 'ProductionWeb'));

  const search = new SharedEcrRepository(at(app, 'SharedServices'), 'Search', {
    repositoryName: 'search',
    pullers: [EcrGrantee.account('888888888888')],
  });
  search.replicateTo(ReplicationDestination.region('eu-central-1'), { scope: at(app, 'SharedServicesEu') });
  search.grantPull(executionRole(app, 'ProductionWeb'));
  search.grantPush(at<iam.Role>(app, 'ImageBuild/Role'));
}

/** The first with another name for a repository, which replaces it. Only to see that this would not go unnoticed. */
export function buildRenamed(app: App): void {
  buildFirst(app);
  at<ecr.CfnRepository>(app, 'SharedServices/BuildTools/Resource').repositoryName = 'tools';
}

function buildDeployable(app: App): void {
  buildDemo(app);
  for (const { path } of LEFT_OUT) {
    const resource = at(app, path);
    resource.node.scope!.node.tryRemoveChild(resource.node.id);
  }
}

function repository(app: App, id: string): SharedEcrRepository {
  return at(app, `SharedServices/${id}`);
}

function executionRole(app: App, stack: string): iam.IRole {
  return at<ecs.FargateTaskDefinition>(app, `${stack}/Task`).executionRole!;
}

function at<T extends Construct>(app: App, path: string): T {
  return path.split('/').reduce((construct: Construct, id) => construct.node.findChild(id) as Construct, app) as T;
}
