import { App, Stack } from 'aws-cdk-lib';
import * as apprunner from 'aws-cdk-lib/aws-apprunner';
import { uriOf } from './client';
import { buildDemo } from '../../examples/demo/app';
import { OWNER, RUNTIMES } from '../simulator/apps';
import { build } from '../simulator/build';
import { appOf, DeclaredRepository } from '../simulator/declarations';
import { CONSUMERS, REGION } from '../simulator/world';

/** Where there is a role for every runtime: two accounts that are not the owner's, and the owner's own. */
export const RUNTIME_ACCOUNTS = [CONSUMERS[0], CONSUMERS[2], OWNER.account];
const SHARED: DeclaredRepository = { registry: OWNER, name: 'team-a/web-app' };

/** Every role that a runtime can have, for the same image, in each of the accounts. */
function buildRuntimes(app: App): void {
  build(app, appOf('runtimes', {
    repositories: [SHARED],
    roles: RUNTIME_ACCOUNTS.flatMap((account) => RUNTIMES.map((runtime) => (
      { account, region: REGION, name: nameOfRole(runtime), runtime, repositories: [SHARED] }))),
  }));
  // AWS App Runner describes the image before it pulls it, which is seen by its resource alone.
  for (const account of RUNTIME_ACCOUNTS) {
    new apprunner.CfnService(app.node.findChild(`Stack-${account}-${REGION}`) as Stack, 'Service', {
      sourceConfiguration: {
        authenticationConfiguration: { accessRoleArn: `arn:aws:iam::${account}:role/${nameOfRole('APP_RUNNER')}` },
        imageRepository: { imageIdentifier: uriOf(SHARED), imageRepositoryType: 'ECR' },
      },
    });
  }
}

export function nameOfRole(runtime: string): string {
  return `runtimes/${runtime.toLowerCase().replace(/_/g, '-')}`;
}

export const BUILDS = { demo: buildDemo, runtimes: buildRuntimes };

export type AppName = keyof typeof BUILDS;
