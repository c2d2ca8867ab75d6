import { readFileSync } from 'fs';
import { join } from 'path';
import { App, aws_ecs as ecs, aws_iam as iam, Stack } from 'aws-cdk-lib';
import { errorOf } from './support';
import { EcrGrantee, SharedEcrRepository } from '../src';
import { run } from '../src/command/command';

/** What the README shows as printed is what is printed. */

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** The text in the fence after a comment. */
function shown(comment: string): string {
  const [, text] = new RegExp(`<!-- ${comment}:[^\n]*-->\\n\\n\`\`\`text\\n([^]*?)\\n\`\`\``).exec(README)!;
  return text;
}

/** The app of "What synth tells you". */
function brokenApp(): App {
  const app = new App();
  const owner = new Stack(app, 'Owner', { env: { account: '111111111111', region: 'us-east-1' } });
  const consumer = new Stack(app, 'Consumer', { env: { account: '222222222222', region: 'us-east-1' } });
  new SharedEcrRepository(owner, 'WebApp', {
    repositoryName: 'web-app',
    pullers: [EcrGrantee.role('222222222222', 'web-app-execution')],
  });
  const executionRole = new iam.Role(consumer, 'ExecutionRole', {
    roleName: 'web-execution',
    assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com'),
    managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonECSTaskExecutionRolePolicy')],
  });
  const task = new ecs.FargateTaskDefinition(consumer, 'Task', { executionRole });
  task.addContainer('web', { image: ecs.ContainerImage.fromRegistry('111111111111.dkr.ecr.us-east-1.amazonaws.com/web-app:v1') });
  return app;
}

test('cdk synth', () => {
  // Where the construct was made, and where the report lies, differ from machine to machine.
  const [, report] = /^(ERROR [^]*?)\n\n/m.exec(errorOf(() => brokenApp().synth()))!;
  expect(report).toBe(shown('synth'));
});

test('explain', () => {
  const app = brokenApp();
  errorOf(() => app.synth());
  const role = 'arn:aws:sts::222222222222:assumed-role/web-execution/0a1b2c3d';
  const image = '111111111111.dkr.ecr.us-east-1.amazonaws.com/web-app:v1';
  const { out, code } = run(['explain', '--role', role, '--image', image, app.outdir], { width: 120, isColoured: false });
  expect({ out: out.join('\n').trimEnd(), code }).toEqual({ out: shown('explain'), code: 1 });
});
