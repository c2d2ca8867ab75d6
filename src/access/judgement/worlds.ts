import { gradeOf, Half, worseOf } from './halves';
import { judge, Judgement, verdictOf } from './judge';
import { Organization } from './organizations';
import { groupBy } from '../../policy/value';
import { AccessModel } from '../model/model';
import { Assumption } from '../template/worlds';

/** Decides every pull as it will be however the conditions of the templates turn out. A pull that is in some worlds only is judged by those. */
export function judgeWorlds(worlds: readonly AccessModel[], organizations: readonly Organization[] = []): Judgement[] {
  if (worlds.length === 1) {
    return judge(worlds[0], organizations);
  }
  const outcomes = worlds.flatMap((world) => judge(world, organizations)
    .map((judgement): Outcome => ({ judgement, assumptions: world.assumptions })));
  return [...groupBy(outcomes, ({ judgement }) => keyOf(judgement)).values()].map(acrossWorlds);
}

/** What one world makes of a pull. */
interface Outcome {
  readonly judgement: Judgement;
  readonly assumptions: readonly Assumption[];
}

function keyOf({ site: { stack, path, file, logicalId, runtime, image, puller } }: Judgement): string {
  return JSON.stringify([stack, path, file, logicalId, runtime, image, puller]);
}

const HALVES = ['owner', 'consumer', 'trust'] as const;
type HalfName = typeof HALVES[number];

function acrossWorlds(outcomes: readonly Outcome[]): Judgement {
  const [{ judgement: { impossible, ...first } }] = outcomes;
  if (outcomes.every(({ judgement }) => judgement.impossible)) {
    return outcomes[0].judgement;
  }
  const fails = outcomes.map(({ judgement }) => HALVES.map((half) => gradeIn(judgement, half) === 'fails'));
  // A pull that fails in every world by one half or by another fails, and nothing but all of them mends it.
  const byAny = fails.every((halves) => halves.includes(true)) && HALVES.every((_, half) => fails.some((halves) => !halves[half]));
  const [owner, consumer, trust] = HALVES.map((half) => halfAcross(outcomes, half, byAny));
  return { ...first, owner, consumer, trust, verdict: verdictOf(owner, consumer, trust) };
}

/** A half that does as well in every world is so; of one that does not, nobody knows. */
function halfAcross(outcomes: readonly Outcome[], name: HalfName, takesWorst: boolean): Half {
  const grades = outcomes.map(({ judgement }) => gradeIn(judgement, name));
  if (takesWorst || grades.every((grade) => grade === grades[0])) {
    const { state, actions, why } = outcomes.map(({ judgement }) => judgement[name]).reduce(worseOf);
    return { state, actions: [...new Set(actions)], why };
  }
  const conditions = decidingConditions(outcomes, ({ judgement }) => gradeIn(judgement, name));
  return { state: 'undecided', actions: [], why: [`it depends on ${conditions.join(' and ')}`] };
}

/** What is impossible, no half mends: it is told of the owner's. */
function gradeIn(judgement: Judgement, half: HalfName): string {
  return judgement.impossible && half === 'owner' ? 'fails' : gradeOf(judgement[half]);
}

/** The conditions that make the difference: the fewest by which worlds differ in which it comes out differently. */
export function decidingConditions<T extends Pick<Outcome, 'assumptions'>>(outcomes: readonly T[], resultOf: (outcome: T) => string): string[] {
  const differences = new Map<string, readonly string[]>();
  for (const [index, one] of outcomes.entries()) {
    for (const other of outcomes.slice(index + 1).filter((candidate) => resultOf(candidate) !== resultOf(one))) {
      const difference = differenceOf(one.assumptions, other.assumptions);
      differences.set(difference.join('\n'), difference);
    }
  }
  const all = [...differences.values()];
  const fewest = all.filter((difference) => !all.some((other) => other.length < difference.length && other.every((key) => difference.includes(key))));
  const inWords = new Map(outcomes.flatMap(({ assumptions }) => assumptions.map(({ key, condition }) => [key, condition] as const)).reverse());
  return [...new Set(fewest.flat().map((key) => inWords.get(key)!))].sort();
}

/** The keys of what two worlds take for granted, but not in the same way. */
function differenceOf(some: readonly Assumption[], others: readonly Assumption[]): string[] {
  return some.filter(({ key, holds }) => others.some((other) => other.key === key && other.holds !== holds)).map(({ key }) => key);
}
