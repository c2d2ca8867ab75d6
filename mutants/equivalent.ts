import { Fault } from './faults/fault';
import { StackTemplate } from '../src/access/template/template';

/*
 * Why a fault breaks nothing. That it breaks nothing the second opinion has found; what a statement is needed for, two more mutants of it show.
 * A fault that breaks nothing and is not among these counts as a survivor.
 */

const UNUSED = 'the statement is about no pull in sight: not even if it denied what it allows would one break';
const REDUNDANT = 'another statement allows the same: without this one altogether nothing would break';
const NOT_NEEDED_ACTION = 'the statement is needed, the action is not: AWS documents two for a pull, the login, and what App Runner and caches need besides';
const KEEPS_OUT = 'the statement is needed, and lets in whoever pulls as before, and nobody whom no account or organization vouches for: '
  + 'its condition kept out others of the same account or organization';
const OTHERS_PART = 'the statement is needed, the part is not: it is about an account, a Region or a repository that no pull in sight has to do with';
const BY_ROLE_ALONE = 'the role is for what no template tells, such as instances; what it pulls is told by this policy alone, and nobody in sight is to pull the rest';

/** Parts of statements that are needed as a whole, by what was done to them. */
const PARTS: ReadonlyArray<readonly [kind: RegExp, argument: string]> = [
  [/(drop|replace) one of Action$/, NOT_NEEDED_ACTION],
  [/(drop|replace) one of NotAction$/, 'the action is none of Amazon ECR: whether it is excepted concerns no pull'],
  [/^repository policy: (drop a condition|let everybody in)$/, KEEPS_OUT],
  [/^trust policy: drop a condition$/, 'the service that runs the image may assume the role as before; the condition kept it from doing so for others'],
  [/^identity policy: (drop one of Resource|another (account|Region|repository) in a resource)$/, BY_ROLE_ALONE],
  [/(drop a principal|let another account in|drop a value of a condition|another (account|Region) in a condition)$/, OTHERS_PART],
];

const NO_SITE = 'nothing in sight pulls with this role';
const NO_IMAGES = 'nobody in sight loses leave to pull: whether images are where they are pulled from, pushed or copied, no template tells';
const ROLE_IS_GLOBAL = 'roles have no Region, and images are pulled from wherever the owner lets them; what else is in the stack concerns no pull in sight';

/** Resources, and what is not in a statement. */
const RESOURCES: ReadonlyArray<readonly [kind: RegExp, argument: string]> = [
  [/^role: (without a managed policy|without an inline policy|within another boundary)$/, `${NO_SITE}, or its other policies allow the same`],
  [/^role: another name$/, 'what pulls with the role names it by reference, and the owner lets in its account, or its organization, under any name'],
  [/^policy of a role: /, BY_ROLE_ALONE],
  [/^repository: (another name|no policy|not there)$/, `the role's own policy is enough in the account of the repository, or nobody in sight pulls from it; ${NO_IMAGES}`],
  [/^registry policy: not there$/, 'the policies of the repositories, or of the roles in their own account, let in whoever pulls in sight'],
  [/^creation template: /, 'nobody in sight pulls from another account what Amazon ECR would make by it'],
  [/^cache: not there$/, `the role that pulls may do so in its own account; ${NO_IMAGES}`],
  [/^replication: (not there|another prefix|without a rule|to another Region)$/, NO_IMAGES],
  [/^image: another repository$/, `AWS Lambda lets itself in to repositories of its own account; ${NO_IMAGES}`],
  [/^image: pulled by a role that is not there$/, 'no manifest in sight says what the nodes run'],
  [/^policy: too long$/, 'it is for the owner to find, who has the template and not only the contract'],
  [/^stack: in another Region$/, ROLE_IS_GLOBAL],
];

/** Why a fault that breaks nothing does not; undefined if nobody has thought of it. */
export function argumentFor(
  { kind, statement }: Fault, base: readonly StackTemplate[], isSame: (templates: readonly StackTemplate[]) => boolean,
): string | undefined {
  const argued = (by: typeof PARTS) => by.find(([pattern]) => pattern.test(kind))?.[1];
  if (!statement) {
    return argued(RESOURCES);
  }
  if (!isSame(statement.without(base))) {
    return argued(PARTS);
  }
  return isSame(statement.denied(base)) ? UNUSED : REDUNDANT;
}
