/**
 * Compares this library with the CDK's own `ecr.Repository.grantPull`: how many grantees fit into a policy, how big
 * policies and templates get, how long synthesis takes. And measures how long it takes to judge all pulls of an app.
 *
 *     npm run bench               everything, some minutes
 *     npm run bench -- --quick    the smaller sizes, once each
 *
 * Exits with 1 if a target is missed, with 2 if it cannot run.
 */
import { Stack } from 'aws-cdk-lib';
import { Capacity, capacityOf, Grantees } from './capacity';
import { timeOfJudgement } from './judgement';
import { deployedSize, POLICY_LIMIT } from './policy-size';
import { isMeasured, measureAll, Result, withBuilt } from './runs';
import { accountIds, appSharing, L2, L2_MINIMIZED, OURS, OURS_BY_GRANTS, Variant, VARIANTS } from './sharing';
import { Measurement } from './synthesize';
import { count, milliseconds, ratio, table } from './tables';

const ACCOUNTS = 200;
const CAPACITY_TARGETS: Record<Grantees, number> = { accounts: 660, roles: 640, lambda: 140 };
const TEMPLATE_TARGET = 400_000;
const TIME_TARGET = 0.1;
/** One run, on a machine that does other things too, says less: it may take this much. */
const TIME_TARGET_QUICK = 0.25;
const GROWTH_TARGET = 2;
const JUDGED_REPOSITORIES = 1_000;
const JUDGED_SITES = [1_000, 2_000, 4_000];
const JUDGEMENT_TARGET = 2_000;

/** How often each variant is run, by the number of repositories. */
const FULL: ReadonlyMap<number, number> = new Map([[1, 5], [100, 5], [500, 3]]);
const QUICK: ReadonlyMap<number, number> = new Map([[1, 1], [100, 1]]);

interface Target {
  readonly text: string;
  readonly reached: boolean;
}

type Results = ReadonlyMap<Variant, Result>;

async function main(args: readonly string[]): Promise<boolean> {
  const unknown = args.find((arg) => arg !== '--quick');
  if (unknown !== undefined) {
    throw new Error(`unknown argument ${JSON.stringify(unknown)}; the only one is --quick`);
  }
  const targets = [...capacities(), ...judgements(), ...await sizesAndTimes(args.includes('--quick'))];
  print('Targets');
  targets.forEach(({ text, reached }) => print(`  ${reached ? 'PASS' : 'FAIL'}  ${text}`));
  return targets.every(({ reached }) => reached);
}

function capacities(): Target[] {
  const kinds: Record<Grantees, string> = {
    accounts: 'accounts',
    roles: 'roles of one name, one in each account',
    lambda: 'accounts with their Lambda functions, both statements',
  };
  const show = ({ asWritten, withArns }: Capacity) => (asWritten === withArns ? count(asWritten) : `${count(asWritten)} (${count(withArns)})`);
  const targets: Target[] = [];
  const rows = (Object.keys(kinds) as Grantees[]).map((grantees) => {
    const capacity = capacityOf(OURS, grantees);
    const reached = capacity.asWritten >= CAPACITY_TARGETS[grantees];
    targets.push({ text: `capacity: ${count(capacity.asWritten)} ${kinds[grantees]}; at least ${CAPACITY_TARGETS[grantees]}`, reached });
    return [kinds[grantees], ...[capacity, capacityOf(L2, grantees), capacityOf(L2_MINIMIZED, grantees)].map(show)];
  });
  print(`Capacity of one policy of ${count(POLICY_LIMIT)} characters`);
  print('in brackets: should Amazon ECR count account ids as ARNs, where that makes a difference\n');
  print(table(['', OURS.short, L2.short, L2_MINIMIZED.short], rows));
  print('');
  return targets;
}

/** How long it takes to judge the pulls of an app that was synthesized; medians of three runs, after one that warms up. */
function judgements(): Target[] {
  timeOfJudgement(JUDGED_REPOSITORIES, JUDGED_SITES[0]);
  const times = JUDGED_SITES.map((sites) => [1, 2, 3].map(() => timeOfJudgement(JUDGED_REPOSITORIES, sites)).sort((a, b) => a - b)[1]);
  const perSite = times.map((time, index) => time / JUDGED_SITES[index]);
  print(`Judgement of pull sites, ${count(JUDGED_REPOSITORIES)} repositories, without synthesis\n`);
  print(table(['pull sites', 'time', 'for each site, against the first'], JUDGED_SITES.map((sites, index) => (
    [count(sites), milliseconds(times[index]), ratio(perSite[index] / perSite[0])]))));
  print('');
  const growth = Math.max(...perSite) / perSite[0];
  return [
    {
      text: `judgement of ${count(JUDGED_REPOSITORIES)} repositories × ${count(JUDGED_SITES[0])} pull sites: ${milliseconds(times[0])}; `
        + `less than ${milliseconds(JUDGEMENT_TARGET)}`,
      reached: times[0] < JUDGEMENT_TARGET,
    },
    {
      text: `growth from ${count(JUDGED_SITES[0])} to ${count(JUDGED_SITES.at(-1)!)} pull sites: time for each grows by ${growth.toFixed(2)}; at most ${GROWTH_TARGET}`,
      reached: growth <= GROWTH_TARGET,
    },
  ];
}

