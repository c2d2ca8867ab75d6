import { Half } from '../../../src/access/judgement/halves';
import { ADDED_BY_LAMBDA, judge, Judgement, Verdict } from '../../../src/access/judgement/judge';
import { Organization } from '../../../src/access/judgement/organizations';
import { modelOf } from '../../../src/access/model/model';
import { StackTemplate } from '../../../src/access/template/template';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const LOGIN = 'ecr:GetAuthorizationToken';
const CREATE = ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];
const ROLE = `arn:aws:iam::${CONSUMER}:role/app`;
const HOST = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com`;
const IMAGE = `${HOST}/web-app:v1`;
const ARN = `arn:aws:ecr:us-east-1:${OWNER}:repository/web-app`;
const MEMBER: Organization = { organizationId: 'o-aaaaaaaaaa', accounts: [OWNER, CONSUMER], organizationPaths: { [CONSUMER]: 'o-aaaaaaaaaa/r-root/ou-root-11111111' } };

const allow = (more: object = {}) => ({ Effect: 'Allow', Action: PULL, ...more });
const deny = (more: object) => allow({ Effect: 'Deny', ...more });
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const FOR_CONSUMER = allow({ Principal: { AWS: CONSUMER } });
const PULL_ALL = allow({ Action: [...PULL, LOGIN], Resource: '*' });

const repository = (statements: object[], more: object = {}) => (
  { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: document(...statements), ...more } });
const role = (statements: object[], more: object = {}) => (
  { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', Policies: [{ PolicyDocument: document(...statements) }], ...more } });
const task = (image: string = IMAGE, ExecutionRoleArn: unknown = ROLE) => (
  { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: image }], ExecutionRoleArn } });
const registryPolicy = (...statements: object[]) => ({ Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: document(...statements) } });

const stack = (account: string, Resources: Record<string, any>, more: Partial<StackTemplate> = {}) => stackOf({ Resources }, { path: `In${account}`, account, ...more });

function judged(owner: Record<string, any>, consumer: Record<string, any>, organizations?: Organization[]): Judgement {
  // Whoever deploys a function is told of below, and so is what a cache pulls.
  const all = judge(modelOf([stack(OWNER, owner), stack(CONSUMER, consumer)]), organizations)
    .filter(({ site }) => site.runtime !== 'Lambda deployment' && site.runtime !== 'pull-through cache');
  expect(all).toHaveLength(1);
  return all[0];
}

/** The judgement in short: the verdict, and what is not well in each half. */
function inShort({ verdict, owner, consumer }: Judgement): unknown[] {
  const half = ({ state, actions }: Half) => [state, ...actions].join(' ');
  return [verdict, half(owner), half(consumer)];
}

test('a judgement tells the site and the repository', () => {
  const { site, repository: arn, ...rest } = judged({ Repository: repository([FOR_CONSUMER]) }, { Role: role([PULL_ALL]), Task: task() });
  expect([site.path, arn]).toEqual([`In${CONSUMER}/Task`, ARN]);
  const well = { state: 'granted', actions: [], why: [] };
  expect(rest).toEqual({ verdict: 'allowed', ownerPolicy: 'repository', owner: well, consumer: well, trust: { ...well, state: 'notNeeded' } });
});

describe('a role of another account', () => {
  const PULLS = PULL.join(' ');
  const all = { Action: '*', Resource: '*' };

  test.each<[string, object[] | undefined, object[] | undefined, Verdict, string, string]>([
    ['both halves', [FOR_CONSUMER], [PULL_ALL], 'allowed', 'granted', 'granted'],
    ['both halves, with all actions that clients make', [allow({ Principal: { AWS: ROLE }, Action: 'ecr:*' })], [allow(all)], 'allowed', 'granted', 'granted'],
    ['no owner half', [], [PULL_ALL], 'ownerHalfMissing', `missing ${PULLS}`, 'granted'],
    ['an owner half for another account', [allow({ Principal: { AWS: '333333333333' } })], [PULL_ALL], 'ownerHalfMissing', `missing ${PULLS}`, 'granted'],
    ['half of an owner half', [allow({ Principal: { AWS: CONSUMER }, Action: PULL[0] })], [PULL_ALL], 'ownerHalfMissing', `missing ${PULL[1]}`, 'granted'],
    ['no consumer half', [FOR_CONSUMER], [], 'consumerHalfMissing', 'granted', `missing ${PULLS} ${LOGIN}`],
    ['no login', [FOR_CONSUMER], [allow({ Resource: ARN })], 'consumerHalfMissing', 'granted', `missing ${LOGIN}`],
    ['a login on a repository only', [FOR_CONSUMER], [allow({ Action: '*', Resource: ARN })], 'consumerHalfMissing', 'granted', `missing ${LOGIN}`],
    ['no half', [], [], 'bothHalvesMissing', `missing ${PULLS}`, `missing ${PULLS} ${LOGIN}`],
    ['a role that is not in sight', [FOR_CONSUMER], undefined, 'notInSight', 'granted', 'notInSight'],
    ['a role that is not in sight, and no owner half', [], undefined, 'ownerHalfMissing', `missing ${PULLS}`, 'notInSight'],
    ['a repository that is not in sight', undefined, [PULL_ALL], 'notInSight', `notInSight ${PULLS}`, 'granted'],
    ['a repository that is not in sight, and no consumer half', undefined, [], 'consumerHalfMissing', `notInSight ${PULLS}`, `missing ${PULLS} ${LOGIN}`],
    ['nothing in sight', undefined, undefined, 'notInSight', `notInSight ${PULLS}`, 'notInSight'],
    ['an owner that denies', [FOR_CONSUMER, deny({ Principal: '*', Action: PULL[1] })], [PULL_ALL], 'ownerHalfMissing', `denied ${PULL[1]}`, 'granted'],
    ['a role that is denied', [FOR_CONSUMER], [PULL_ALL, deny({ Action: PULL[0], Resource: '*' })], 'consumerHalfMissing', 'granted', `denied ${PULL[0]}`],
    ['a role that is denied, and no owner half', [], [PULL_ALL, deny({ Resource: '*' })], 'bothHalvesMissing', `missing ${PULLS}`, `denied ${PULLS}`],
    ['an address as condition', [allow({ Principal: { AWS: CONSUMER }, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })], [PULL_ALL],
      'undecided', `undecided ${PULLS}`, 'granted'],
    ['a tag of the role as condition', [allow({ Principal: { AWS: CONSUMER }, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } })], [PULL_ALL],
      'ownerHalfMissing', `missing ${PULLS}`, 'granted'],
    ['a tag of a role that is not in sight', [allow({ Principal: { AWS: CONSUMER }, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } })], undefined,
      'undecided', `undecided ${PULLS}`, 'notInSight'],
    ['a pattern of roles', [allow({ Principal: { AWS: CONSUMER }, Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${CONSUMER}:role/a*` } } })], [PULL_ALL],
      'allowed', 'granted', 'granted'],
    ['a condition that nobody knows', [FOR_CONSUMER], [allow({ ...all, Condition: { StringEquals: { 'x:y': 'z' } } })], 'undecided', 'granted', `undecided ${PULLS} ${LOGIN}`],
    ['a condition on a service', [allow({ Principal: { AWS: CONSUMER }, Condition: { StringEquals: { 'aws:SourceAccount': CONSUMER } } })], [PULL_ALL],
      'ownerHalfMissing', `missing ${PULLS}`, 'granted'],
  ])('%s', (_, owner, consumer, ...expected) => {
    const roles = consumer && { Role: role(consumer) };
    expect(inShort(judged(owner ? { Repository: repository(owner) } : {}, { ...roles, Task: task() }))).toEqual(expected);
  });

  test('its tags and those of the repository may be conditions', () => {
    const tags = { Tags: [{ Key: 'Team', Value: 'web' }] };
    const owner = allow({ Principal: { AWS: CONSUMER }, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'web' } } });
    const consumer = ['aws', 'ecr'].map((service) => allow({ Resource: '*', Condition: { StringEquals: { [`${service}:ResourceTag/team`]: 'web' } } }));
    const login = allow({ Action: LOGIN, Resource: '*' });
    for (const statement of consumer) {
      expect(judged({ Repository: repository([owner], tags) }, { Role: role([statement, login], tags), Task: task() }).verdict).toBe('allowed');
      expect(judged({ Repository: repository([FOR_CONSUMER]) }, { Role: role([statement, login]), Task: task() }).verdict).toBe('consumerHalfMissing');
      expect(judged({}, { Role: role([statement, login]), Task: task() }).consumer.state).toBe('undecided');
    }
  });

  test('App Runner describes an image before it pulls it', () => {
    const Service = {
      Type: 'AWS::AppRunner::Service',
      Properties: {
        SourceConfiguration: { ImageRepository: { ImageRepositoryType: 'ECR', ImageIdentifier: IMAGE }, AuthenticationConfiguration: { AccessRoleArn: ROLE } },
      },
    };
    expect(inShort(judged({ Repository: repository([FOR_CONSUMER]) }, { Role: role([allow({ Action: 'ecr:*', Resource: '*' })]), Service })))
      .toEqual(['ownerHalfMissing', 'missing ecr:DescribeImages', 'granted']);
  });

  test('the policy of the registry is enough', () => {
    const statement = { ...FOR_CONSUMER, Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/web-*` };
    expect(judged({ Policy: registryPolicy(statement) }, { Role: role([PULL_ALL]), Task: task() }).verdict).toBe('allowed');
    expect(judged({ Policy: registryPolicy(statement), Repository: repository([]) }, { Role: role([PULL_ALL]), Task: task() }).verdict).toBe('allowed');
    expect(judged({ Policy: registryPolicy(statement) }, { Role: role([PULL_ALL]), Task: task(`${HOST}/api`) }).verdict).toBe('notInSight');
    expect(judged({ Policy: registryPolicy({ ...statement, Effect: 'Deny' }), Repository: repository([FOR_CONSUMER]) }, { Role: role([PULL_ALL]), Task: task() }).verdict)
      .toBe('ownerHalfMissing');
  });
});

describe('policies of an owner that are known only at deployment', () => {
  const UNKNOWN = { 'Fn::ImportValue': 'elsewhere' };
  const ownerOf = (RepositoryPolicyText: unknown) => ({ Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText } } });
  const registry = { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: UNKNOWN } };
  const ofRepository = 'what the policy of the repository says is known only at deployment';
  const aValue = 'a condition or a value of the policy of the repository is known only at deployment';

  test.each<[string, Record<string, any>, Verdict, string]>([
    ['all of it', ownerOf(UNKNOWN), 'undecided', ofRepository],
    ['its statements', ownerOf({ Statement: UNKNOWN }), 'undecided', ofRepository],
    ['one of its statements', ownerOf(document(UNKNOWN)), 'undecided', ofRepository],
    ['one beside the one that is needed', ownerOf(document(FOR_CONSUMER, UNKNOWN)), 'allowed', ''],
    ['one beside one that denies it', ownerOf(document(deny({ Principal: '*' }), UNKNOWN)), 'ownerHalfMissing', ''],
    ['the policy of the registry', { ...ownerOf(undefined), Policy: registry }, 'undecided', 'what the policy of its registry says is known only at deployment'],
    ['both', { ...ownerOf(UNKNOWN), Policy: registry }, 'undecided', 'what the policy of the repository and the policy of its registry says is known only at deployment'],
    ['the effect of a statement', ownerOf(document({ ...FOR_CONSUMER, Effect: UNKNOWN })), 'undecided', aValue],
    ['the effect of one that may deny it', ownerOf(document(FOR_CONSUMER, { ...FOR_CONSUMER, Effect: UNKNOWN })), 'undecided', aValue],
    ['the effect of one about others', ownerOf(document({ ...FOR_CONSUMER, Principal: { AWS: '333333333333' }, Effect: UNKNOWN })), 'ownerHalfMissing', ''],
    ['whom a statement is about', ownerOf(document(allow({ Principal: UNKNOWN }))), 'undecided', aValue],
  ])('%s', (_, owner, verdict, why) => {
    const judgement = judged(owner, { Role: role([PULL_ALL]), Task: task() });
    expect([judgement.verdict, judgement.owner.why.join()]).toEqual([verdict, why]);
  });

  test('may be about a service', () => {
    const Function = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', Code: { ImageUri: IMAGE } } };
    const of = (policy: unknown) => judged(ownerOf(policy), { Function }).owner.state;
    expect([of(undefined), of(document(allow({ Principal: UNKNOWN }))), of(UNKNOWN)]).toEqual(['missing', 'undecided', 'undecided']);
  });

  test('may be those of a creation template', () => {
    const Cache = { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: 'public.ecr.aws' } };
    const Template = { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'shared', AppliedFor: ['PULL_THROUGH_CACHE'], RepositoryPolicy: UNKNOWN } };
    const { owner } = judged({ Cache, Template }, { Role: role([PULL_ALL]), Task: task(`${HOST}/shared/a`) });
    expect([owner.state, owner.why]).toEqual(['undecided', ['what its creation template says is known only at deployment']]);
  });

  test('may let in a role of its own account', () => {
    const [{ verdict, consumer }] = judge(modelOf([stack(OWNER, { ...ownerOf(UNKNOWN), Role: role([allow({ Action: LOGIN, Resource: '*' })]), Task: task(IMAGE, `arn:aws:iam::${OWNER}:role/app`) })]));
    expect([verdict, consumer.why]).toEqual(['undecided', [ofRepository]]);
  });
});

describe('policies of a role out of sight', () => {
  const owner = { Repository: repository([FOR_CONSUMER]) };

  test.each<[string, object[], object, Verdict, string]>([
    ['a managed policy may allow it', [], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Other'] }, 'undecided', 'what arn:aws:iam::aws:policy/Other says is not in sight'],
    ['a document that nobody knows may allow it', [], { Policies: [{ PolicyDocument: { 'Fn::Transform': {} } }] }, 'undecided', 'what <Fn::Transform> says is not in sight'],
    ['an effect that nobody knows', [{ ...PULL_ALL, Effect: { 'Fn::Transform': {} } }], {}, 'undecided', 'a condition or a value of the role\'s policies is known only at deployment'],
    ['a boundary may not', [PULL_ALL], { PermissionsBoundary: 'arn:aws:iam::222222222222:policy/b' }, 'undecided', 'the permissions boundary is not in sight'],
    ['a managed policy that allows it need not be in sight', [PULL_ALL], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/Other'] }, 'allowed', ''],
    ['a managed policy of AWS is known', [], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly'] }, 'allowed', ''],
    ['a boundary of AWS is known, and allows it', [PULL_ALL], { PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess' }, 'allowed', ''],
    ['a boundary of AWS is known, and does not', [PULL_ALL], { PermissionsBoundary: 'arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy' }, 'consumerHalfMissing', ''],
    ['a value that nobody knows', [allow({ Action: '*', Resource: '<X>' })], {}, 'undecided',
      'a condition or a value of the role\'s policies is known only at deployment'],
  ])('%s', (_, statements, more, verdict, why) => {
    const judgement = judged(owner, { Role: role(statements, more), Task: task() });
    expect([judgement.verdict, judgement.consumer.why.join()]).toEqual([verdict, why]);
  });
});

describe('organizations', () => {
  const inOrganization = (id: string) => allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': id } } });
  const inUnit = (path: string) => allow({ Principal: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${path}*` } } });
  const withoutPaths: Organization = { ...MEMBER, organizationPaths: undefined };

  test.each<[string, object, Organization[], Verdict]>([
    ['not declared', inOrganization('o-aaaaaaaaaa'), [], 'undecided'],
    ['without the consumer', inOrganization('o-aaaaaaaaaa'), [{ ...MEMBER, accounts: [OWNER] }], 'undecided'],
    ['with the consumer', inOrganization('o-aaaaaaaaaa'), [MEMBER], 'allowed'],
    ['with the consumer in another', inOrganization('o-bbbbbbbbbb'), [MEMBER], 'ownerHalfMissing'],
    ['a unit, not declared', inUnit('o-aaaaaaaaaa/r-root/ou-root-11111111/'), [], 'undecided'],
    ['a unit, declared', inUnit('o-aaaaaaaaaa/r-root/ou-root-11111111/'), [MEMBER], 'allowed'],
    ['another unit', inUnit('o-aaaaaaaaaa/r-root/ou-root-22222222/'), [MEMBER], 'ownerHalfMissing'],
    ['a unit of an organization whose units are not declared', inUnit('o-aaaaaaaaaa/r-root/ou-root-11111111/'), [withoutPaths], 'undecided'],
    ['a whole organization whose units are not declared', inUnit('o-aaaaaaaaaa/'), [withoutPaths], 'allowed'],
    ['a unit of another organization', inUnit('o-bbbbbbbbbb/r-root/ou-root-11111111/'), [withoutPaths], 'ownerHalfMissing'],
  ])('%s', (_, statement, organizations, verdict) => {
    expect(judged({ Repository: repository([statement]) }, { Role: role([PULL_ALL]), Task: task() }, organizations).verdict).toBe(verdict);
  });

  test.each<[Organization[], Verdict]>([[[], 'undecided'], [[MEMBER], 'allowed']])('that of the repository may be a condition: %j', (organizations, verdict) => {
    const statement = { ...PULL_ALL, Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-aaaaaaaaaa' } } };
    expect(judged({ Repository: repository([FOR_CONSUMER]) }, { Role: role([statement]), Task: task() }, organizations).verdict).toBe(verdict);
  });
});

