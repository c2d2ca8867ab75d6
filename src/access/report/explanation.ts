import { numberOf, outOfSightInWords, placeInWords } from './findings';
import { ReportStyle } from './style';
import { wrap } from './table';
import { isEcr } from './uses';
import { verdictInWords } from './verdicts';
import { Decision } from '../judgement/evaluate';
import { DocumentTrace, Explanation, NamedRole, Obstacle, StatementTrace, Step } from '../judgement/explain';
import { Remedy } from '../judgement/remedies';
import { Principal, Statement } from '../model/policy-document';
import { isKnown, parseArn } from '../template/text-patterns';

/** One pull as a colleague explains it who was shown the error message. */
export function explanationInWords(explanation: Explanation, named: NamedRole | undefined, style: ReportStyle, width: number): string[] {
  const { caller, repository, judgement, remedies } = explanation;
  const chapter = (title: string, lines: readonly string[]) => [style.name(title), ...lines.flatMap((line) => indented(line, width)), ''];
  return [
    style.title(`Can ${caller.name} pull ${repository.repository} of account ${repository.account}, ${repository.region}?`),
    '',
    ...indented(answerTo(judgement.verdict, verdictInWords(judgement)), width),
    '',
    ...chapter('1. Who pulls', whoPulls(explanation, named)),
    ...chapter('2. What is pulled', whatIsPulled(explanation)),
    ...chapter('3. The owner half: what lets the puller in', halfInWords(explanation, 'owner', width)),
    ...chapter('4. The consumer half: what the puller may do by its own policies', halfInWords(explanation, 'consumer', width)),
    style.name('5. What to do'),
    ...whatToDo(explanation).flatMap((line) => indented(line, width)),
    ...remediesInWords(remedies),
    ...chapter('6. What none of this holds', [outOfSightInWords()]),
  ];
}

function answerTo(verdict: Explanation['judgement']['verdict'], words: string): string {
  switch (verdict) {
    case 'allowed': return 'Yes, by everything in sight.';
    case 'undecided': return `That ${words}.`;
    case 'notInSight': return `That cannot be told: ${words}.`;
    default: return `${words[0].toUpperCase()}${words.slice(1)}.`;
  }
}

