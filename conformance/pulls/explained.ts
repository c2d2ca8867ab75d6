import { readFileSync } from 'fs';
import { join } from 'path';
import { uriOf } from './client';
import { LOGIN, Refusal, sessionArnOf } from './decide';
import { Permission } from './permissions';
import { Use } from './uses';
import { check } from '../../src/access/check';
import { run } from '../../src/command/command';
import { Caller } from '../simulator/declarations';
import { arnOf, declaredOrganizations } from '../simulator/world';

/** The exit code of the command, and what it prints. */
export interface Explanation {
  readonly code: number;
  readonly text: string;
}

/** What `cdk-shared-ecr explain` answers to whoever has the message of AWS. */
export function explanationOf(outdir: string, organizations: string, { target }: Use, caller: Caller): Explanation {
  const forFunction = caller.type === 'service' && caller.sourceArn !== undefined ? ['--function', caller.sourceArn] : [];
  const { code, out, err } = run(['explain', '--role', sessionArnOf(caller), ...forFunction, '--image', uriOf(target), '--organization', organizations, outdir], { width: 1_000, isColoured: false });
  return { code, text: [...out, ...err].join('\n') };
}

const WHOSE: Readonly<Record<Refusal['half'], string>> = { owner: 'the policy of the repository lacks', consumer: 'the role lacks' };

/** What `explain` says otherwise than the refusal: the half, the action, the repository. */
export function contradictions({ half, action }: Refusal, { target: { registry, name } }: Use, { code, text }: Explanation): string[] {
  const [, , answer = ''] = text.split('\n');
  const [, lacks = ''] = new RegExp(`^ +No: ${WHOSE[half]} ([\\w:, ]+)\\.$`).exec(answer) ?? [];
  return [
    ...code === 1 ? [] : [`explain exits with ${code}`],
    ...lacks.split(', ').includes(action) ? [] : [`explain does not answer that ${WHOSE[half]} ${action}, but ${JSON.stringify(answer.trim())}`],
    ...text.includes(arnOf(registry, name)) ? [] : [`explain does not name ${arnOf(registry, name)}`],
  ];
}

/** The statements that `explain` gives to paste. */
export function statementsToPaste(text: string): object[] {
  return text.split('\n').filter((line) => line.startsWith('     {')).map((line) => JSON.parse(line));
}

/** The findings of `check` about a pull that the app says: what is otherwise than one error, of that half, by a rule that the documentation names with the message. */
export function otherFindings(outdir: string, { half, action, message }: Refusal, { part, ofRole }: Permission, { site, target }: Use): string[] {
  const errors = site === undefined ? [] : errorsAt(outdir, site, arnOf(target.registry, target.name));
  const rules = rulesFor(message, site?.runtime);
  // That a role is there to pull an image, where nothing in sight runs it, the statement says by which it may; without that nobody knows of the pull.
  const expected = site === undefined || (site.runtime === 'pull role' && ofRole && ['statement', 'repository'].includes(part) && action !== LOGIN) ? 0 : 1;
  return [
    ...errors.length !== expected ? [`check has ${errors.length} errors about it, not ${expected}`] : [],
    ...errors.filter((error) => error.half !== half || !error.message.includes(action) || !rules.includes(error.rule))
      .map((error) => `check says ${error.rule}, ${error.half}: ${error.message}; documented for it: ${rules.join(', ')}`),
  ];
}

export function errorsAt(outdir: string, site: NonNullable<Use['site']>, arn: string) {
  return check([outdir], { organizations: declaredOrganizations() }).filter(({ severity, place, runtime, repository }) => (
    severity === 'error' && place.path === site.path && runtime === site.runtime && repository === arn));
}

const PAGE = readFileSync(join(__dirname, '../../docs/troubleshooting.md'), 'utf8');

/** Under which heading whoever uses these finds what they are told, which is not the message of IAM. */
const HEADINGS: Readonly<Record<string, string>> = {
  'Lambda deployment': '### Lambda does not have permission to access the ECR image',
  'Lambda function': '### The function does not have permission to access the specified image',
  'pull-through cache': '### name unknown: The repository with name \'shared/web-app\'',
};

/** What the documentation does not say of a refusal as a client prints it: the half, and what the client leaves of it. */
export function undocumented({ half, action, message }: Refusal, said: string): string[] {
  const row = rowFor(message);
  return [
    ...row?.includes(`the ${half} half`) ? [] : [`docs/troubleshooting.md does not say ${half} half of ${JSON.stringify(message)}, but ${row ?? 'nothing'}`],
    ...said.includes(message) || (/\b403\b/.test(said) && PAGE.includes('Many clients drop the reason and say `403 Forbidden`')) ? [] : ['the client shows neither the message nor 403'],
    ...SPECIAL.includes(action) && !PAGE.split('\n').some((line) => line.startsWith('###') && line.includes(action.replace('ecr:', '')))
      ? [`docs/troubleshooting.md has no heading for ${action}`] : [],
  ];
}

/** What has a heading of its own. */
const SPECIAL = ['ecr:GetAuthorizationToken', 'ecr:InitiateLayerUpload', 'ecr:DescribeImages'];

/** The rules that the page names where a message leads to. */
function rulesFor(message: string, runtime: string | undefined): string[] {
  const heading = HEADINGS[runtime ?? ''];
  const text = heading === undefined ? rowFor(message) ?? '' : PAGE.slice(PAGE.indexOf(heading)).split(/\n### /)[0];
  return [...text.matchAll(/rules\/([\w-]+)\.md/g)].map(([, rule]) => rule);
}

/** The row of "Read the end of the message" that a message ends by. */
function rowFor(message: string): string | undefined {
  return PAGE.split('\n').find((line) => {
    const [, end] = /^\| `(because [^`]+)`/.exec(line) ?? [];
    return end !== undefined && new RegExp(`${end.replace('…', '\\w+')}$`).test(message);
  });
}
