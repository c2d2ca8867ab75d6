import { App, Stack } from 'aws-cdk-lib';
import { EcrGrantee, SharedEcrRepository } from 'cdk-shared-ecr';

/** The owner's app: it needs to know the accounts and roles that pull, not their stacks. */
export function buildOwner(app: App): Stack {
  const stack = new Stack(app, 'WebAppImages', { env: { account: '111111111111', region: 'us-east-1' } });

  new SharedEcrRepository(stack, 'WebApp', {
    repositoryName: 'web-app',
    pullers: [EcrGrantee.role('222222222222', 'web-app-execution')],
    pushers: [EcrGrantee.role('555555555555', 'publish-images')],
  });
  return stack;
}

if (require.main === module) {
  const app = new App();
  buildOwner(app);
  app.synth();
}