function whoPulls({ caller, role, sites }: Explanation, named: NamedRole | undefined): string[] {
  if (caller.type === 'service') {
    return [`${caller.name}, on behalf of account ${caller.account}: a service has no policies of its own, so the owner alone lets it in`, ...sitesInWords(sites)];
  }
  const found = named && FOUND_BY[named.foundBy];
  return [
    caller.name,
    ...(role ? [`in sight: ${placeInWords(role)}${found ?? ''}`] : [
      'not in sight: no template here makes this role, so what it may do by its own policies cannot be told; give the assembly of its app too, or check the name',
    ]),
    ...(named?.foundBy === 'policy' && /:role\/.*\//.test(named.arn) ? ['its path, which the message does not show, is taken from a policy that names a role of this name'] : []),
    ...(named && named.candidates.length > 0 ? [`it may be one of these: ${named.candidates.map(placeInWords).join('; ')}`] : []),
    ...sitesInWords(sites),
  ];
}

const FOUND_BY: Readonly<Record<NamedRole['foundBy'], string>> = {
  'arn': '',
  'name': ', found by its name',
  'generated name': ', found by the name that CloudFormation makes up for it',
  'policy': '',
  'none': '',
};

function sitesInWords(sites: Explanation['sites']): string[] {
  return sites.length === 0 ? ['nothing in sight pulls this image so'] : [`pulls for ${sites.map(({ path, runtime }) => `${path} (${runtime})`).join(', ')}`];
}

function whatIsPulled({ repository, declared, isInSight, origins, namesakes, isInOneAccount }: Explanation): string[] {
  return [
    repository.arn,
    ...(declared ? [`in sight: ${placeInWords(declared)}`] : []),
    ...(!declared && isInSight ? ['no template declares it, but Amazon ECR makes it by what is in sight'] : []),
    ...(isInSight ? [] : ['not in sight: no template here makes this repository, so what its policy says cannot be told; give the assembly or the contract of its owner too, or check the name']),
    ...(namesakes.length > 0 ? [`there is a repository of this name elsewhere: ${namesakes.map(placeInWords).join('; ')}`] : []),
    ...origins.map((words) => `it is ${words}`),
    SAME_ACCOUNT[isInOneAccount],
  ];
}

const SAME_ACCOUNT = {
  yes: 'in the account of the puller: one half is enough, the policies of the role or a repository policy that names it',
  no: 'in another account than the puller: both halves must allow the pull',
  maybe: 'whether it is in the account of the puller is known only at deployment',
};

function halfInWords({ steps, judgement, role, caller, isInSight }: Explanation, half: Step['half'], width: number): string[] {
  const { state } = judgement[half];
  const own = steps.filter((step) => step.half === half);
  const { trust } = judgement;
  return [
    ...(state === 'notNeeded' ? [half === 'owner' ? 'it need not allow anything: in its own account the policies of the role are enough' : 'nothing is needed here'] : []),
    ...(half === 'owner' && !isInSight ? ['the policy of the repository is not in sight'] : []),
    ...(half === 'consumer' && caller.type === 'role' && !role ? ['the policies of the role are not in sight'] : []),
    ...(half === 'consumer' ? [
      ...(role?.opaquePolicies ?? []).map((policy) => `attached, but what it says is not in sight: ${policy}`),
      ...(trust.state === 'granted' ? ['what runs the image can assume the role'] : []),
      ...(trust.state === 'missing' || trust.state === 'denied' ? ['what runs the image cannot assume the role: its trust policy does not let it in'] : []),
      ...(trust.state === 'undecided' ? [`whether what runs the image can assume the role cannot be told: ${trust.why.join('; ')}`] : []),
      ...(role?.boundary === 'unknown' ? ['a permissions boundary is set, but what it says is not in sight'] : []),
    ] : []),
    ...own.filter(({ documents }) => documents.length > 0).flatMap((step) => stepInWords(step, width)),
  ];
}

function stepInWords({ actions, documents }: Step, width: number): string[] {
  return [`${actions.join(', ')}:`, ...documents.flatMap((trace) => documentInWords(trace, width)).map((line) => `  ${line}`)];
}

const DECISIONS: Readonly<Record<Decision, string>> = {
  allow: 'allowed',
  deny: 'denied',
  none: 'not allowed',
  undecided: 'cannot be told',
};

const DOCUMENTS: Readonly<Record<DocumentTrace['document'], string>> = {
  'repository policy': 'the policy of the repository',
  'registry policy': 'the policy of the registry',
  'role policies': 'the policies of the role',
  'permissions boundary': 'the permissions boundary of the role',
};

/** So many statements that nearly apply are told; the others are counted. */
const NEAR_MISSES = 5;

function documentInWords({ document, decision, statements }: DocumentTrace, width: number): string[] {
  const applying = statements.filter(({ applies }) => applies === 'yes');
  const open = statements.filter(({ applies }) => applies === 'maybe');
  const misses = statements.filter((trace) => trace.applies === 'no' && isNearMiss(trace)).sort((a, b) => weightOf(a) - weightOf(b));
  const told = decision === 'none' || decision === 'undecided' ? misses.slice(0, NEAR_MISSES) : [];
  const others = statements.length - applying.length - open.length - told.length;
  return [
    `${DOCUMENTS[document]}: ${DECISIONS[decision]}`,
    ...applying.map(({ statement }) => `  ${nameOf(statement)} ${statement.effect === 'Deny' ? 'denies' : 'allows'} it`),
    ...open.flatMap((trace) => [`  ${nameOf(trace.statement)} may ${trace.statement.effect === 'Deny' ? 'deny' : 'allow'} it:`, ...obstaclesInWords(trace)]),
    ...told.flatMap((trace) => [`  ${nameOf(trace.statement)} does not:`, ...obstaclesInWords(trace)]),
    ...(others > 0 && decision !== 'allow' ? [`  ${numberOf(others, 'other statement is', 'other statements are')} about something else`] : []),
    ...(statements.length === 0 ? ['  it has no statements'] : []),
  ].flatMap((line) => wrap(line.trimStart(), width - 10).map((part) => line.slice(0, line.length - line.trimStart().length) + part));
}

/** What nearly allows it: about Amazon ECR, and wrong in some but not in every way. */
function isNearMiss({ statement, obstacles }: StatementTrace): boolean {
  const wrong = new Set(obstacles.filter(({ truth }) => truth === 'no').map(({ part }) => part));
  return statement.effect === 'Allow' && statement.actions.some(isEcr) && !(wrong.has('action') && wrong.size > 1);
}

function weightOf({ obstacles }: StatementTrace): number {
  return obstacles.filter(({ truth }) => truth === 'no').length;
}

function nameOf({ sid }: Statement): string {
  return sid.startsWith('(') ? sid.slice(1, -1) : JSON.stringify(sid);
}

function obstaclesInWords({ statement, obstacles }: StatementTrace): string[] {
  return obstacles.map((obstacle) => `    ${obstacleInWords(obstacle, statement)}`);
}

function obstacleInWords({ part, truth, condition, actual }: Obstacle, statement: Statement): string {
  const { principals, notPrincipals, actions, notActions, resources, notResources } = statement;
  const compared = (wanted: string, what: string) => (
    `${part}: ${wanted}, ${truth === 'no' ? `but ${what} is` : 'and only the deployment tells whether that is'} ${inWords(actual)}`);
  switch (part) {
    case 'principal': return compared(wantedOf(principals.map(principalInWords), notPrincipals.map(principalInWords)), 'the caller') + delegation(principals, actual);
    case 'action': return `action: it is about ${wantedOf(actions, notActions)}${truth === 'no' ? '' : ', of which a part is known only at deployment'}`;
    case 'resource': return compared(wantedOf(resources, notResources), 'the repository');
    case 'condition': return `condition: ${condition!.key} ${condition!.operator} ${listed(condition!.values)}, but ${conditionActual(actual)}`;
  }
}

/** In its own account, an account as principal lets nobody in by that alone. */
function delegation(principals: readonly Principal[], caller: Obstacle['actual']): string {
  const account = Array.isArray(caller) ? parseArn(caller[0])?.account : undefined;
  const isOwn = principals.some(({ value }) => account !== undefined && (value === account || value.endsWith(`:${account}:root`)));
  return isOwn ? '; in its own account, an account as principal leaves the decision to the policies of the role' : '';
}

function principalInWords({ type, value }: Principal): string {
  return type === 'AWS' ? value : `${type} ${value}`;
}

function wantedOf(of: readonly string[], notOf: readonly string[]): string {
  return notOf.length > 0 ? `all but ${listed(notOf)}` : listed(of);
}

/** So many values are told; the others are counted. */
const VALUES = 4;

function listed(values: readonly string[]): string {
  const more = values.length - VALUES;
  return `${values.slice(0, VALUES).join(' or ') || 'nothing'}${more > 0 ? ` or ${more} more` : ''}`;
}

function inWords(actual: Obstacle['actual']): string {
  return Array.isArray(actual) ? actual.join(', ') : 'not known';
}

function conditionActual(actual: Obstacle['actual']): string {
  if (actual === undefined) {
    return 'the request has no such key';
  }
  if (actual === 'unknown') {
    return 'what the request has is known only when it is made';
  }
  return actual.every(isKnown) ? `it is ${actual.join(', ')}` : `it is ${actual.join(', ')}, of which a part is known only at deployment`;
}

function whatToDo({ judgement: { verdict, owner, consumer }, remedies, caller }: Explanation): string[] {
  const isDenied = owner.state === 'denied' || consumer.state === 'denied';
  const hints = [
    ...(isDenied ? ['narrow the statement that denies it: no other statement can allow what one denies'] : []),
    ...(verdict === 'allowed' ? ['nothing that any template could tell: see below what may still forbid it; or the templates are not what is deployed'] : []),
    ...(verdict === 'undecided' ? ['declare what is missing, such as the accounts of an organization (--organization) or the environment of a stack, or see that it is so'] : []),
    ...(verdict === 'impossible' ? ['no statement mends that: use an image that AWS Lambda can pull, from a repository of its own Region, not through a cache, by the ordinary host'] : []),
    ...(owner.state === 'notInSight' ? ['give the assembly of the owner too, or its contract (--contract)'] : []),
    ...(consumer.state === 'notInSight' ? [`give the assembly too that makes ${caller.name}`] : []),
  ];
  return hints.length > 0 || remedies.length > 0 ? hints : ['see the halves above'];
}

/** What is pasted stands in one line, however long. */
function remediesInWords(remedies: readonly Remedy[]): string[] {
  return [...remedies.flatMap(({ document, statements }) => [
    `   add to ${document}:`, ...statements.map((statement) => `     ${JSON.stringify(statement)}`),
  ]), ''];
}

function indented(line: string, width: number): string[] {
  const margin = line.length - line.trimStart().length;
  return wrap(line.trimStart(), width - margin - 3).map((part) => `   ${' '.repeat(margin)}${part}`);
}
