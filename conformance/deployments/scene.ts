import { mkdirSync } from 'fs';
import { join } from 'path';
import { buildFirst, buildRenamed, buildSecond, LEFT_OUT } from './app';
import { bootstrap, credentialsFor, Environment } from './cli';
import { scopesOf } from './expected';
import { Moto, startMoto } from './moto';
import { equal } from './verdict';
import { buildDemo } from '../../examples/demo/app';
import { StackScope } from '../../src/access/template/stack-scope';
import { StackTemplate } from '../../src/access/template/template';
import { Variables } from '../processes';
import { synthesize } from '../simulator/resolve';

/** A version of the app. */
export interface Version {
  readonly assembly: string;
  readonly scopes: readonly StackScope[];
  readonly stacks: readonly StackTemplate[];
}

/** What all deployments have in common. */
export interface Scene {
  readonly first: Version;
  readonly second: Version;
  readonly renamed: Version;
  readonly environments: readonly Environment[];
  readonly moto: Moto;
  readonly variables: Variables;
}

export async function sceneIn(folder: string): Promise<Scene> {
  const [demo, first, second, renamed] = [buildDemo, buildFirst, buildSecond, buildRenamed].map((build): Version => {
    const assembly = join(folder, build.name);
    synthesize(assembly, build);
    const scopes = scopesOf(assembly);
    return { assembly, scopes, stacks: scopes.map(({ stack }) => stack) };
  });
  requireWhole(demo, first);
  const home = join(folder, 'home');
  mkdirSync(home);
  const moto = await startMoto(home);
  const environments = [...new Map(first.stacks.map(({ account, region }) => [`${account}/${region}`, { account, region }])).values()];
  return { first, second, renamed, environments, moto, variables: credentialsFor(environments, moto.endpoint, home) };
}

/** Nothing of the demo is missing but what is said to be left out. */
function requireWhole(demo: Version, deployed: Version): void {
  const resourcesOf = ({ stacks }: Version) => stacks.flatMap((stack) => [...stack.resources.values()].map(({ path, type }) => `${path} ${type}`));
  const whole = [...resourcesOf(deployed), ...LEFT_OUT.map(({ path, type }) => `${path} ${type}`)];
  const wrong = equal('what is deployed and what is left out, which must be the demo', whole.sort(), resourcesOf(demo).sort());
  if (wrong !== undefined) {
    throw new Error(wrong);
  }
}

/** Empty accounts, as the CDK's bootstrap prepares them. */
export async function prepare({ moto, environments, variables }: Scene): Promise<void> {
  await moto.reset();
  await bootstrap(environments, variables);
}
