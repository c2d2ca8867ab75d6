import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { LEFT_OUT } from './app';
import { NOT_MADE } from './arrived';
import { firstDeployment, MADE_ANEW, secondDeployment } from './deployed';
import { atRandom, consumerFirst, ownerFirst } from './orders';
import { Scene, sceneIn } from './scene';
import { equal, Verdict } from './verdict';
import { stopAll } from '../processes';
import { Outcome, outcomeOf } from '../summary';

const SEED = 5;

const CASES: Readonly<Record<string, (scene: Scene) => Promise<Verdict[]>>> = {
  'owner first': (scene) => firstDeployment(scene, ownerFirst(scene.first.stacks)),
  'consumer first': (scene) => firstDeployment(scene, consumerFirst(scene.first.stacks)),
  'random order': (scene) => firstDeployment(scene, atRandom(scene.first.stacks, SEED)),
  'a second deployment with changes': secondDeployment,
};

/**
 * Deploys the demo with the CDK's own CLI to moto, which stands for AWS.
 *
 * @param part only the cases whose names hold this
 */
export async function checkByDeployment(part: string): Promise<Outcome[]> {
  const cases = Object.entries(CASES).filter(([name]) => name.includes(part));
  if (cases.length === 0) {
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  process.once('exit', remove);
  try {
    const scene = await sceneIn(folder);
    const outcomes: Outcome[] = [];
    for (const [name, deployAndLook] of cases) {
      process.stderr.write(`  ${name} ...\n`);
      outcomes.push(await tried(name, scene, deployAndLook));
    }
    return [{ ...outcomes[0], remarks: remarksOn(scene) }, ...outcomes.slice(1)];
  } finally {
    stopAll();
    remove();
  }
}

async function tried(name: string, scene: Scene, deployAndLook: (scene: Scene) => Promise<Verdict[]>): Promise<Outcome> {
  const start = performance.now();
  // What the CLI cannot deploy is a failure of what was to be deployed.
  const seen = await deployAndLook(scene).catch((error: Error): Verdict[] => [error.message]);
  const verdicts = [...seen, equal('what moto fails at', scene.moto.failures(), [])];
  const failures = verdicts.filter((verdict) => verdict !== undefined);
  const seconds = (performance.now() - start) / 1000;
  return outcomeOf(`deployment, ${name}`, verdicts.length, failures, { seconds });
}

function remarksOn({ first: { stacks } }: Scene): string[] {
  const types = stacks.flatMap(({ resources }) => [...resources.values()].map(({ type }) => type));
  const notMade = NOT_MADE.map((wanted) => `${wanted} (${types.filter((type) => type === wanted).length})`);
  return [
    `the random order, of seed ${SEED}: ${atRandom(stacks, SEED).flat().join(', ')}`,
    ...LEFT_OUT.map(({ path, type, why }) => `left out: ${path} (${type}), since ${why}`),
    `moto makes none of these, so nothing is said of them: ${notMade.join(', ')}`,
    'moto drops, so nothing is said of them: policies, scanning and encryption of repositories, and the managed policies of roles',
    `moto makes these anew whenever it updates a stack; that they are kept is said by the CLI alone: ${MADE_ANEW.join(', ')}`,
    'moto lets everybody do everything: what deploys is what CloudFormation could make, not what would be allowed',
  ];
}
