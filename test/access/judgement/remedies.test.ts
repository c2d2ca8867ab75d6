import { judge, Judgement } from '../../../src/access/judgement/judge';
import { Remedy, remediesFor } from '../../../src/access/judgement/remedies';
import { modelOf } from '../../../src/access/model/model';
import { reportOf } from '../../../src/access/report/report';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const FULL_PULL = ['ecr:BatchCheckLayerAvailability', ...PULL];
const ARN = `arn:aws:ecr:us-east-1:${OWNER}:repository/web-app`;
const IMAGE = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com/web-app:v1`;

interface App {
  readonly owner?: readonly object[];
  readonly consumer?: readonly object[];
  readonly site?: object;
  readonly account?: string;
  readonly roleName?: string | null;
  /** The statements of the permissions boundary, or its ARN if it is not in sight. */
  readonly boundary?: readonly object[] | string;
}

const TASK = { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: IMAGE }], ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } } };
const FUNCTION = { Type: 'AWS::Lambda::Function', Properties: { Code: { ImageUri: IMAGE } } };
const BUILD = { Type: 'AWS::CodeBuild::Project', Properties: { Environment: { Image: IMAGE, ImagePullCredentialsType: 'CODEBUILD' } } };

/** An owner with these statements in its repository policy, and a consumer with those in the policy of its role. */
function modelWith({ owner = [], consumer = [], site = TASK, account = CONSUMER, roleName = 'app', boundary }: App) {
  const policies = [{ PolicyDocument: { Statement: consumer } }];
  const PermissionsBoundary = typeof boundary === 'string' ? boundary : boundary && { Ref: 'Boundary' };
  return modelOf([
    stackOf({ Resources: { Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: { Statement: owner } } } } }, { path: 'Owner', account: OWNER }),
    stackOf({
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { ...(roleName !== null && { RoleName: roleName }), Policies: policies, PermissionsBoundary } },
        Boundary: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: boundary ?? [] } } },
        Site: site,
      },
    }, { path: 'Consumer', account }),
  ]);
}

const judged = (app: App): Judgement => judge(modelWith(app))[0];
const lets = { Effect: 'Allow', Action: '*', Principal: { AWS: CONSUMER } };
const may = { Effect: 'Allow', Action: '*', Resource: '*' };

const OWNER_LACKS = { Sid: 'PullRoles', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: FULL_PULL, Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${CONSUMER}:role/app`] } } };
const ROLE_LACKS = [{ Effect: 'Allow', Action: PULL, Resource: ARN }, { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' }];
const ownerRemedy = (...statements: object[]): Remedy => ({ half: 'owner', document: `the policy of web-app (${ARN})`, statements });
const consumerRemedy = (...statements: object[]): Remedy => ({ half: 'consumer', document: `the policies of arn:aws:iam::${CONSUMER}:role/app`, statements });

const boundaryRemedy = (...statements: object[]): Remedy => ({ ...consumerRemedy(...statements), document: `the permissions boundary of arn:aws:iam::${CONSUMER}:role/app` });
const [PULLS, LOGIN] = ROLE_LACKS;
const onlyLogin = { ...may, Action: 'ecr:GetAuthorizationToken' };

test.each<[string, App, Remedy[]]>([
  ['nothing, where all is well', { owner: [lets], consumer: [may] }, []],
  ['the owner half', { consumer: [may] }, [ownerRemedy(OWNER_LACKS)]],
  ['the owner half for a role without a name, by its account', { consumer: [may], roleName: null },
    [ownerRemedy({ Sid: 'PullAccounts', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: FULL_PULL })]],
  ['the consumer half', { owner: [lets] }, [consumerRemedy(...ROLE_LACKS)]],
  ['the login alone', { owner: [lets], consumer: [{ ...may, Action: PULL }] }, [consumerRemedy(ROLE_LACKS[1])]],
  ['the actions alone', { owner: [lets], consumer: [{ ...may, Action: 'ecr:GetAuthorizationToken' }] }, [consumerRemedy(ROLE_LACKS[0])]],
  ['both halves', {}, [ownerRemedy(OWNER_LACKS), consumerRemedy(...ROLE_LACKS)]],
  ['the statement for the Lambda service', { site: FUNCTION }, [ownerRemedy({
    Sid: 'LambdaFunctions',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: PULL,
    Condition: { ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${CONSUMER}:function:*`] } },
  })]],
  ['in the account of the repository the role\'s half is enough', { account: OWNER }, [{ ...consumerRemedy(...ROLE_LACKS), document: `the policies of arn:aws:iam::${OWNER}:role/app` }]],
  ['the boundary alone, which forbids all', { owner: [lets], consumer: [may], boundary: [] }, [boundaryRemedy(...ROLE_LACKS)]],
  ['the policies and the boundary, which forbids all', { owner: [lets], boundary: [] }, [consumerRemedy(...ROLE_LACKS), boundaryRemedy(...ROLE_LACKS)]],
  ['the boundary, which forbids an action, and the policies, which lack another', { owner: [lets], consumer: [{ ...may, Action: PULL }], boundary: [{ ...may, Action: [PULL[0], 'ecr:GetAuthorizationToken'] }] },
    [consumerRemedy(LOGIN), boundaryRemedy({ ...PULLS, Action: [PULL[1]] })]],
  ['an action in both the policies and the boundary', { owner: [lets], consumer: [onlyLogin], boundary: [onlyLogin] }, [consumerRemedy(PULLS), boundaryRemedy(PULLS)]],
  ['the policies alone, within the boundary', { owner: [lets], boundary: [may] }, [consumerRemedy(...ROLE_LACKS)]],
  ['both halves and the boundary', { boundary: [onlyLogin] }, [ownerRemedy(OWNER_LACKS), consumerRemedy(...ROLE_LACKS), boundaryRemedy(PULLS)]],
])('%s', (_, app, remedies) => {
  const judgement = judged(app);
  expect(remediesFor(judgement)).toEqual(remedies);

  // Pasted, they make the pull work.
  const pasted = (document: RegExp) => remedies.filter((remedy) => document.test(remedy.document)).flatMap(({ statements }) => statements);
  const { owner = [], consumer = [], boundary } = app;
  expect(judged({
    ...app,
    owner: [...owner, ...pasted(/^the policy of/)],
    consumer: [...consumer, ...pasted(/^the policies of/)],
    ...(Array.isArray(boundary) && { boundary: [...boundary, ...pasted(/^the permissions boundary of/)] }),
  }).verdict).toBe('allowed');
});

test('a boundary that is not in sight needs nothing for certain', () => {
  const boundary = 'arn:aws:iam::222222222222:policy/boundary';
  const unknown = judged({ owner: [lets], consumer: [may], boundary });
  expect([unknown.verdict, unknown.beyond, remediesFor(unknown)]).toEqual(['undecided', undefined, []]);
  // What the policies lack, they lack whatever it says.
  const lacking = judged({ owner: [lets], boundary });
  expect([lacking.verdict, lacking.beyond, remediesFor(lacking)]).toEqual(['consumerHalfMissing', undefined, [consumerRemedy(...ROLE_LACKS)]]);
});

test('no statement mends what a boundary denies', () => {
  expect(remediesFor(judged({ owner: [lets], consumer: [may], boundary: [may, { ...may, Effect: 'Deny' }] }))).toEqual([]);
});

test.each<[string, App]>([
  ['what is denied', { owner: [lets, { ...lets, Effect: 'Deny' }], consumer: [may, { ...may, Effect: 'Deny' }] }],
  ['a service of which it is not known how to let it in', { site: BUILD }],
  ['an account that is not known', { site: FUNCTION, account: '<AWS::AccountId>' }],
  ['a role whose account is not known', { account: '<AWS::AccountId>' }],
])('no statement mends %s', (_, app) => {
  expect(remediesFor(judged(app)).filter(({ half }) => half === 'owner')).toEqual([]);
});

test('the report says what to add', () => {
  const lines = reportOf(modelWith({ consumer: [may] }));

  const first = lines.findIndex((line) => line.startsWith('Pulls'));
  expect(lines.slice(first, first + 9)).toEqual([
    'Pulls: whether each works, by all that the templates say',
    '',
    '  what           is a      image of  account       Region     works',
    '  Consumer/Site  ECS task  web-app   111111111111  us-east-1  no: the policy of the repository lacks ecr:BatchGetImage,',
    '                                                                ecr:GetDownloadUrlForLayer',
    '',
    `For Consumer/Site, add to the policy of web-app (${ARN})`,
    `  ${JSON.stringify(OWNER_LACKS)}`,
    '',
  ]);
});
