import { judge } from '../../../src/access/judgement/judge';
import { judgeWorlds } from '../../../src/access/judgement/worlds';
import { modelsOf } from '../../../src/access/model/model';
import { LOGIN_ACTION, PULL_ACTIONS } from '../../../src/policy/actions';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const GRANT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` }, Action: PULL_ACTIONS };
const DENIAL = { ...GRANT, Effect: 'Deny' };
const PERMISSIONS = [{ Effect: 'Allow', Action: PULL_ACTIONS, Resource: '*' }, { Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' }];
const PARAMETERS = Object.fromEntries(['P', 'Q'].map((name) => [name, { Type: 'String' }]));
const equal = (name: string, value: string) => ({ 'Fn::Equals': [{ Ref: name }, value] });
const CONDITIONS = { IsProd: equal('P', 'prod'), IsDev: equal('P', 'dev'), IsLarge: equal('Q', 'large'), IsNotProd: { 'Fn::Not': [{ Condition: 'IsProd' }] } };
const either = (condition: string, ifSo: unknown, ifNot: unknown) => ({ 'Fn::If': [condition, ifSo, ifNot] });
const NOTHING = { Ref: 'AWS::NoValue' };

interface App {
  readonly owner?: unknown;
  readonly permissions?: unknown;
  /** Of the task. */
  readonly condition?: string;
  readonly images?: unknown[];
}

function worldsOf({ owner = [GRANT], permissions = PERMISSIONS, condition, images = ['web-app'] }: App) {
  const shared = { Parameters: PARAMETERS, Conditions: CONDITIONS };
  return modelsOf([
    stackOf({
      ...shared,
      Resources: { Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: { Statement: owner } } } },
    }, { path: 'Owner', account: OWNER }),
    stackOf({
      ...shared,
      Resources: {
        Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', Policies: [{ PolicyDocument: { Statement: permissions } }] } },
        Task: {
          Type: 'AWS::ECS::TaskDefinition',
          Condition: condition,
          Properties: {
            ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            ContainerDefinitions: images.map((image) => ({ Image: { 'Fn::Join': ['', [`${OWNER}.dkr.ecr.us-east-1.amazonaws.com/`, image]] } })),
          },
        },
      },
    }, { path: 'Consumer', account: CONSUMER }),
  ]);
}

const judged = (app: App) => judgeWorlds(worldsOf(app));
const inShort = (app: App) => judged(app)
  .map(({ verdict, owner, consumer }) => [verdict, owner.state, consumer.state, ...owner.why, ...consumer.why]);

test('one world is judged as it is', () => {
  const worlds = worldsOf({});
  expect(worlds.length).toBe(1);
  expect(judgeWorlds(worlds)).toEqual(judge(worlds[0]));
});

test('what is the same in every world is so', () => {
  expect(inShort({ owner: [GRANT, either('IsProd', { ...GRANT, Sid: 'Again' }, NOTHING)] })).toEqual([['allowed', 'granted', 'granted']]);
});

test('what is not hangs on the condition, and only that half', () => {
  expect(judged({ owner: either('IsProd', [GRANT], []) })).toEqual([expect.objectContaining({
    verdict: 'undecided',
    owner: { state: 'undecided', actions: [], why: ['it depends on condition IsProd of stack Owner'] },
    consumer: { state: 'granted', actions: [], why: [] },
  })]);
});

test('only conditions that make a difference are named', () => {
  const both = { owner: [either('IsLarge', { ...GRANT, Action: 'ecr:PutImage' }, NOTHING), either('IsProd', GRANT, NOTHING)] };
  expect(inShort(both)).toEqual([['undecided', 'undecided', 'granted', 'it depends on condition IsProd of stack Owner']]);
});

test('all conditions that make a difference are named', () => {
  expect(inShort({ owner: either('IsProd', [GRANT], either('IsLarge', [GRANT], [])) })[0].slice(3))
    .toEqual(['it depends on condition IsLarge of stack Owner and condition IsProd of stack Owner']);
  expect(inShort({ owner: [either('IsDev', GRANT, NOTHING), either('IsProd', GRANT, NOTHING)] })[0].slice(3))
    .toEqual(['it depends on condition IsDev of stack Owner and condition IsProd of stack Owner']);
});

test('both halves may hang on conditions', () => {
  expect(inShort({ owner: [either('IsProd', GRANT, NOTHING)], permissions: [either('IsLarge', PERMISSIONS[0], NOTHING), PERMISSIONS[1]] })).toEqual([[
    'undecided', 'undecided', 'undecided', 'it depends on condition IsProd of stack Owner', 'it depends on condition IsLarge of stack Consumer',
  ]]);
});

describe('a pull that fails in every world fails', () => {
  test('by the same half', () => {
    expect(inShort({ owner: [either('IsProd', { ...GRANT, Action: 'ecr:PutImage' }, NOTHING)] })).toEqual([['ownerHalfMissing', 'missing', 'granted']]);
  });

  test('by the same half in different ways', () => {
    const [{ owner, verdict }] = judged({ owner: [either('IsProd', DENIAL, { ...GRANT, Action: PULL_ACTIONS.slice(0, 1) })] });
    expect([verdict, owner.state]).toEqual(['ownerHalfMissing', 'denied']);
  });

  test('for all actions that are missing in one', () => {
    const [{ owner }] = judged({ owner: [either('IsProd', { ...GRANT, Action: 'ecr:BatchGetImage' }, { ...GRANT, Action: 'ecr:GetDownloadUrlForLayer' })] });
    expect([owner.state, [...owner.actions].sort()]).toEqual(['missing', ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']]);
  });

  test('whatever becomes of the other half', () => {
    expect(inShort({ owner: [], permissions: [either('IsLarge', PERMISSIONS[0], NOTHING), PERMISSIONS[1]] }))
      .toEqual([['ownerHalfMissing', 'missing', 'undecided', 'it depends on condition IsLarge of stack Consumer']]);
  });
});

test('a pull that is in some worlds only is judged by those', () => {
  expect(inShort({ condition: 'IsProd' })).toEqual([['allowed', 'granted', 'granted']]);
});

test('what is pulled in one world or the other is two pulls', () => {
  const judgements = judged({ images: [either('IsProd', 'web-app', 'elsewhere')] });
  expect(judgements.map(({ repository, verdict }) => [repository.split('/')[1], verdict])).toEqual([['web-app', 'allowed'], ['elsewhere', 'notInSight']]);
});

test('a pull that fails by one half or the other fails, and both are told', () => {
  const denial = { ...DENIAL, Principal: { AWS: `arn:aws:iam::${OWNER}:root` } };
  const worlds = modelsOf([stackOf({
    Parameters: PARAMETERS,
    Conditions: CONDITIONS,
    Resources: {
      Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: { Statement: [either('IsProd', denial, NOTHING)] } } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'app', Policies: [{ PolicyDocument: { Statement: [PERMISSIONS[0], either('IsNotProd', NOTHING, PERMISSIONS[1])] } }] },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, ContainerDefinitions: [{ Image: { 'Fn::GetAtt': ['Repository', 'RepositoryUri'] } }] },
      },
    },
  }, { account: OWNER })]);
  expect(worlds.length).toBe(2);
  expect(judgeWorlds(worlds).map(({ verdict, owner, consumer }) => [verdict, owner.state, consumer.state, consumer.actions]))
    .toEqual([['bothHalvesMissing', 'denied', 'missing', [LOGIN_ACTION]]]);
});
