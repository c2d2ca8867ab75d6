import { onStage, Stage } from './bench';
import { Case, pushImages, Removal, removalCases, strangerCases, workingCases } from './cases';
import { needlessHere } from './known';
import { groupBy } from '../../src/policy/value';
import { Outcome, outcomeOf } from '../summary';

/** Of two cores, what is decided takes one, and what is asked the other. */
const AT_ONCE = 3;

const NOT_EMULATED = [
  'not emulated: TLS and signatures, layers that come from Amazon S3, replication, filling a cache (copies are pushed to where AWS would make them), how AWS Lambda asks',
];

/**
 * Pushes and pulls with a real client, from a real registry, by an endpoint that decides each request by the policies of the templates as they are deployed;
 * then without one permission at a time.
 *
 * @param part only the cases whose names hold this
 */
export function checkByPulling(part: string): Promise<Outcome[]> {
  return onStage(async (stage) => {
    const images = await pushImages(stage);
    const removals = await removalCases(stage, images);
    return [
      await tried('Real client, what must work', workingCases(stage, images), part, NOT_EMULATED),
      await tried('Real client, strangers', strangerCases(stage, images), part),
      await tried('Real client, one permission removed at a time', removals, part, [lookingFirst(removals)]),
      await tried('Real client, every permission is missed by somebody', coverageOf(stage, removals), part, needlessOnes(stage)),
    ];
  });
}

async function tried(check: string, all: readonly Case[], part: string, remarks: readonly string[] = []): Promise<Outcome> {
  const start = performance.now();
  const cases = all.filter(({ name }) => name.includes(part));
  const failures: string[] = [];
  const next = cases[Symbol.iterator]();
  const work = async () => {
    for (const { name, run } of next) {
      const otherwise = await run().catch((error: Error) => [error.stack!]);
      failures.push(...otherwise.length > 0 ? [[name, ...otherwise].join('\n    ')] : []);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - start) / 1000;
  return outcomeOf(check, cases.length, failures, { seconds, remarks });
}

/** Each permission of the templates is one that somebody fails without, or is known not to be. */
function coverageOf({ apps }: Stage, removals: readonly Removal[]): Case[] {
  const missed = new Set(removals.map(({ permission }) => permission));
  return Object.values(apps).flatMap(({ lacking }) => lacking).map(({ permission }) => ({
    name: permission.words,
    run: async () => {
      const reason = needlessHere(permission);
      return missed.has(permission) === (reason === undefined) ? [] : [reason === undefined ? 'nobody fails without it' : `known to be needless, but is not: ${reason}`];
    },
  }));
}

function lookingFirst(removals: readonly Removal[]): string {
  const looking = removals.filter(({ fails }) => fails === 'looking');
  return `skopeo works all the same in ${looking.length} of them, where a client that looks first is refused: without ecr:BatchCheckLayerAvailability for a pull, `
    + 'which AWS documents without it, and explain judges so; without ecr:BatchGetImage for a push';
}

function needlessOnes({ apps }: Stage): string[] {
  const known = Object.values(apps).flatMap(({ lacking }) => lacking.flatMap(({ permission }) => {
    const reason = needlessHere(permission);
    return reason === undefined ? [] : [{ reason, permission }];
  }));
  return [...groupBy(known, ({ reason }) => reason)]
    .map(([reason, ones]) => `known to be missed by nobody, ${ones.length} times: ${reason}: ${ones.map(({ permission: { words } }) => words).join('; ')}`);
}