describe('services', () => {
  const Orders = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders', Code: { ImageUri: IMAGE } } };
  const forLambda = (Condition: object) => allow({ Principal: { Service: 'lambda.amazonaws.com' }, Condition });
  const sourceArn = (name: string) => ({ ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${CONSUMER}:function:${name}` } });

  test.each<[string, object[], Organization[], Verdict]>([
    ['the functions of the account', [forLambda(sourceArn('*'))], [], 'allowed'],
    ['other functions', [forLambda(sourceArn('api'))], [], 'ownerHalfMissing'],
    ['the account, but not the service', [FOR_CONSUMER], [], 'ownerHalfMissing'],
    ['the service of another account', [forLambda({ StringEquals: { 'aws:SourceAccount': OWNER } })], [], 'ownerHalfMissing'],
    ['the service of the organization', [forLambda({ StringEquals: { 'aws:SourceOrgID': 'o-aaaaaaaaaa' } })], [MEMBER], 'allowed'],
    ['the service of an organization not declared', [forLambda({ StringEquals: { 'aws:SourceOrgID': 'o-aaaaaaaaaa' } })], [], 'undecided'],
    ['the organization, to which a service does not belong', [allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })],
      [MEMBER], 'ownerHalfMissing'],
    ['a denial of all but an organization, services included',
      [forLambda({}), deny({ Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } })], [MEMBER], 'ownerHalfMissing'],
    ['a denial of all but an organization, services excepted', [forLambda({}), deny({
      Principal: '*', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    })], [MEMBER], 'allowed'],
  ])('Lambda is let in by a statement for %s', (_, statements, organizations, verdict) => {
    const { consumer, ...judgement } = judged({ Repository: repository(statements) }, { Orders }, organizations);
    expect([judgement.verdict, consumer.state]).toEqual([verdict, 'notNeeded']);
  });

  test('in the account of the repository, Lambda may add the statement itself', () => {
    const here = (...statements: object[]) => judged({ Repository: repository(statements), Orders }, {});
    expect([here().verdict, here().owner]).toEqual(['undecided', { state: 'undecided', actions: PULL, why: [ADDED_BY_LAMBDA] }]);
    expect(here(forLambda({ StringEquals: { 'aws:SourceAccount': OWNER } })).verdict).toBe('allowed');
    expect(here(deny({ Principal: '*' })).verdict).toBe('ownerHalfMissing');
    expect(judged({ Orders }, {}).owner.why).toEqual([ADDED_BY_LAMBDA]);
  });

  test('CodeBuild pulls by itself unless told otherwise', () => {
    const Project = { Type: 'AWS::CodeBuild::Project', Properties: { Environment: { Image: IMAGE } } };
    const statement = (account: string) => allow({ Principal: { Service: 'codebuild.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': account } } });
    expect(judged({ Repository: repository([statement(OWNER)]), Project }, {}).verdict).toBe('allowed');
    expect(judged({ Repository: repository([statement(CONSUMER)]), Project }, {}).verdict).toBe('ownerHalfMissing');
    // Not from another account: AWS asks for the service role there.
    expect(judged({ Repository: repository([statement(CONSUMER)]) }, { Project })).toMatchObject({ verdict: 'impossible', impossible: 'withoutRole' });
  });
});

describe('in the account of the repository', () => {
  const LOCAL = `arn:aws:iam::${OWNER}:role/app`;
  const LOGIN_ONLY = allow({ Action: LOGIN, Resource: '*' });
  const PULLS = PULL.join(' ');
  const boundary = (...allowed: string[]) => ({
    Role: role([PULL_ALL], { PermissionsBoundary: { Ref: 'Boundary' } }),
    Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document(allow({ Action: allowed, Resource: '*' })) } },
  });
  const here = (statements: object[] | undefined, roles: Record<string, any>) => inShort(
    judged({ ...(statements && { Repository: repository(statements) }), ...roles, Task: task(IMAGE, LOCAL) }, {}));

  test.each<[string, object[] | undefined, object[] | undefined, Verdict, string, string]>([
    ['the role alone', [], [PULL_ALL], 'allowed', 'notNeeded', 'granted'],
    ['the role alone, of a repository that is not in sight', undefined, [PULL_ALL], 'allowed', 'notNeeded', 'granted'],
    ['a repository policy that names the role', [allow({ Principal: { AWS: LOCAL } })], [LOGIN_ONLY], 'allowed', 'notNeeded', 'granted'],
    ['a repository policy for everybody', [allow({ Principal: '*' })], [LOGIN_ONLY], 'allowed', 'notNeeded', 'granted'],
    ['one action each', [allow({ Principal: { AWS: LOCAL }, Action: PULL[0] })], [LOGIN_ONLY, allow({ Action: PULL[1], Resource: ARN })],
      'allowed', 'notNeeded', 'granted'],
    ['a repository policy that names the account, which delegates only', [allow({ Principal: { AWS: OWNER } })], [LOGIN_ONLY],
      'consumerHalfMissing', 'notNeeded', `missing ${PULLS}`],
    ['the same as root', [allow({ Principal: { AWS: `arn:aws:iam::${OWNER}:root` } })], [LOGIN_ONLY], 'consumerHalfMissing', 'notNeeded', `missing ${PULLS}`],
    ['no login', [allow({ Principal: { AWS: LOCAL } })], [], 'consumerHalfMissing', 'notNeeded', `missing ${LOGIN}`],
    ['nothing', [], [], 'consumerHalfMissing', 'notNeeded', `missing ${PULLS} ${LOGIN}`],
    ['no pull, of a repository that is not in sight', undefined, [LOGIN_ONLY], 'notInSight', 'notNeeded', `notInSight ${PULLS}`],
    ['no login, either', undefined, [], 'consumerHalfMissing', 'notNeeded', `missing ${LOGIN}`],
    ['a repository policy that denies', [deny({ Principal: { AWS: OWNER }, Action: PULL[0] })], [PULL_ALL], 'ownerHalfMissing', `denied ${PULL[0]}`, 'granted'],
    ['a role that is denied', [allow({ Principal: { AWS: LOCAL } })], [PULL_ALL, deny({ Resource: '*' })], 'consumerHalfMissing', 'notNeeded', `denied ${PULLS}`],
    ['a role that may be denied', [allow({ Principal: { AWS: LOCAL } })],
      [LOGIN_ONLY, deny({ Resource: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })], 'undecided', 'notNeeded', `undecided ${PULLS}`],
    ['a role that is not in sight, whose login nobody sees', [allow({ Principal: { AWS: LOCAL } })], undefined, 'notInSight', 'notNeeded', 'notInSight'],
    ['a role that is not in sight, and denied', [deny({ Principal: { AWS: LOCAL } })], undefined, 'ownerHalfMissing', `denied ${PULLS}`, 'notInSight'],
  ])('%s', (_, owner, consumer, ...expected) => {
    expect(here(owner, consumer ? { Role: role(consumer) } : {})).toEqual(expected);
  });

  test('a boundary holds for what a repository policy grants the role by its name, but not for what it grants everybody', () => {
    const forRole = allow({ Principal: { AWS: LOCAL } });
    expect(here([forRole], boundary(...PULL, LOGIN))).toEqual(['allowed', 'notNeeded', 'granted']);
    expect(here([forRole], boundary(LOGIN))).toEqual(['consumerHalfMissing', 'notNeeded', `missing ${PULLS}`]);
    expect(here([allow({ Principal: '*' })], boundary(LOGIN))).toEqual(['allowed', 'notNeeded', 'granted']);
    expect(here([allow({ Principal: '*' })], boundary(...PULL))).toEqual(['consumerHalfMissing', 'notNeeded', `missing ${LOGIN}`]);
  });

  test('what cannot be told of the login and of the rest is told once', () => {
    const { consumer } = judged({ Repository: repository([]), Role: role([], { ManagedPolicyArns: ['<X>'] }), Task: task(IMAGE, LOCAL) }, {});
    expect(consumer).toEqual({ state: 'undecided', actions: [...PULL, LOGIN], why: ['what <X> says is not in sight'] });
  });

  test('a pipeline only describes what is in a repository', () => {
    const Pipeline = {
      Type: 'AWS::CodePipeline::Pipeline',
      Properties: {
        RoleArn: LOCAL,
        Stages: [{ Actions: [{ ActionTypeId: { Category: 'Source', Provider: 'ECR' }, Configuration: { RepositoryName: 'web-app' } }] }],
      },
    };
    const pipeline = (Action: string) => (
      inShort(judged({ Repository: repository([]), Role: role([allow({ Action, Resource: ARN })]), Pipeline }, {})));
    expect(pipeline('ecr:DescribeImages')).toEqual(['allowed', 'notNeeded', 'granted']);
    expect(pipeline('ecr:BatchGetImage')).toEqual(['consumerHalfMissing', 'notNeeded', 'missing ecr:DescribeImages']);
  });
});

describe('repositories that Amazon ECR makes', () => {
  const rule = { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: '333333333333.dkr.ecr.us-east-1.amazonaws.com' } };
  const template = (AppliedFor: string, ...statements: object[]) => ({
    Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix: 'shared', AppliedFor: [AppliedFor], RepositoryPolicy: document(...statements) },
  });
  const CACHED = `${HOST}/shared/web-app:v1`;
  const LOCAL = `arn:aws:iam::${OWNER}:role/app`;
  const everything = allow({ Action: 'ecr:*', Resource: '*' });

  test('a pull through a cache may have to import the image and to create the repository', () => {
    const pull = (statement: object) => inShort(judged({ rule, Role: role([statement]), Task: task(CACHED, LOCAL) }, {}));
    expect(pull(PULL_ALL)).toEqual(['consumerHalfMissing', 'notNeeded', `missing ${CREATE.join(' ')}`]);
    expect(pull(everything)).toEqual(['allowed', 'notNeeded', 'granted']);
  });

  test('a cached repository that is there need not be created', () => {
    const Repository = repository([], { RepositoryName: 'shared/web-app' });
    expect(inShort(judged({ rule, Repository, Role: role([PULL_ALL]), Task: task(CACHED, LOCAL) }, {})))
      .toEqual(['consumerHalfMissing', 'notNeeded', `missing ${CREATE[0]}`]);
  });

  test('another account needs the template of a cache, or the policy of the registry', () => {
    const pull = (owner: object) => inShort(judged({ rule, ...owner }, { Role: role([everything]), Task: task(CACHED) }));
    const forConsumer = allow({ Principal: { AWS: CONSUMER }, Action: [...PULL, ...CREATE] });
    expect(pull({})).toEqual(['ownerHalfMissing', `missing ${[...PULL, ...CREATE].join(' ')}`, 'granted']);
    expect(pull({ Template: template('PULL_THROUGH_CACHE', FOR_CONSUMER) })).toEqual(['ownerHalfMissing', `missing ${CREATE.join(' ')}`, 'granted']);
    expect(pull({ Template: template('PULL_THROUGH_CACHE', FOR_CONSUMER), Policy: registryPolicy(forConsumer) })).toEqual(['allowed', 'granted', 'granted']);
    expect(pull({ Policy: registryPolicy(forConsumer) })).toEqual(['allowed', 'granted', 'granted']);
  });

  const replication = {
    Type: 'AWS::ECR::ReplicationConfiguration',
    Properties: { ReplicationConfiguration: { Rules: [{ Destinations: [{ RegistryId: OWNER, Region: 'eu-central-1' }] }] } },
  };
  const REPLICA = `${OWNER}.dkr.ecr.eu-central-1.amazonaws.com/shared/web-app`;

  test.each<[string, object, Verdict]>([
    ['that lets the role in', { Template: template('REPLICATION', FOR_CONSUMER) }, 'allowed'],
    ['that lets nobody in', { Template: template('REPLICATION') }, 'ownerHalfMissing'],
    ['for another purpose', { Template: template('PULL_THROUGH_CACHE', FOR_CONSUMER) }, 'notInSight'],
    ['that is not there', {}, 'notInSight'],
  ])('a replica has the policy of a template %s', (_, resources, verdict) => {
    const [judgement] = judge(modelOf([
      stack(OWNER, { replication }), stack(OWNER, { ...resources }, { path: 'Destination', region: 'eu-central-1' }),
      stack(CONSUMER, { Role: role([PULL_ALL]), Task: task(REPLICA) }),
    ]));
    expect(judgement.verdict).toBe(verdict);
  });
});

describe('what only the deployment knows', () => {
  test('who pulls', () => {
    const { verdict, owner, consumer } = judged({ Repository: repository([FOR_CONSUMER]) }, { Task: task(IMAGE, null) });
    const half = { state: 'undecided', actions: [], why: ['the task has no execution role, so the role of the instance pulls'] };
    expect([verdict, owner, consumer]).toEqual(['undecided', half, half]);
  });

  const judgedIn = (account: string, image: string, statements: object[], policy?: object[]) => {
    const Role = role(statements);
    const [judgement] = judge(modelOf([
      stackOf({ Resources: { Role, Task: task(image, { 'Fn::GetAtt': ['Role', 'Arn'] }), ...(policy && { Repository: repository(policy) }) } }, { account, region: '<AWS::Region>' }),
    ]));
    return inShort(judgement);
  };
  const SAME = '<AWS::AccountId>.dkr.ecr.<AWS::Region>.<AWS::URLSuffix>/web-app:v1';

  test('the account and the Region of a stack with its own repository', () => {
    expect(judgedIn('<AWS::AccountId>', SAME, [PULL_ALL], [])).toEqual(['allowed', 'notNeeded', 'granted']);
    expect(judgedIn('<AWS::AccountId>', SAME, [], [])).toEqual(['consumerHalfMissing', 'notNeeded', `missing ${PULL.join(' ')} ${LOGIN}`]);
  });

  test('whether the repository is in the account of the role', () => {
    const elsewhere = '<Stack/Account>.dkr.ecr.us-east-1.amazonaws.com/web-app:v1';
    expect(judgedIn('<AWS::AccountId>', IMAGE, [PULL_ALL])).toEqual(['undecided', 'undecided', 'granted']);
    expect(judgedIn(CONSUMER, elsewhere, [])).toEqual(['consumerHalfMissing', 'undecided', `missing ${PULL.join(' ')} ${LOGIN}`]);
    expect(judgedIn(CONSUMER, elsewhere, [allow({ Action: LOGIN, Resource: '*' })])).toEqual(['undecided', 'undecided', 'undecided']);
  });

  test('the account of the consumer', () => {
    const [judgement] = judge(modelOf([
      stack(OWNER, { Repository: repository([FOR_CONSUMER]) }),
      stackOf({ Resources: { Task: task(IMAGE, '<X>') } }, { account: CONSUMER }),
    ]));
    expect(inShort(judgement)).toEqual(['notInSight', 'granted', 'notInSight']);
  });
});

describe('images of the EKS add-ons', () => {
  const nodes = (NodeRole: unknown, image = '602401143452.dkr.ecr.us-east-1.amazonaws.com/eks/coredns:v1') => ({
    Nodes: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'cluster', NodeRole } },
    Manifest: { Type: 'Custom::AWSCDK-EKS-KubernetesResource', Properties: { ClusterName: 'cluster', Manifest: JSON.stringify([{ image }]) } },
  });

  test.each<[string, object, Verdict, string]>([
    ['that may pull', { Role: role([PULL_ALL]), ...nodes(ROLE) }, 'allowed', 'granted'],
    ['that may pull from its own account only', { Role: role([{ ...PULL_ALL, Action: PULL, Resource: ARN }]), ...nodes(ROLE) }, 'consumerHalfMissing', 'missing'],
    ['that is not in sight', nodes(ROLE), 'notInSight', 'notInSight'],
    ['that is not known', nodes(undefined), 'undecided', 'undecided'],
  ])('need a role %s, and nobody else', (_, resources, verdict, consumer) => {
    const judgement = judged({}, resources);
    expect([judgement.verdict, judgement.owner.state, judgement.consumer.state]).toEqual([verdict, 'notNeeded', consumer]);
  });

  test('are no concern of other services', () => {
    const Orders = { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: '602401143452.dkr.ecr.us-east-1.amazonaws.com/eks/coredns:v1' } } };
    expect(inShort(judged({}, { Orders }))).toEqual(['allowed', 'notNeeded', 'notNeeded']);
  });

  test('are not all that AWS lets everybody pull', () => {
    const Task = task('906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:stable');
    expect(inShort(judged({}, { Role: role([PULL_ALL]), Task }))).toEqual(['allowed', 'notNeeded', 'granted']);
  });
});

describe('whoever deploys a Lambda function', () => {
  const Orders = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders', Code: { ImageUri: IMAGE } } };
  const deployed = (owner: Record<string, any>, account: string, deployerRole?: string, more: Record<string, any> = {}) => inShort(
    judge(modelOf([stack(OWNER, owner), stack(account, { Orders, ...more }, { path: 'Functions', deployerRole })])).find(({ site }) => site.runtime === 'Lambda deployment')!);
  const forRole = (name: string) => allow({ Principal: { AWS: CONSUMER }, Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${CONSUMER}:role/${name}` } } });
  const MISSING = `missing ${PULL.join(' ')}`;

  test.each<[string, object[] | undefined, string | undefined, Verdict, string]>([
    ['is let in with its account', [FOR_CONSUMER], ROLE, 'allowed', 'granted'],
    ['is let in with its account, whoever it is', [FOR_CONSUMER], undefined, 'allowed', 'granted'],
    ['is let in as that role', [forRole('app')], ROLE, 'allowed', 'granted'],
    ['is not let in as another role', [forRole('other')], ROLE, 'ownerHalfMissing', MISSING],
    ['may be let in as some role', [forRole('other')], undefined, 'undecided', `undecided ${PULL.join(' ')}`],
    ['is not let in with another account', [allow({ Principal: { AWS: '333333333333' } })], undefined, 'ownerHalfMissing', MISSING],
    ['is not let in with the service', [allow({ Principal: { Service: 'lambda.amazonaws.com' } })], ROLE, 'ownerHalfMissing', MISSING],
    ['may be let in out of sight', undefined, ROLE, 'notInSight', `notInSight ${PULL.join(' ')}`],
  ])('%s', (_, statements, deployerRole, verdict, owner) => {
    expect(deployed(statements ? { Repository: repository(statements) } : {}, CONSUMER, deployerRole)).toEqual([verdict, owner, 'notNeeded']);
  });

  test('is judged by its own policies where these are in sight, and needs no login', () => {
    const owner = { Repository: repository([FOR_CONSUMER]) };
    expect(deployed(owner, CONSUMER, ROLE, { Role: role([allow({ Resource: ARN })]) })).toEqual(['allowed', 'granted', 'granted']);
    expect(deployed(owner, CONSUMER, ROLE, { Role: role([]) })).toEqual(['consumerHalfMissing', 'granted', MISSING]);
  });

  test('needs nobody\'s leave in the account of the repository', () => {
    expect(deployed({ Repository: repository([]) }, OWNER)).toEqual(['allowed', 'notNeeded', 'notNeeded']);
    expect(deployed({ Repository: repository([deny({ Principal: '*' })]) }, OWNER)).toEqual(['ownerHalfMissing', `denied ${PULL.join(' ')}`, 'notNeeded']);
  });
});

