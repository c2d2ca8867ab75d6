import { deploy } from './deploy';
import { hazards } from './hazards';
import { Problem } from './problem';
import { pullProblems } from './pulls';
import { registryProblems } from './registries';
import { worldOf } from './world';
import { Subject } from '../apps/app';

/** What is wrong with an app, by a second opinion: on what it will be when it is deployed. What a contract stands for, its owner has to mend. */
export function problemsOf({ templates, byContract, organizations }: Subject): Problem[] {
  const ofOthers = deploy(byContract);
  const world = worldOf([...deploy(templates), ...ofOthers]);
  const paths = new Set(ofOthers.map(({ path }) => path));
  return [...pullProblems(world, organizations), ...registryProblems(world), ...hazards(world)].filter(({ path }) => !paths.has(path));
}
