import { groupBy } from '../../policy/value';
import { Judgement } from '../judgement/judge';
import { registryOfHost } from '../model/addresses';
import { AccessModel } from '../model/model';
import { RegistryPlace } from '../model/places';
import { Registry } from '../model/registries';

/** GitHub draws at most 500 arrows and 50,000 characters, and what has more than some dozens nobody can read. */
const PULLS_TO_DRAW = 60;
const MOST_ARROWS = 300;
const MOST_CHARACTERS = 45_000;

type Outcome = 'works' | 'fails' | 'unknown';

interface Node {
  /** What makes it this node, among all those of an account. */
  readonly key: string;
  readonly account: string;
  readonly label: readonly string[];
  readonly shape: 'repository' | 'registry' | 'site' | 'account';
}

interface Arrow {
  readonly from: Node;
  readonly to: Node;
  readonly outcome: Outcome | 'copies' | 'caches';
  readonly label: string;
}

/**
 * Who pulls from whom as a flowchart that GitHub draws: an arrow from each puller to its repository, solid if it works, red and dotted if it fails,
 * dashed if that cannot be told. Many pulls are drawn by accounts.
 */
export function mermaidOf({ registries }: AccessModel, judgements: readonly Judgement[]): string[] {
  const between = registries.flatMap(arrowsOf);
  const drawing = [...(judgements.length > PULLS_TO_DRAW ? [] : [siteOf]), accountOf]
    .map((pullerOf) => drawingOf([...pullArrows(judgements, pullerOf, repositoryOf), ...between]))
    .find(isDrawable);
  return drawing ?? withoutTheLast(worstFirst(pullArrows(judgements, accountOf, ownerAccountOf)));
}

function withoutTheLast(arrows: readonly Arrow[]): string[] {
  const left = arrows.length - MOST_ARROWS;
  return [...drawingOf(arrows.slice(0, MOST_ARROWS)), ...(left > 0 ? [`  more["and ${left} more, which the table has"]`] : [])];
}

function isDrawable(lines: readonly string[]): boolean {
  return lines.join('\n').length <= MOST_CHARACTERS && lines.filter((line) => / (-->|-\.->|==>)/.test(line)).length <= MOST_ARROWS;
}

function siteOf({ site: { path, runtime, account, file, logicalId } }: Judgement): Node {
  return { key: `site ${file} ${logicalId}`, account, label: [path, runtime], shape: 'site' };
}

function accountOf({ site: { account } }: Judgement): Node {
  return { key: 'everything that pulls', account, label: ['what pulls', `in ${account}`], shape: 'account' };
}

function repositoryOf({ repository, site: { image } }: Judgement): Node {
  return { key: `repository ${repository}`, account: image.account, label: [image.repository, image.region], shape: 'repository' };
}

function ownerAccountOf({ site: { image: { account } } }: Judgement): Node {
  return { key: 'all repositories', account, label: ['repositories', `of ${account}`], shape: 'repository' };
}

function registryOf({ account, region }: RegistryPlace): Node {
  return { key: `registry ${region}`, account, label: ['registry', region], shape: 'registry' };
}

/** The pulls between the same two, of the same outcome, are one arrow. */
function pullArrows(judgements: readonly Judgement[], pullerOf: (judgement: Judgement) => Node, ownerOf: (judgement: Judgement) => Node): Arrow[] {
  const groups = groupBy(judgements, (judgement) => JSON.stringify([pullerOf(judgement), ownerOf(judgement), outcomeOf(judgement)]));
  return [...groups.values()].map((group) => {
    const number = group.length > 1 ? [`${group.length} pulls`] : [];
    return { from: pullerOf(group[0]), to: ownerOf(group[0]), outcome: outcomeOf(group[0]), label: [...number, ...labelOf(group)].join(': ') };
  });
}

function outcomeOf({ verdict }: Judgement): Outcome {
  switch (verdict) {
    case 'allowed': return 'works';
    case 'undecided': case 'notInSight': return 'unknown';
    default: return 'fails';
  }
}

const FAILURES: Readonly<Partial<Record<Judgement['verdict'], string>>> = {
  ownerHalfMissing: 'owner half fails',
  consumerHalfMissing: 'consumer half fails',
  bothHalvesMissing: 'both halves fail',
  notInSight: 'not in sight',
  undecided: 'undecided',
  impossible: 'never works',
};

function labelOf(group: readonly Judgement[]): string[] {
  const labels = [...new Set(group.flatMap(({ verdict }) => FAILURES[verdict] ?? []))];
  return labels.length === 0 ? [] : [labels.join(', ')];
}

function worstFirst(arrows: readonly Arrow[]): Arrow[] {
  const order: ReadonlyArray<Arrow['outcome']> = ['fails', 'unknown', 'works'];
  return [...arrows].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}

function arrowsOf(registry: Registry): Arrow[] {
  const copies = registry.rules.flatMap(({ prefixes, destinations }) => destinations.map((destination): Arrow => (
    { from: registryOf(registry), to: registryOf(destination), outcome: 'copies', label: `copies ${prefixes.map((prefix) => prefix || 'everything').join(', ')}` })));
  const caches = registry.caches.flatMap(({ upstream, namespace }): Arrow[] => {
    const place = registryOfHost(upstream);
    return place ? [{ from: registryOf(registry), to: registryOf(place), outcome: 'caches', label: `caches as ${namespace || 'everything'}` }] : [];
  });
  return [...copies, ...caches];
}

const ARROWS: Readonly<Record<Arrow['outcome'], string>> = { works: '-->', fails: '-.->', unknown: '-->', copies: '==>', caches: '==>' };

const STYLES: ReadonlyArray<readonly [Arrow['outcome'], string]> = [
  ['fails', 'stroke:#d1242f,color:#d1242f'],
  ['unknown', 'stroke:#818b98,stroke-dasharray:8 5'],
];

const SHAPES: Readonly<Record<Node['shape'], readonly [string, string]>> = {
  repository: ['[("', '")]'],
  registry: ['{{"', '"}}'],
  site: ['["', '"]'],
  account: ['(["', '"])'],
};

function drawingOf(arrows: readonly Arrow[]): string[] {
  const placeOf = ({ account, key }: Node) => `${account} ${key}`;
  const alike = groupBy(arrows.flatMap(({ from, to }) => [from, to]), placeOf);
  const ids = new Map([...alike.keys()].map((key, index) => [key, `n${index + 1}`]));
  const idOf = (node: Node) => ids.get(placeOf(node))!;
  const byAccount = groupBy([...alike.values()].map(([node]) => node), ({ account }) => account);
  return [
    'flowchart LR',
    ...[...byAccount].flatMap(([account, nodes], index) => [
      `  subgraph a${index + 1}["${escaped(`account ${account}`)}"]`,
      ...nodes.map((node) => `    ${idOf(node)}${SHAPES[node.shape].join(node.label.map(escaped).join('<br/>'))}`),
      '  end',
    ]),
    ...arrows.map(({ from, to, outcome, label }) => `  ${idOf(from)} ${ARROWS[outcome]}${label === '' ? '' : `|"${escaped(label)}"|`} ${idOf(to)}`),
    ...STYLES.flatMap(([outcome, style]) => {
      const numbers = arrows.flatMap((arrow, index) => (arrow.outcome === outcome ? [index] : []));
      return numbers.length === 0 ? [] : [`  linkStyle ${numbers.join(',')} ${style}`];
    }),
  ];
}

/** What could mean something to mermaid, or to Markdown, goes by its number. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[^\p{L}\p{N} .,:/=+()'@-]/gu, (character) => `#${character.codePointAt(0)};`);
}
