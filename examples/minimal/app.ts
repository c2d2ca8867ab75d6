import { App, Stack, StackProps } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository } from 'cdk-shared-ecr';

/** One app, two accounts: the owner's stack names those whom this app does not deploy, the consumer's stack says itself what it pulls. */
export function buildMinimal(app: App): void {
  const images = new WebAppImages(app, 'WebAppImages', { env: { account: '111111111111', region: 'us-east-1' } });
  new WebService(app, 'WebService', images.webApp, { env: { account: '222222222222', region: 'us-east-1' } });
}

/** The owner: a repository, and who else may use it. */
class WebAppImages extends Stack {
  readonly webApp: SharedEcrRepository;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    this.webApp = new SharedEcrRepository(this, 'WebApp', {
      repositoryName: 'web-app',
      pullers: [
        EcrGrantee.accounts('333333333333', '444444444444'),
        EcrGrantee.organization('o-a1b2c3d4e5'),
        EcrGrantee.lambdaFunctions('666666666666', { functionNamePattern: 'web-*' }),
      ],
      pushers: [EcrGrantee.role('555555555555', 'publish-images')],
    });
  }
}

/** The consumer: Amazon ECS pulls with a role. Both its policy and that of the repository come from here. */
class WebService extends Stack {
  constructor(scope: Construct, id: string, webApp: ecr.IRepository, props: StackProps) {
    super(scope, id, props);

    const executionRole = new CrossAccountPullRole(this, 'ExecutionRole', {
      runtime: PullRuntime.ECS_TASK,
      repositories: [webApp],
    });
    const task = new ecs.FargateTaskDefinition(this, 'Task', { executionRole });
    task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp, 'v1') });
  }
}

if (require.main === module) {
  const app = new App();
  buildMinimal(app);
  app.synth();
}
