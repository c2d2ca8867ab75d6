import { Stage } from './bench';
import { Attempt, call, listTags, Login, look, pull, push, TAG } from './client';
import { LOGIN, Refusal, refusalOf, Session } from './decide';
import { contradictions, errorsAt, explanationOf, otherFindings, statementsToPaste, undocumented } from './explained';
import { LocalImage, makeImage } from './image';
import { Permission, without } from './permissions';
import { strangersTo } from './strangers';
import { callerOf, loginOf, nameOfUse, PUSHED, sessionOf, THERE, Use, USES } from './uses';
import { Target } from '../simulator/questions';
import { documentOf, OPEN } from '../simulator/resolve';
import { Document } from '../simulator/simulator';
import { arnOf } from '../simulator/world';

/** Something to try; it gives what came otherwise than expected. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<string[]>;
}

/** The images of the repositories, by their ARNs. */
export type Images = ReadonlyMap<string, LocalImage>;

/** Pushes what is pulled: what the builds of the demo make, as their role; the rest, copies included, as the accounts that have it. */
export async function pushImages(stage: Stage): Promise<Images> {
  const images = new Map<string, LocalImage>();
  const there = async (use: Session, target: Target, image: LocalImage) => {
    const { works, said } = await push(stage, use, 'asks', target, image);
    if (!works) {
      throw new Error(`${keyOf(target)} cannot be pushed: ${said}`);
    }
    images.set(keyOf(target), image);
  };
  for (const [target, ...copies] of [...PUSHED, ...THERE.map((one) => [one])]) {
    const image = makeImage(stage.folder, TAG);
    const build = USES.find((use) => use.kind === 'push' && use.target === target);
    await there(build ? sessionOf(build, stage.apps[build.app].model) : administratorOf(target), target, image);
    for (const copy of copies) {
      await there(administratorOf(copy), copy, image);
    }
  }
  return images;
}

function keyOf({ registry, name }: Target): string {
  return arnOf(registry, name);
}

function administratorOf({ registry: { account } }: Target): Session {
  return { caller: { type: 'role', account, name: 'administrator' }, identity: OPEN, ownerPolicy: () => documentOf([]) };
}

/** All that a use is. The first thing that fails ends it. */
async function attemptOf(stage: Stage, images: Images, { kind, site, target }: Use, session: Session, login: Login): Promise<Attempt> {
  const steps: Array<() => Promise<Attempt>> = {
    pull: [
      ...site?.runtime === 'App Runner service' && login !== 'none' ? [() => call(stage, session, 'DescribeImages', target)] : [],
      () => pull(stage, session, login, target, images.get(keyOf(target))!),
    ],
    push: [() => push(stage, session, login, target, makeImage(stage.folder, 'another'))],
    read: [
      () => listTags(stage, session, login, target),
      ...['DescribeImages', 'DescribeRepositories'].map((operation) => () => call(stage, session, operation, target)),
    ],
  }[kind];
  let attempt = await steps[0]();
  for (const step of steps.slice(1)) {
    attempt = attempt.works ? await step() : attempt;
  }
  return attempt;
}

/** What an app declares works, and neither `explain` nor `check` has anything against it. */
export function workingCases(stage: Stage, images: Images): Case[] {
  return USES.map((use) => ({
    name: nameOfUse(use),
    run: async () => {
      const { outdir, model } = stage.apps[use.app];
      const { works, said } = await attemptOf(stage, images, use, sessionOf(use, model), loginOf(use));
      const { code, text } = explanationOf(outdir, stage.organizations, use, callerOf(use, model));
      return [
        ...works ? [] : [`does not work: ${said}`],
        ...use.kind !== 'pull' || code === 0 ? [] : [`explain exits with ${code}: ${text}`],
        ...use.site ? errorsAt(outdir, use.site, keyOf(use.target)).map(({ message }) => `check says ${message}`) : [],
      ];
    },
  }));
}

/** Strangers, and those who may only pull and push all the same. */
export function strangerCases(stage: Stage, images: Images): Case[] {
  return USES.flatMap((use) => {
    const { model } = stage.apps[use.app];
    const refused = (one: Use, words: string, session: Session, login: Login): Case => ({
      name: `${nameOfUse(one)}: ${words}`,
      run: async () => {
        const { works, said, refusals } = await attemptOf(stage, images, one, session, login);
        return [
          ...works ? [`${words} is let in: ${said}`] : [],
          ...login === 'none' ? (/authentication required|\b401\b|unauthorized/i.test(said) ? [] : [`is not asked to log in, but told: ${said}`])
            : refusals.length === 0 ? [`is not refused by a policy, but fails: ${said}`] : refusals.flatMap((refusal) => undocumented(refusal, said)),
        ];
      },
    });
    const pushing: Use = { ...use, kind: 'push', site: undefined };
    const own = sessionOf(use, model);
    return [
      ...strangersTo(use, model).map(({ words, session, login }) => refused(use, words, session, login)),
      ...use.kind === 'pull' && use.letIn !== 'ours' ? [refused(pushing, 'who may pull', own, 'has')] : [],
      ...use.kind === 'pull' && use.letIn !== 'ours' && use.letIn !== 'home' && own.caller.type === 'role'
        ? [refused(pushing, 'who may pull, and by own policies everything', { ...own, identity: OPEN }, 'has')] : [],
    ];
  });
}

