import { explain, roleNamed, rolesInPolicies } from '../../../src/access/judgement/explain';
import { KnownPuller } from '../../../src/access/judgement/judge';
import { modelOf } from '../../../src/access/model/model';
import { Role } from '../../../src/access/model/roles';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const ROLE = `arn:aws:iam::${CONSUMER}:role/runs-web`;
const ECR = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const IMAGE = { account: OWNER, region: 'us-east-1', repository: 'web' };
const allow = (more: object) => ({ Effect: 'Allow', Action: ECR, ...more });

const repository = (...Statement: object[]) => ({ Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web', RepositoryPolicyText: { Statement } } });
const role = (Statement: object[], more: object = {}) => (
  { Type: 'AWS::IAM::Role', Properties: { RoleName: 'runs-web', Policies: [{ PolicyDocument: { Statement } }], ...more } });
const owner = (Resources: object) => stackOf({ Resources }, { path: 'Owner' });
const consumer = (Resources: object) => stackOf({ Resources }, { path: 'Web', account: CONSUMER });
const puller: KnownPuller = { type: 'role', arn: ROLE };

/** What is said of each statement: whether it applies, and what keeps it from it. */
function tracesOf(explanation: ReturnType<typeof explain>, half: 'owner' | 'consumer') {
  return explanation.steps.filter((step) => step.half === half).map(({ actions, documents }) => [
    actions.map((action) => action.replace('ecr:', '')).join(' '),
    ...documents.map(({ document, decision, statements }) => [
      document, decision, ...statements.map(({ statement, applies, obstacles }) => [
        statement.sid, applies, ...obstacles.map(({ part, truth, actual }) => `${part} ${truth} ${Array.isArray(actual) ? actual.join() : actual}`),
      ].join(' | ')),
    ]),
  ]);
}

test('of every statement it is told whether it applies, and by which of its parts it does not', () => {
  const model = modelOf([
    owner({
      Repository: repository(
        allow({ Sid: 'Right', Principal: { AWS: CONSUMER }, Condition: { ArnLike: { 'aws:PrincipalArn': ROLE } } }),
        allow({ Sid: 'Principal', Principal: { AWS: '333333333333' } }),
        allow({ Sid: 'Action', Principal: { AWS: CONSUMER }, Action: 'ecr:PutImage' }),
        allow({ Sid: 'Conditions', Principal: { AWS: CONSUMER }, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:SourceAccount': 'x', 'aws:RequestedRegion': 'eu-central-1' } } }),
      ),
      Registry: { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { Statement: allow({ Sid: 'Resource', Principal: '*', Resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/tools` }) } } },
    }),
    consumer({ Role: role([allow({ Sid: 'Own', Action: 'ecr:BatchGetImage', Resource: '*' })], { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly'] }) }),
  ]);
  const explanation = explain(model, [], puller, IMAGE);
  expect(explanation).toMatchObject({
    caller: { type: 'role', name: ROLE, account: CONSUMER },
    role: { path: 'Web/Role' },
    declared: { path: 'Owner/Repository' },
    isInSight: 'itself',
    isInOneAccount: 'no',
    sites: [],
    namesakes: [],
    judgement: { verdict: 'allowed' },
    remedies: [],
  });
  expect(tracesOf(explanation, 'owner')).toEqual([[
    'BatchGetImage GetDownloadUrlForLayer',
    [
      'repository policy', 'allow',
      'Right | yes',
      `Principal | no | principal no ${ROLE}`,
      'Action | no | action no ecr:BatchGetImage',
      'Conditions | no | condition maybe unknown | condition no undefined | condition no us-east-1',
    ],
    ['registry policy', 'none', `Resource | no | resource no arn:aws:ecr:us-east-1:${OWNER}:repository/web`],
  ]]);
  const managed = 'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly';
  expect(tracesOf(explanation, 'consumer')).toEqual([
    ['BatchGetImage', ['role policies', 'allow', 'Own | yes', `${managed} | yes`]],
    ['GetDownloadUrlForLayer GetAuthorizationToken', ['role policies', 'allow', 'Own | no | action no ecr:GetDownloadUrlForLayer', `${managed} | yes`]],
  ]);
});

test('a boundary is a document of its own', () => {
  const boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [allow({ Sid: 'Bound', Action: 's3:*', Resource: '*' })] } } };
  const model = modelOf([consumer({ Boundary: boundary, Role: role([allow({ Sid: 'Own', Action: '*', Resource: '*' })], { PermissionsBoundary: { Ref: 'Boundary' } }) })]);
  const explanation = explain(model, [], puller, IMAGE);
  expect(explanation.judgement.verdict).toBe('consumerHalfMissing');
  expect(tracesOf(explanation, 'consumer')[0]).toEqual([
    'BatchGetImage GetDownloadUrlForLayer GetAuthorizationToken', ['role policies', 'allow', 'Own | yes'], ['permissions boundary', 'none', 'Bound | no | action no ecr:BatchGetImage'],
  ]);
});

test('in its own account a principal that is an account lets nobody in', () => {
  const home = stackOf({ Resources: { Repository: repository(allow({ Sid: 'Account', Principal: { AWS: OWNER } }), { Sid: 'Denies', Effect: 'Deny', Principal: { AWS: OWNER }, Action: ECR[1] }), Role: role([]) } });
  const arn = `arn:aws:iam::${OWNER}:role/runs-web`;
  const explanation = explain(modelOf([home]), [], { type: 'role', arn }, IMAGE);
  expect(explanation.isInOneAccount).toBe('yes');
  expect(tracesOf(explanation, 'owner')).toEqual([
    ['BatchGetImage', ['repository policy', 'none', `Account | no | principal no ${arn}`, 'Denies | no | action no ecr:BatchGetImage']],
    ['GetDownloadUrlForLayer', ['repository policy', 'deny', `Account | no | principal no ${arn}`, 'Denies | yes']],
  ]);
});

test('what is not in sight is said, and where something of its name is', () => {
  const model = modelOf([stackOf({ Resources: { Repository: repository() } }, { region: 'eu-central-1' })]);
  const explanation = explain(model, [], puller, IMAGE);
  expect(explanation).toMatchObject({ role: undefined, declared: undefined, isInSight: false, namesakes: [{ region: 'eu-central-1' }], judgement: { verdict: 'notInSight' } });
  expect(explanation.steps.flatMap(({ documents }) => documents)).toEqual([]);
});

test('what runs the image decides what is asked for: of several, what asks for most is explained', () => {
  const image = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com/web`;
  const source = { AuthenticationConfiguration: { AccessRoleArn: ROLE }, ImageRepository: { ImageRepositoryType: 'ECR', ImageIdentifier: image } };
  const model = modelOf([consumer({
    Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ExecutionRoleArn: ROLE, ContainerDefinitions: [{ Image: image }] } },
    Service: { Type: 'AWS::AppRunner::Service', Properties: { SourceConfiguration: source } },
  })]);
  const explanation = explain(model, [], puller, IMAGE);
  expect(explanation.sites.map(({ path }) => path).sort()).toEqual(['Web/Service', 'Web/Task']);
  expect(explanation.judgement.site.path).toBe('Web/Service');
  expect(explanation.steps.flatMap(({ actions }) => actions)).toContain('ecr:DescribeImages');
});

test('a service has no policies of its own', () => {
  const sourceArn = `arn:aws:lambda:us-east-1:${CONSUMER}:function:orders`;
  const condition = { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:us-east-1:${CONSUMER}:function:*` } };
  const model = modelOf([owner({ Repository: repository(allow({ Sid: 'Lambda', Principal: { Service: 'lambda.amazonaws.com' }, Condition: condition })) })]);
  const explanation = explain(model, [], { type: 'service', service: 'lambda.amazonaws.com', sourceArn }, IMAGE);
  expect(explanation.judgement.verdict).toBe('allowed');
  expect(explanation.caller).toEqual({ type: 'service', name: 'lambda.amazonaws.com', account: CONSUMER });
  expect(tracesOf(explanation, 'consumer')).toEqual([]);
});

describe('a role is found', () => {
  const named = (account: string, name: string, logicalId: string) => ({ account, name, arn: `arn:aws:iam::${account}:role/${name}`, logicalId }) as Role;
  const ROLES = [
    named(CONSUMER, 'ci/publish', 'Publish1234ABCD'), named(OWNER, 'publish', 'Publish1234ABCD'),
    named(CONSUMER, '<Web/TaskRole>', 'TaskExecutionRole250D2532'), named(CONSUMER, '<Web/A>', 'Twin'), named(CONSUMER, '<Other/A>', 'Twin'),
  ];
  const session = (name: string) => `arn:aws:sts::${CONSUMER}:assumed-role/${name}/session`;

  test.each([
    ['by its ARN', `arn:aws:iam::${CONSUMER}:role/ci/publish`, `arn:aws:iam::${CONSUMER}:role/ci/publish`, 'arn'],
    ['by the ARN of its session', session('publish'), `arn:aws:iam::${CONSUMER}:role/ci/publish`, 'name'],
    ['without its path', `arn:aws:iam::${CONSUMER}:role/publish`, `arn:aws:iam::${CONSUMER}:role/ci/publish`, 'name'],
    ['by the name that CloudFormation makes', session('Web-TaskExecutionRole250D2532-1A2B3C4D5E6F'), `arn:aws:iam::${CONSUMER}:role/<Web/TaskRole>`, 'generated name'],
    ['by such a name that is shortened', session('A-long-name-of-a-stack-TaskExecutionRole2-1A2B3C4D5E6F'), `arn:aws:iam::${CONSUMER}:role/<Web/TaskRole>`, 'generated name'],
    ['or not', session('nobody'), `arn:aws:iam::${CONSUMER}:role/nobody`, 'none'],
    ['or not, by an ARN', `arn:aws:iam::${CONSUMER}:role/no/body`, `arn:aws:iam::${CONSUMER}:role/no/body`, 'none'],
  ])('%s', (_, given, arn, foundBy) => {
    expect(roleNamed(given, ROLES)).toEqual({ arn, foundBy, candidates: [] });
  });

  test('unless it may be one of several', () => {
    expect(roleNamed(session('Web-Twin-1A2B3C4D5E6F'), ROLES)).toEqual({ arn: `arn:aws:iam::${CONSUMER}:role/Web-Twin-1A2B3C4D5E6F`, foundBy: 'none', candidates: ROLES.slice(3) });
  });

  describe('that is not in sight', () => {
    const arnOf = (name: string, account = CONSUMER) => `arn:aws:iam::${account}:role/${name}`;
    const inPolicies = (...names: string[]) => [arnOf('a/nobody', OWNER), ...names.map((name) => arnOf(name))];
    const missing = { arn: arnOf('nobody'), foundBy: 'none', candidates: [] };

    test('by the policy that names it, since a message does not show its path', () => {
      expect(roleNamed(session('nobody'), ROLES, inPolicies('security/nobody', 'anybody'))).toEqual({ arn: arnOf('security/nobody'), foundBy: 'policy', candidates: [] });
    });

    test('or not, if policies name several, or the path is given', () => {
      expect(roleNamed(session('nobody'), ROLES, inPolicies('security/nobody', 'nobody'))).toEqual(missing);
      expect(roleNamed(session('nobody'), ROLES, inPolicies())).toEqual(missing);
      expect(roleNamed(arnOf('nobody'), ROLES, inPolicies('security/nobody'))).toEqual(missing);
    });

    test('but never before one that is in sight', () => {
      expect(roleNamed(session('publish'), ROLES, inPolicies('other/publish'))).toEqual({ arn: arnOf('ci/publish'), foundBy: 'name', candidates: [] });
    });
  });

  test('policies name roles as principals and in conditions, one by one', () => {
    const arn = (name: string) => `arn:aws:iam::${CONSUMER}:role/${name}`;
    const names = ['a/one', 'two', 'all-*', '*'].map(arn);
    const model = modelOf([owner({
      Repository: repository(
        allow({ Principal: { AWS: [CONSUMER, arn('three')] }, Condition: { ArnLike: { 'AWS:principalArn': names } } }),
        allow({ Principal: { AWS: arn('three') }, Condition: { StringEquals: { 'aws:SourceArn': arn('four') } } }),
        allow({ Principal: '*', Condition: { ArnNotLike: { 'aws:PrincipalArn': arn('five') } } }),
        allow({ Effect: 'Deny', Principal: { AWS: arn('six') } }),
      ),
    })]);
    expect(rolesInPolicies(model)).toEqual(['three', 'a/one', 'two'].map(arn));
  });

  test.each(['runs-web', 'arn:aws:iam::1:role/x', `arn:aws:iam::${CONSUMER}:user/x`, `arn:aws:sts::${CONSUMER}:federated-user/x`, `arn:aws:iam::${CONSUMER}:role/`])('%s is none', (text) => {
    expect(roleNamed(text, ROLES)).toBeUndefined();
  });
});
