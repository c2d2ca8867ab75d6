import { Arguments } from './arguments';
import { INPUT_HELP, INPUT_OPTIONS, Inputs, inputsOf } from './inputs';
import { Outcome, Subcommand, Terminal } from './outcome';
import { explain, NamedRole, roleNamed, rolesInPolicies } from '../access/judgement/explain';
import { KnownPuller } from '../access/judgement/judge';
import { Address, addressOf } from '../access/model/addresses';
import { imageReferenceOf } from '../access/model/image-reference';
import { Role } from '../access/model/roles';
import { explanationInWords } from '../access/report/explanation';
import { styleFor } from '../access/report/style';
import { wrap } from '../access/report/table';
import { parseArn } from '../access/template/text-patterns';
import { LAMBDA_SERVICE } from '../policy/services';

/** Walks through one pull. */
export const explainPull: Subcommand = {
  name: 'explain',
  usage: ['--role ARN --image URI CDK.OUT... [--contract FILE]... [--organization FILE]...', '--role lambda.amazonaws.com --function ARN --image URI CDK.OUT... [...]'],
  summary: 'walks through one pull step by step, when something says AccessDenied',
  help: [
    'Walks through one pull, both halves of the grant, statement by statement: what lets the puller in, what denies it, and what nearly lets it in,',
    'and why it does not.',
    '',
    '  --role ARN           who pulls, as the error message has it: arn:aws:iam::111122223333:role/NAME, or the session',
    '                       arn:aws:sts::111122223333:assumed-role/NAME/SESSION; or a service, lambda.amazonaws.com',
    '  --function ARN       the Lambda function, if it is the service that pulls',
    '  --image URI          what is pulled: 111122223333.dkr.ecr.us-east-1.amazonaws.com/NAME, with or without tag or digest; or the repository\'s ARN',
    ...INPUT_HELP,
    '',
    'Exit codes: 0 nothing in sight keeps it from pulling, 1 it cannot pull, 2 the input is bad.',
  ],
  options: { ...INPUT_OPTIONS, role: 'value', image: 'value', function: 'value' },
  run: (args, terminal) => {
    const image = imageIn(required(args, 'image', 'the URI of the image'));
    const role = required(args, 'role', 'the ARN of the role that pulls');
    const inputs = inputsOf(args);
    const service = serviceIn(role, args.value('function'));
    if (service) {
      return explained(inputs, service, image, undefined, terminal);
    }
    const named = roleNamed(role, rolesIn(inputs), [...new Set(inputs.worlds.flatMap(rolesInPolicies))]);
    if (!named) {
      throw new Error(`--role is ${JSON.stringify(role)}, but is written arn:aws:iam::111122223333:role/NAME, or, as an error message has it, `
        + 'arn:aws:sts::111122223333:assumed-role/NAME/SESSION; or it is lambda.amazonaws.com');
    }
    return explained(inputs, { type: 'role', arn: named.arn }, image, named, terminal);
  },
};

/** The roles of all worlds: each as it is in one of them. */
function rolesIn({ worlds }: Inputs): Role[] {
  return [...new Map(worlds.flatMap(({ roles }) => roles).map((role) => [`${role.file} ${role.logicalId}`, role])).values()];
}

const FAILURES: readonly string[] = ['ownerHalfMissing', 'consumerHalfMissing', 'bothHalvesMissing', 'impossible'];

function explained(
  { worlds, organizations }: Inputs, puller: KnownPuller, image: Address, named: NamedRole | undefined, terminal: Terminal,
): Outcome {
  const style = styleFor(terminal.isColoured);
  const cases = new Map(worlds.map((world) => {
    const explanation = explain(world, organizations, puller, image);
    return [explanationInWords(explanation, named, style, terminal.width).join('\n'), explanation.judgement.verdict];
  }));
  const isFailure = (verdict: string) => FAILURES.includes(verdict);
  // What fails is what is asked about.
  const [[text, verdict]] = [...cases].sort(([, a], [, b]) => Number(isFailure(b)) - Number(isFailure(a)));
  const failing = [...cases.values()].filter(isFailure).length;
  const more = cases.size > 1
    ? wrap(`The templates have conditions that are known only at deployment. This is one of ${cases.size} ways in which they may turn out; `
      + `the pull fails in ${failing} of them.`, terminal.width)
    : [];
  return { code: isFailure(verdict) ? 1 : 0, out: [...text.split('\n'), ...more], err: [] };
}

function required(args: Arguments, option: string, what: string): string {
  const value = args.value(option);
  if (value === undefined) {
    throw new Error(`--${option} is missing: ${what}`);
  }
  return value;
}

function imageIn(text: string): Address {
  const image = imageReferenceOf(text.replace(/^(?:docker|https):\/\//, '')) ?? addressOf(text);
  if (!image || !/^\d{12}$/.test(image.account) || image.repository.includes('*')) {
    throw new Error(`--image is ${JSON.stringify(text)}, but an image in a private registry of Amazon ECR is written `
      + '111122223333.dkr.ecr.us-east-1.amazonaws.com/NAME:TAG, and its repository arn:aws:ecr:us-east-1:111122223333:repository/NAME');
  }
  return image;
}

function serviceIn(role: string, functionArn: string | undefined): KnownPuller | undefined {
  if (role !== LAMBDA_SERVICE) {
    if (functionArn !== undefined) {
      throw new Error(`--function goes with --role ${LAMBDA_SERVICE}, but --role is ${JSON.stringify(role)}`);
    }
    return undefined;
  }
  const { service, account, resource } = parseArn(functionArn ?? '') ?? {};
  if (service !== 'lambda' || !/^\d{12}$/.test(account!) || !resource!.startsWith('function:')) {
    throw new Error(`--role ${LAMBDA_SERVICE} needs the function: --function arn:aws:lambda:us-east-1:111122223333:function:NAME`
      + `${functionArn === undefined ? '' : `, but it is ${JSON.stringify(functionArn)}`}`);
  }
  return { type: 'service', service: LAMBDA_SERVICE, sourceArn: functionArn! };
}