/** What clients ask for; and what only those ask for who look first. */
const ASKED: Readonly<Record<Use['kind'], readonly string[]>> = {
  pull: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  push: ['ecr:BatchCheckLayerAvailability', 'ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload', 'ecr:PutImage'],
  read: ['ecr:ListImages', 'ecr:DescribeImages', 'ecr:DescribeRepositories'],
};
const LOOKED: Readonly<Record<Use['kind'], readonly string[]>> = { pull: ['ecr:BatchCheckLayerAvailability'], push: ['ecr:BatchGetImage'], read: [] };

/** A permission that a use fails without: as it is done, or only if the client looks first. */
export interface Removal extends Case {
  readonly permission: Permission;
  readonly fails: 'always' | 'looking';
}

export async function removalCases(stage: Stage, images: Images): Promise<Removal[]> {
  const removals: Removal[] = [];
  for (const use of USES) {
    const { model: whole, lacking } = stage.apps[use.app];
    for (const { permission, model } of lacking) {
      const [before, after] = [sessionOf(use, whole), sessionOf(use, model)];
      const lost = await lostBy(use, before, after);
      const name = `${nameOfUse(use)}: without ${permission.words}`;
      if (lost.some((action) => !LOOKED[use.kind].includes(action))) {
        removals.push({ name, permission, fails: 'always', run: () => failing(stage, images, use, after, permission, lost) });
      } else if (lost.length > 0) {
        removals.push({ name, permission, fails: 'looking', run: () => failingToLook(stage, images, use, after, permission, lost) });
      }
    }
  }
  return removals;
}

/** What somebody may do, and then no more. */
async function lostBy(use: Use, before: Session, after: Session): Promise<string[]> {
  const { kind, site, target: { registry, name } } = use;
  const documents = ({ identity, ownerPolicy }: Session) => JSON.stringify([identity, ownerPolicy(registry, name)]);
  if (documents(before) === documents(after)) {
    return [];
  }
  const lost = async (action: string, of = registry, on = name) => (
    await refusalOf(before, action, of, on) === undefined && await refusalOf(after, action, of, on) !== undefined ? [action] : []);
  const actions = [...ASKED[kind], ...LOOKED[kind], ...site?.runtime === 'App Runner service' ? ['ecr:DescribeImages'] : []];
  return [
    ...loginOf(use) === 'asks' ? await lost(LOGIN, { ...registry, account: before.caller.account }, '*') : [],
    ...(await Promise.all(actions.map((action) => lost(action)))).flat(),
  ];
}

/**
 * It fails, by what is gone; the documentation has the message; `explain` and `check` say the same of the templates; and it works again with the statements
 * that `explain` gives to paste.
 */
async function failing(stage: Stage, images: Images, use: Use, session: Session, permission: Permission, lost: readonly string[]): Promise<string[]> {
  const { works, said, refusals: [refusal] } = await attemptOf(stage, images, use, session, loginOf(use));
  if (works || !refusal) {
    return [works ? `works without ${lost.join(', ')}: ${said}` : `fails, but not by a policy: ${said}`];
  }
  const half = permission.ofRole ? 'consumer' : 'owner';
  const isBlamed = lost.includes(refusal.action) && refusal.half === half;
  return [
    ...isBlamed ? [] : [`lacks ${lost.join(', ')} of the ${half} half, but is told: ${refusal.message}`],
    ...undocumented(refusal, said),
    ...use.kind === 'pull' ? await explained(stage, images, use, session, permission, refusal) : [],
  ];
}

async function explained(stage: Stage, images: Images, use: Use, session: Session, permission: Permission, refusal: Refusal): Promise<string[]> {
  const { outdir } = stage.apps[use.app];
  const [explanation, otherwise] = without(permission, () => [
    explanationOf(outdir, stage.organizations, use, session.caller), otherFindings(outdir, refusal, permission, use),
  ]);
  const pasted = statementsToPaste(explanation.text);
  const { works, said } = await attemptOf(stage, images, use, withStatements(session, pasted), loginOf(use));
  return [
    ...contradictions(refusal, use, explanation),
    ...otherwise,
    ...works ? [] : [`fails with what explain gives to paste, ${JSON.stringify(pasted)}: ${said}`],
  ];
}

/** Only statements of owners name who is meant. */
function withStatements({ caller, identity, ownerPolicy }: Session, statements: readonly object[]): Session {
  const ofOwner = statements.filter((statement) => 'Principal' in statement);
  const own = statements.filter((statement) => !('Principal' in statement));
  const and = (document: Document | undefined, more: readonly object[]) => documentOf([...document?.Statement ?? [], ...more]);
  return { caller, identity: identity && and(identity, own), ownerPolicy: (registry, name) => and(ownerPolicy(registry, name), ofOwner) };
}

/** It works as it is done; a client that looks first is refused. AWS documents a pull without it, so `explain` has nothing against that. */
async function failingToLook(
  stage: Stage, images: Images, use: Use, session: Session, permission: Permission, lost: readonly string[],
): Promise<string[]> {
  const done = await attemptOf(stage, images, use, session, loginOf(use));
  const { works, said, refusals: [refusal] } = await look(stage, session, loginOf(use), use.target, images.get(keyOf(use.target))!);
  const { code, text } = without(permission, () => explanationOf(stage.apps[use.app].outdir, stage.organizations, use, session.caller));
  return [
    ...done.works ? [] : [`fails without ${lost.join(', ')}, which it need not have: ${done.said}`],
    ...!works && lost.includes(refusal?.action) ? undocumented(refusal, said) : [`looks first, and is not refused: ${said}`],
    ...use.kind !== 'pull' || code === 0 ? [] : [`explain exits with ${code}: ${text}`],
  ];
}
