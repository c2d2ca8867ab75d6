import { App, Stack, aws_ecs as ecs } from 'aws-cdk-lib';
import { CrossAccountPullRole, PullRuntime, SharedEcrRepository } from 'cdk-shared-ecr';

/** The consumer's app: it needs to know the repository's ARN, and the name that the owner expects of the role. */
export function buildConsumer(app: App): Stack {
  const stack = new Stack(app, 'WebService', { env: { account: '222222222222', region: 'us-east-1' } });
  const webApp = SharedEcrRepository.fromRepositoryArn(stack, 'WebApp', 'arn:aws:ecr:us-east-1:111111111111:repository/web-app');

  const executionRole = new CrossAccountPullRole(stack, 'ExecutionRole', {
    runtime: PullRuntime.ECS_TASK,
    repositories: [webApp],
    roleName: 'web-app-execution',
  });
  const task = new ecs.FargateTaskDefinition(stack, 'Task', { executionRole });
  task.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp, 'v1') });
  return stack;
}

if (require.main === module) {
  const app = new App();
  buildConsumer(app);
  app.synth();
}