async function sizesAndTimes(quick: boolean): Promise<Target[]> {
  const all = new Map<number, Results>();
  await withBuilt(async () => {
    for (const [repositories, runs] of quick ? QUICK : FULL) {
      const results = await measureAll(VARIANTS, repositories, ACCOUNTS, runs);
      all.set(repositories, results);
      printResults(repositories, runs, results);
    }
  });
  return [...targetsOfBytes(all.get(100)!), ...targetsOfTime(all.get(100)!, quick ? TIME_TARGET_QUICK : TIME_TARGET), ...targetsOfGrowth(all)];
}

function printResults(repositories: number, runs: number, results: Results): void {
  print(`${repositories} × ${ACCOUNTS} repositories × accounts, ${runs === 1 ? 'one run' : `medians of ${runs} runs`}\n`);
  print(table(
    ['', 'policy, characters', 'template, bytes', 'without indentation', 'load', 'of it the library', 'synthesis', 'of it CDK validates', 'the rest'],
    VARIANTS.map((variant) => rowOf(variant, results.get(variant)!)),
  ));
  print('');
  const ratios = [OURS, OURS_BY_GRANTS].flatMap((ours) => [L2, L2_MINIMIZED].map((l2) => ratioRow(ours, l2, results)));
  print(table(['ratios', 'template', 'without indentation', 'synthesis', 'CDK validates', 'the rest'], ratios));
  print('');
}

function rowOf(variant: Variant, result: Result): string[] {
  const policy = count(deployedSize(appSharing(variant, variant.accounts, 1, accountIds(ACCOUNTS)).node.findChild('Owner') as Stack).characters);
  return isMeasured(result)
    ? [
      variant.name, policy, count(result.bytes), count(result.bytesWithoutIndentation), milliseconds(result.load), milliseconds(result.loadLibrary),
      milliseconds(result.synthesis), milliseconds(result.validation), milliseconds(restOf(result)),
    ]
    : [variant.name, policy, '-', '-', '-', '-', result.notRun, '-', '-'];
}

function ratioRow(ours: Variant, l2: Variant, results: Results): string[] {
  const [a, b] = [results.get(ours)!, results.get(l2)!];
  const name = `${ours.short} / ${l2.short}`;
  return isMeasured(a) && isMeasured(b)
    ? [name, ...[bytesOf, bytesWithoutIndentationOf, synthesisOf, validationOf, restOf].map((value) => ratio(value(a) / value(b)))]
    : [name, '-', '-', '-', '-', '-'];
}

const bytesOf = ({ bytes }: Measurement) => bytes;
const bytesWithoutIndentationOf = ({ bytesWithoutIndentation }: Measurement) => bytesWithoutIndentation;
const synthesisOf = ({ synthesis }: Measurement) => synthesis;
const validationOf = ({ validation }: Measurement) => validation;
/** All but the CDK's validation of templates, which is not for a library to make faster. */
const restOf = ({ synthesis, validation }: Measurement) => synthesis - validation;

function targetsOfBytes(results: Results): Target[] {
  const ours = results.get(OURS)!;
  return isMeasured(ours)
    ? [{
      text: `template at 100 × ${ACCOUNTS}: ${count(ours.bytesWithoutIndentation)} bytes without indentation, ${count(ours.bytes)} with; `
        + `below ${count(TEMPLATE_TARGET)} without`,
      reached: ours.bytesWithoutIndentation < TEMPLATE_TARGET,
    }]
    : [{ text: `template at 100 × ${ACCOUNTS}: ${ours.notRun}`, reached: false }];
}

function targetsOfTime(results: Results, atMost: number): Target[] {
  return [L2, L2_MINIMIZED].map((l2) => {
    const [ours, theirs] = [results.get(OURS)!, results.get(l2)!];
    const what = `synthesis at 100 × ${ACCOUNTS} against ${l2.short}`;
    if (!isMeasured(ours)) {
      return { text: `${what}: ${ours.notRun}`, reached: false };
    }
    if (!isMeasured(theirs)) {
      return { text: `${what}, which was ${theirs.notRun}`, reached: true };
    }
    const part = synthesisOf(ours) / synthesisOf(theirs);
    return {
      text: `${what}: ${ratio(part)} of its time, at most ${atMost}; ${ratio(restOf(ours) / restOf(theirs))} of what is left without the CDK's validation`,
      reached: part <= atMost,
    };
  });
}

/**
 * Time per repository and account must not grow with their number. The CDK's validation is left out: it takes time by the square of
 * the resources of a stack, whatever is in them.
 */
function targetsOfGrowth(all: ReadonlyMap<number, Results>): Target[] {
  return [OURS, OURS_BY_GRANTS].flatMap((variant) => {
    const [some, many] = [all.get(100)!.get(variant)!, all.get(500)?.get(variant)];
    if (!isMeasured(some) || many === undefined) {
      return [];
    }
    const what = `growth from 100 × ${ACCOUNTS} to 500 × ${ACCOUNTS}, ${variant.short}`;
    if (!isMeasured(many)) {
      return [{ text: `${what}: ${many.notRun}`, reached: false }];
    }
    const growth = restOf(many) / 5 / restOf(some);
    return [{
      text: `${what}: time for each repository and account grows by ${growth.toFixed(2)}; at most ${GROWTH_TARGET}`,
      reached: growth <= GROWTH_TARGET,
    }];
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main(process.argv.slice(2)).then(
  (reached) => { process.exitCode = reached ? 0 : 1; },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
