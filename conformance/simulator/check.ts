import { APPS } from './apps';
import { requireNeighbours } from './callers';
import { DeclaredApp, inWords, nameOf } from './declarations';
import { knownToBeWrong } from './known';
import { libraryOn } from './library';
import { mix } from './mixes';
import { Asked, Half, questionsAbout } from './questions';
import { documentOf, LETS_IN, OPEN, ownerPolicy, ownPullPolicy, resolved, roleAt, written } from './resolve';
import { allows, Document } from './simulator';
import { checkTrust, Disagreements } from './trust';
import { arnOf, placeOf } from './world';
import { AccessModel } from '../../src/access/model/model';
import { Outcome, outcomeOf } from '../summary';

const MIXES = 240;

interface Tally {
  /** Decisions by half. */
  readonly asked: Record<Half, number>;
  allowed: number;
  /** The library cannot tell of accounts that are in no declared organization. */
  undecided: number;
  /** Where the simulator is known to be wrong, by the AWS page. */
  readonly known: Map<string, number>;
  readonly ofSimulator: string[];
  readonly ofLibrary: string[];
}

/**
 * Asks an IAM simulator of somebody else, and the library's own judgement, who may do what by the policies that apps deploy.
 *
 * @param part only the apps whose names hold this
 */
export async function checkBySimulator(part: string): Promise<Outcome[]> {
  requireNeighbours();
  const [alone, mixed] = [newTally(), newTally()];
  const trust: Disagreements = { asked: 0, ofSimulator: [], ofLibrary: [] };
  const outcomes: Outcome[] = [];
  for (const [words, tally, apps, budget] of [
    [`${APPS.length} apps: every grantee, runtime, replicas, caches`, alone, APPS, 900],
    [`${MIXES} random mixes`, mixed, Array.from({ length: MIXES }, (_, seed) => mix(seed + 1)), 100],
  ] as ReadonlyArray<[string, Tally, readonly DeclaredApp[], number]>) {
    const start = performance.now();
    for (const app of apps.filter(({ name }) => name.includes(part))) {
      const model = resolved(app);
      await checkApp(app, model, budget, tally);
      await checkTrust(app, model, trust);
    }
    outcomes.push(...outcomesOf(words, tally, (performance.now() - start) / 1000));
  }
  return [
    ...outcomes,
    outcomeOf('IAM simulator, who may assume the roles', trust.asked, trust.ofSimulator),
    outcomeOf('src/access, who may assume the roles', trust.asked, trust.ofLibrary),
  ];
}

function newTally(): Tally {
  return { asked: { owner: 0, consumer: 0, both: 0 }, allowed: 0, undecided: 0, known: new Map(), ofSimulator: [], ofLibrary: [] };
}

async function checkApp(app: DeclaredApp, model: AccessModel, budget: number, tally: Tally): Promise<void> {
  const library = libraryOn(model);
  const policies = new Map<string, Document>();
  for (const asked of questionsAbout(app, budget)) {
    const { half, caller, action, registry, name, expected } = asked;
    const resource = name === '*' ? '*' : arnOf(registry, name);
    const own = identityOf(asked, model);
    const owner = policies.get(resource) ?? ownerPolicy(model, registry, name);
    policies.set(resource, owner);
    const isHome = caller.account === registry.account;
    // In the owner's own account a policy that names the account says nothing by itself, and one that lets the caller in is enough.
    const policy = half !== 'consumer' ? owner : isHome ? undefined : LETS_IN(caller.account);
    const identity = half !== 'owner' ? own : isHome || caller.type === 'service' ? undefined : OPEN;
    const bySimulator = await allows({
      caller, action, resource, account: registry.account, identity, policy,
    });
    const byLibrary = library(asked, own);

    tally.asked[half]++;
    tally.allowed += expected ? 1 : 0;
    const inFull = () => describe(app, asked, { policy, identity, bySimulator, byLibrary });
    if (bySimulator !== expected) {
      const page = knownToBeWrong(asked);
      if (page === undefined) {
        tally.ofSimulator.push(inFull());
      } else {
        tally.known.set(page, (tally.known.get(page) ?? 0) + 1);
      }
    }
    if (byLibrary === 'undecided' && isOutsideOfOrganizations(asked)) {
      tally.undecided++;
    } else if (byLibrary !== (expected ? 'allow' : 'none')) {
      tally.ofLibrary.push(inFull());
    }
  }
}

/** The identity policy that counts: what the app gives to its role, or what whoever was told to pull writes. */
function identityOf({ identity }: Asked, model: AccessModel): Document | undefined {
  if (identity === undefined) {
    return undefined;
  }
  if ('pulls' in identity) {
    return ownPullPolicy(identity.pulls.registry, identity.pulls.name);
  }
  return written(roleAt(identity.role, model).statements);
}

function isOutsideOfOrganizations({ caller }: Asked): boolean {
  return placeOf(caller.account) === undefined;
}

interface Found {
  readonly policy?: Document;
  readonly identity?: Document;
  readonly bySimulator: boolean;
  readonly byLibrary: string;
}

function describe({ name: app }: DeclaredApp, { half, caller, action, registry, name, expected }: Asked, found: Found): string {
  const inLines = (document: Document | undefined) => (document ?? documentOf([])).Statement.map((statement) => `\n      ${JSON.stringify(statement)}`).join('') || ' none';
  return [
    `${app}, ${half}: ${inWords(caller)}, ${action} on ${name === '*' ? '*' : arnOf(registry, name)}`,
    `    in ${placeOf(caller.account)?.path ?? 'no organization'}${caller.type === 'role' ? `, aws:PrincipalArn ${nameOf(caller)}` : ''}`,
    `    declared: ${expected ? 'allowed' : 'not allowed'}; simulator: ${found.bySimulator ? 'allowed' : 'not allowed'}; src/access: ${found.byLibrary}`,
    `    policy of the owner:${inLines(found.policy)}`,
    `    policy of the caller:${inLines(found.identity)}`,
  ].join('\n');
}

function outcomesOf(words: string, { asked, allowed, undecided, known, ofSimulator, ofLibrary }: Tally, seconds: number): Outcome[] {
  const cases = asked.owner + asked.consumer + asked.both;
  const remarks = [
    `owner half ${asked.owner}, consumer half ${asked.consumer}, both ${asked.both}; ${allowed} allowed by declaration`,
    ...[...known].map(([page, times]) => `the simulator is known to be wrong, ${times} times: ${page}`),
  ];
  return [
    outcomeOf(`IAM simulator, ${words}`, cases, ofSimulator, { seconds, remarks }),
    outcomeOf(`src/access, ${words}`, cases, ofLibrary, {
      remarks: undecided === 0 ? [] : [`${undecided} undecided, rightly: an organization is asked for, and of the caller's account nobody has declared whether it is in one`],
    }),
  ];
}