describe('what AWS Lambda cannot do', () => {
  const of = (image: string, owner: Record<string, any> = {}, region = 'us-east-1') => judge(modelOf([
    stack(OWNER, owner),
    stack(CONSUMER, { Orders: { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: image } } } }, { region }),
  ])).filter(({ site }) => site.runtime.startsWith('Lambda')).map(({ verdict, impossible }) => [verdict, impossible]);
  const cache = (EcrRepositoryPrefix: string) => (
    { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix, UpstreamRegistryUrl: '333333333333.dkr.ecr.us-east-1.amazonaws.com' } });
  const twice = (...one: unknown[]) => [one, one];

  test.each<[string, unknown[][], unknown[][]]>([
    ['images of another Region', of(IMAGE, {}, 'eu-central-1'), twice('impossible', 'otherRegion')],
    ['images of a Region that is not known', of(IMAGE, {}, '<AWS::Region>'), twice('notInSight', undefined)],
    ['FIPS hosts', of(IMAGE.replace('.ecr.', '.ecr-fips.')), twice('impossible', 'fipsHost')],
    ['images through a cache', of(`${HOST}/shared/web-app`, { cache: cache('shared') }), twice('impossible', 'throughCache')],
    ['a repository of its own in the namespace of a cache', of(`${HOST}/shared/web-app`, { cache: cache('shared'), Repository: repository([], { RepositoryName: 'shared/web-app' }) }),
      twice('ownerHalfMissing', undefined)],
    ['a repository that may be in a cache for all', of(IMAGE, { cache: cache('ROOT') }), twice('undecided', undefined)],
    ['a repository beside a cache for all', of(IMAGE, { cache: cache('ROOT'), Repository: repository([]) }), twice('ownerHalfMissing', undefined)],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe('the upstream of a cache', () => {
  const UPSTREAM = '333333333333';
  const FETCH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];
  const KEEP = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
  const FETCHER = `arn:aws:iam::${OWNER}:role/app`;
  const TRUST = { AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'pullthroughcache.ecr.amazonaws.com' }, Action: 'sts:AssumeRole' }) };
  const may = (Action: string[], name: string, account: string) => allow({ Action, Resource: `arn:aws:ecr:us-east-1:${account}:repository/${name}` });
  const login = allow({ Action: LOGIN, Resource: '*' });
  const ALL = [login, may(FETCH, 'team-a/*', UPSTREAM), may(KEEP, 'shared/*', OWNER)];
  const LETS = allow({ Action: FETCH, Principal: { AWS: OWNER } });
  const rule = (more: object = {}) => ({
    Type: 'AWS::ECR::PullThroughCacheRule',
    Properties: {
      EcrRepositoryPrefix: 'shared', UpstreamRepositoryPrefix: 'team-a', UpstreamRegistryUrl: `${UPSTREAM}.dkr.ecr.us-east-1.amazonaws.com`, CustomRoleArn: FETCHER, ...more,
    },
  });

  interface Around {
    readonly used?: boolean;
    readonly trust?: object;
    readonly policy?: object[];
    readonly more?: object;
  }

  function fetched(upstream: object[] | undefined, fetcher: object[] | undefined, around: Around = {}): unknown[][] {
    const { used = true, trust = TRUST, policy = [], more = {} } = around;
    const Repository = upstream && repository(upstream, { RepositoryName: 'team-a/web-app' });
    const owner = { ...(Repository && { Repository }), ...(policy.length > 0 && { Policy: registryPolicy(...policy) }) };
    const downstream = { rule: rule(more), ...(fetcher && { Role: role(fetcher, trust) }), ...(used && { Task: task(`${HOST}/shared/web-app:v1`) }) };
    return judge(modelOf([stack(UPSTREAM, owner), stack(OWNER, downstream)])).filter(({ site }) => site.runtime === 'pull-through cache')
      .map((judgement) => [...inShort(judgement), judgement.trust.state]);
  }

  test.each<[string, unknown[][], unknown[]]>([
    ['lets the account of the cache in, and its role may fetch and keep', fetched([LETS], ALL), ['allowed', 'granted', 'granted', 'granted']],
    ['does not let it in', fetched([], ALL), ['ownerHalfMissing', `missing ${FETCH.join(' ')}`, 'granted', 'granted']],
    ['lets it pull, which is not enough', fetched([FOR_CONSUMER, allow({ Principal: { AWS: OWNER } })], ALL),
      ['ownerHalfMissing', `missing ${FETCH[1]} ${FETCH[3]}`, 'granted', 'granted']],
    ['lets it in by the policy of its registry', fetched(undefined, ALL, { policy: [{ ...LETS, Resource: '*' }] }), ['allowed', 'granted', 'granted', 'granted']],
    ['is not in sight', fetched(undefined, ALL), ['notInSight', `notInSight ${FETCH.join(' ')}`, 'granted', 'granted']],
    ['lets in a role that may not fetch', fetched([LETS], [login, ALL[2]]), ['consumerHalfMissing', 'granted', `missing ${FETCH.join(' ')}`, 'granted']],
    ['lets in a role that may not keep', fetched([LETS], [login, ALL[1]]), ['consumerHalfMissing', 'granted', `missing ${KEEP.join(' ')}`, 'granted']],
    ['lets in a role that may not log in', fetched([LETS], ALL.slice(1)), ['consumerHalfMissing', 'granted', `missing ${LOGIN}`, 'granted']],
    ['lets in a role that is not in sight', fetched([LETS], undefined), ['notInSight', 'granted', 'notInSight', 'notNeeded']],
    ['lets in a role that the cache cannot assume', fetched([LETS], ALL, { trust: { AssumeRolePolicyDocument: document() } }), ['consumerHalfMissing', 'granted', 'granted', 'missing']],
    ['is asked by a cache without a role', fetched([LETS], ALL, { more: { CustomRoleArn: undefined } }), ['undecided', 'undecided', 'undecided', 'notNeeded']],
    ['nobody pulls from, whose registry lets the account in', fetched(undefined, ALL, { used: false, policy: [{ ...LETS, Resource: '*' }] }), ['allowed', 'granted', 'granted', 'granted']],
    ['nobody pulls from, of which a part lets the account in', fetched(undefined, ALL, { used: false, policy: [{ ...LETS, Resource: `arn:aws:ecr:us-east-1:${UPSTREAM}:repository/team-a/web-*` }] }),
      ['undecided', `undecided ${FETCH.join(' ')}`, 'granted', 'granted']],
    ['nobody pulls from, of which nothing lets the account in', fetched([], ALL, { used: false }), ['undecided', `undecided ${FETCH.join(' ')}`, 'granted', 'granted']],
    ['nobody pulls from, whose role may fetch something else', fetched([], [login, may(FETCH, 'team-b/*', UPSTREAM), ALL[2]], { used: false }),
      ['consumerHalfMissing', `undecided ${FETCH.join(' ')}`, `missing ${FETCH.join(' ')}`, 'granted']],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual([expected]);
  });

  test('in the same account needs nobody\'s leave, and no role', () => {
    const here = { UpstreamRegistryUrl: `${OWNER}.dkr.ecr.us-west-2.amazonaws.com` };
    const home = [login, allow({ Action: FETCH, Resource: `arn:aws:ecr:us-west-2:${OWNER}:repository/team-a/*` }), ALL[2]];
    expect(fetched(undefined, home, { more: here })).toEqual([['allowed', 'notNeeded', 'granted', 'granted']]);
    expect(fetched(undefined, [], { more: { ...here, CustomRoleArn: undefined } })).toEqual([]);
  });
});

describe('a cache for every repository of a registry', () => {
  const rule = { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'ROOT', UpstreamRegistryUrl: 'registry-1.docker.io' } };
  const pull = (owner: object, statement: object) => inShort(judged({ rule, ...owner, Role: role([statement]), Task: task(IMAGE, `arn:aws:iam::${OWNER}:role/app`) }, {}));

  test('is none for a repository that is declared', () => {
    expect(pull({ Repository: repository([]) }, PULL_ALL)).toEqual(['allowed', 'notNeeded', 'granted']);
  });

  test('may be one for others', () => {
    expect(pull({}, allow({ Action: 'ecr:*', Resource: '*' }))).toEqual(['allowed', 'notNeeded', 'granted']);
    expect(pull({}, PULL_ALL)).toEqual(['undecided', 'notNeeded', 'undecided']);
  });
});
