import { join } from 'path';
import { readContract } from '../../src/access/contract/read-contract';
import { CONTRACT, fileOf } from '../access/contract/support';
import { assemblyOf, manifestOf } from '../access/support';
import { CONSUMER_APP, IMAGE, OWNER_APP, ran, ROLE } from '../command/support';
import { errorOf } from '../support';

/** The command and contracts: what is malformed is refused. Each line: the arguments, the value that the message shows, the remedy. */

const EMPTY = assemblyOf({});
const NO_MANIFEST = assemblyOf({ 'manifest.json': '{' });
const NO_ARTIFACTS = assemblyOf({ 'manifest.json': {} });
const LIST = assemblyOf({ 'manifest.json': '[1]' });
const NO_TEMPLATE = assemblyOf({ 'manifest.json': manifestOf({ Web: { type: 'aws:cloudformation:stack', environment: 'aws://111111111111/us-east-1', properties: {} } }) });
const ARN = 'is written arn:aws:iam::111122223333:role/NAME';
const URI = 'is written 111122223333.dkr.ecr.us-east-1.amazonaws.com/NAME:TAG';
const ASSEMBLY = 'a cloud assembly is the directory that "cdk synth" wrote, by default cdk.out';
const ORGANIZATION = { organizationId: 'o-a1b2c3d4e5', accounts: ['111111111111'] };
const organization = (content: unknown) => fileOf(content, 'organization.json');
const explain = (role: string, image = IMAGE, ...more: string[]) => ['explain', '--role', role, '--image', image, ...more, CONSUMER_APP];

const COMMANDS: Array<[string[], string, string]> = [
  [[], 'cdk-shared-ecr', 'check'],
  [['chekc'], 'chekc', 'did you mean check?'],
  [['frobnicate'], 'frobnicate', 'cdk-shared-ecr --help'],
  [['--verison'], '--verison', 'did you mean --version?'],
  ...['check', 'report', 'contract'].flatMap((command): Array<[string[], string, string]> => [
    [[command], command, 'Name the directory that "cdk synth" wrote'],
    [[command, 'nowhere'], join('nowhere', 'manifest.json'), ASSEMBLY],
    [[command, EMPTY], EMPTY, ASSEMBLY],
    [[command, NO_MANIFEST], NO_MANIFEST, ASSEMBLY],
    [[command, LIST], '[1]', ASSEMBLY],
    [[command, NO_ARTIFACTS], NO_ARTIFACTS, ASSEMBLY],
    [[command, NO_TEMPLATE], 'artifact "Web" has no templateFile', 'run "cdk synth" again'],
    [[command, OWNER_APP, '--formta', 'json'], '--formta', command === 'contract' ? 'it takes no options' : 'did you mean --format?'],
    [[command, OWNER_APP, '-x'], '-x', command === 'contract' ? 'it takes no options' : 'the options are --contract, --organization, --format'],
  ]),
  ...['check', 'report'].flatMap((command): Array<[string[], string, string]> => [
    [[command, OWNER_APP, '--format', 'jsno'], '"jsno"', 'did you mean json?'],
    [[command, OWNER_APP, '--format', 'xml'], '"xml"', 'but can be'],
    [[command, OWNER_APP, '--format'], '--format needs a value', '--format VALUE'],
    [[command, OWNER_APP, '--format', 'json', '--format', 'json'], '--format is given twice', 'give it once'],
    [[command, OWNER_APP, '--contract', 'nowhere.json'], '"nowhere.json"', 'its owner writes it by "npx cdk-shared-ecr contract cdk.out"'],
    [[command, OWNER_APP, '--contract', fileOf({ kind: 'other' })], '"other"', 'a contract is an object whose kind is'],
    [[command, OWNER_APP, '--organization', 'nowhere.json'], '"nowhere.json"', 'there is no such file'],
    [[command, OWNER_APP, '--organization', organization('{')], 'organization.json', 'is not JSON'],
    [[command, OWNER_APP, '--organization', organization({})], 'organizationId is undefined', 'an organization id is "o-"'],
    [[command, OWNER_APP, '--organization', organization({ ...ORGANIZATION, accounts: ['1'] })], '"1"', 'an account id is 12 digits'],
    [[command, OWNER_APP, ...[1, 2].flatMap(() => ['--organization', organization(ORGANIZATION)])], '111111111111', 'an account is in one organization, once'],
  ]),
  [['check', OWNER_APP, '--strict=yes'], '"yes"', 'takes no value'],
  [['explain', CONSUMER_APP], '--image is missing', 'the URI of the image'],
  [['explain', '--image', IMAGE, CONSUMER_APP], '--role is missing', 'the ARN of the role that pulls'],
  [explain('runs-web'), '"runs-web"', ARN],
  [explain('arn:aws:s3:::bucket'), '"arn:aws:s3:::bucket"', ARN],
  [explain('codebuild.amazonaws.com'), '"codebuild.amazonaws.com"', 'or it is lambda.amazonaws.com'],
  [explain(ROLE, 'nginx:latest'), '"nginx:latest"', URI],
  [explain(ROLE, 'public.ecr.aws/nginx/nginx'), '"public.ecr.aws/nginx/nginx"', URI],
  [explain(ROLE, 'arn:aws:ecr:us-east-1:111111111111:repository/*'), 'repository/*', URI],
  [explain('lambda.amazonaws.com'), 'lambda.amazonaws.com', '--function arn:aws:lambda:us-east-1:111122223333:function:NAME'],
  [explain('lambda.amazonaws.com', IMAGE, '--function', 'orders'), '"orders"', '--function arn:aws:lambda'],
  [explain(ROLE, IMAGE, '--function', 'arn:aws:lambda:us-east-1:222222222222:function:f'), ROLE, '--function goes with --role lambda.amazonaws.com'],
];

