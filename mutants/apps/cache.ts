import { App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { CorrectApp, OWNER } from './app';
import { EcrGrantee, PullThroughCache, SharedEcrRepository } from 'cdk-shared-ecr';

const PARTNER = { account: '777777777777', region: 'eu-west-1' };
const PARTNER_TEST = { account: '888888888888', region: 'eu-west-1' };

/** A pull-through cache in another account, from which that account and a third one pull. */
export const CACHE: CorrectApp = { name: 'cache', build: [buildCache] };

function buildCache(app: App): void {
  const owner = new Stack(app, 'Owner', { env: OWNER });
  new SharedEcrRepository(owner, 'WebApp', { repositoryName: 'web-app' });

  const partner = new Stack(app, 'Partner', { env: PARTNER });
  const cache = new PullThroughCache(partner, 'Cache', {
    upstreamAccount: OWNER.account, upstreamRegion: OWNER.region, repositoryPrefix: 'shared', pullers: [EcrGrantee.account(PARTNER_TEST.account)],
  });
  const image = ecs.ContainerImage.fromEcrRepository(cache.repository('web-app'), 'v1');
  new ecs.FargateTaskDefinition(partner, 'Task').addContainer('web', { image });

  const test = new Stack(app, 'PartnerTest', { env: PARTNER_TEST });
  new ecs.FargateTaskDefinition(test, 'Task').addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(cache.repository('web-app'), 'v1') });
}