test.each(COMMANDS)('the command %j', (args, got, remedy) => {
  const { code, out, err } = ran(...args);

  expect({ code, out }).toEqual({ code: 2, out: [] });
  expect(err.join('\n')).toContain(got);
  expect(err.join('\n')).toContain(remedy);
});

/** The contract with another value at a place in it. */
function changed(path: ReadonlyArray<string | number>, value: unknown): unknown {
  const contract = structuredClone(CONTRACT);
  path.slice(0, -1).reduce((inner, key) => inner[key], contract)[path[path.length - 1]] = value;
  return contract;
}

const CONTRACTS: Array<[Array<string | number>, unknown, string, string]> = [
  [['kind'], 'other', '"other"', 'whose kind is "cdk-shared-ecr/contract"'],
  [['version'], 9, 'version is 9', 'update cdk-shared-ecr here'],
  [['version'], '1', '"1"', 'let its owner write it anew'],
  [['owner'], 'a', '"owner"', 'its fields are kind, version, repositories, registries'],
  [['repositories'], {}, 'repositories is {}', 'it is a list'],
  [['repositories', 0], 'web', 'repositories[0] is "web"', 'it is an object with name, account, region, policy, tags'],
  [['repositories', 0, 'name'], 'Web', '"Web"', 'a repository name has'],
  [['repositories', 0, 'account'], 1, 'account is 1', 'an account id is 12 digits'],
  [['repositories', 0, 'region'], 'Frankfurt', '"Frankfurt"', 'a Region is written like'],
  [['repositories', 0, 'polciy'], {}, '"polciy"', 'its fields are name, account, region, policy, tags'],
  [['repositories', 0, 'policy'], [], '[]', 'it is a policy: an object with Version and Statement'],
  [['repositories', 0, 'policy', 'Statement', 0, 'Effect'], 'allow', '"allow"', 'it is "Allow" or "Deny"'],
  [['repositories', 0, 'tags'], [], '[]', 'it is an object of texts'],
  [['repositories', 1], CONTRACT.repositories[0], 'repositories[1] is what repositories[0] is', 'each may stand there once'],
  [['registries', 0, 'caches'], null, 'caches is null', 'it is a list'],
  [['registries', 0, 'templates', 0, 'namespace'], '*', '"*"', 'a prefix is how the names of repositories begin'],
  [['registries', 0, 'replicationRules', 0, 'destinations', 0, 'account'], 'x', '"x"', 'an account id is 12 digits'],
];

test.each(CONTRACTS)('the contract with %j set to %j', (path, value, got, remedy) => {
  const file = fileOf(changed(path, value));
  const message = errorOf(() => readContract(file));

  expect(message).toContain(`the contract ${JSON.stringify(file)} `);
  expect(message).toContain(got);
  expect(message).toContain(remedy);
  expect(ran('check', OWNER_APP, '--contract', file)).toEqual({ code: 2, out: [], err: [`cdk-shared-ecr: check: ${message}`] });
});
