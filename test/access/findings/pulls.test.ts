import { Finding } from '../../../src/access/findings/finding';
import { pullFindings } from '../../../src/access/findings/pulls';
import { ADDED_BY_LAMBDA, judge } from '../../../src/access/judgement/judge';
import { Organization } from '../../../src/access/judgement/organizations';
import { modelOf } from '../../../src/access/model/model';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const FULL_PULL = ['ecr:BatchCheckLayerAvailability', ...PULL];
const LOGIN = 'ecr:GetAuthorizationToken';
const FETCH = ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus'];
const KEEP = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];
const HOST = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com`;
const ARN = `arn:aws:ecr:us-east-1:${OWNER}:repository/web-app`;
const ROLE = `arn:aws:iam::${CONSUMER}:role/app`;
const FUNCTION = `arn:aws:lambda:us-east-1:${CONSUMER}:function:orders`;

/** An app of two accounts, by the statements of its policies. */
interface App {
  readonly owner?: readonly object[];
  readonly registry?: readonly object[];
  readonly role?: readonly object[];
  readonly trust?: readonly object[];
  readonly site?: Record<string, object>;
  /** What else is in the stack of the owner. */
  readonly more?: Record<string, object>;
  readonly account?: string;
  readonly region?: string;
  readonly hidden?: 'owner' | 'role';
  readonly deployerRole?: string;
}

const task = (Image = `${HOST}/web-app:v1`) => ({ Site: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image }], ExecutionRoleArn: ROLE } } });
const orders = (ImageUri = `${HOST}/web-app:v1`) => ({ Site: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'orders', Code: { ImageUri } } } });
const ECS = { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' };
const lets = (Action: unknown = '*') => ({ Effect: 'Allow', Principal: { AWS: CONSUMER }, Action });
const letsLambda = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: PULL, Condition: { StringEquals: { 'aws:SourceAccount': CONSUMER } } };
const may = (Action: unknown = '*', Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const denying = (statement: object) => ({ ...statement, Effect: 'Deny' });

function found(app: App, organizations: readonly Organization[] = []): Finding[] {
  const { owner = [lets()], registry = [], role = [may()], trust = [ECS], site = task(), more = {}, account = CONSUMER, region = 'us-east-1', hidden, deployerRole } = app;
  const roleName = ROLE.slice(ROLE.lastIndexOf('/') + 1);
  const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: roleName, AssumeRolePolicyDocument: { Statement: trust }, Policies: [{ PolicyDocument: { Statement: role } }] } };
  const Repository = { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'web-app', RepositoryPolicyText: { Statement: owner } } };
  const Registry = { Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: { Statement: registry } } };
  return judge(modelOf([
    stackOf({ Resources: { ...(hidden !== 'owner' && { Repository }), ...(registry.length > 0 && { Registry }), ...more } }, { path: 'Owner', account: OWNER }),
    stackOf({ Resources: { ...(hidden !== 'role' && { Role }), ...site } }, { path: 'Consumer', account, region, deployerRole }),
  ]), organizations).flatMap(pullFindings);
}

const PLACE = { path: 'Consumer/Site', account: CONSUMER, region: 'us-east-1', stack: 'Consumer', file: 'Consumer.template.json', logicalId: 'Site' };
const finding = (rule: Finding['rule'], severity: Finding['severity'], details: Partial<Finding>): Finding => (
  { rule, severity, place: PLACE, runtime: 'ECS task', repository: ARN, statements: [], ...details } as Finding);
const ownerStatements = (...statements: object[]) => [{ half: 'owner' as const, document: `the policy of web-app (${ARN})`, statements }];
const roleStatements = (...statements: object[]) => [{ half: 'consumer' as const, document: `the policies of ${ROLE}`, statements }];
const IN_OWNER = `in account ${OWNER}, the owner's,`;
const IN_STACK = `in stack Consumer, account ${CONSUMER},`;
const IMAGE = `web-app of account ${OWNER}, us-east-1`;

test('of a pull that works there is nothing to say', () => {
  expect(found({})).toEqual([]);
});

describe('what a statement mends', () => {
  const LETS_ROLE = { Sid: 'PullRoles', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: FULL_PULL, Condition: { ArnLike: { 'aws:PrincipalArn': [ROLE] } } };
  const LETS_LAMBDA = {
    Sid: 'LambdaFunctions',
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: PULL,
    Condition: { ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${CONSUMER}:function:*`] } },
  };
  const SERVICE = finding('lambda-service-missing', 'error', {
    runtime: 'Lambda function',
    half: 'owner',
    message: `the function may be deployed, and will fail weeks later, when AWS Lambda fetches ${IMAGE} again: the policy of ${ARN} does not allow ${PULL.join(', ')}`,
    remedy: `${IN_OWNER} add to the policy of web-app (${ARN})`,
    statements: ownerStatements(LETS_LAMBDA),
  });
  const deployer = (who: string, statement: object) => finding('lambda-deployer-missing', 'error', {
    runtime: 'Lambda deployment',
    half: 'owner',
    message: `the function cannot be deployed with ${IMAGE} by ${who}: the policy of ${ARN} does not allow ${PULL.join(', ')}`,
    remedy: `${IN_OWNER} add to the policy of web-app (${ARN})`,
    statements: ownerStatements(statement),
  });
  const LETS_ACCOUNT = { Sid: 'LambdaDeployAccounts', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: PULL };
  const anyDeployer = deployer(`whoever deploys in account ${CONSUMER}`, LETS_ACCOUNT);

  test.each<[string, App, Finding[]]>([
    ['no owner half', { owner: [] }, [finding('owner-half-missing', 'error', {
      half: 'owner',
      message: `${ROLE} cannot pull ${IMAGE}: the policy of ${ARN} does not allow ${PULL.join(', ')}`,
      remedy: `${IN_OWNER} add to the policy of web-app (${ARN})`,
      statements: ownerStatements(LETS_ROLE),
    })]],
    ['no consumer half', { role: [] }, [finding('consumer-half-missing', 'error', {
      half: 'consumer',
      message: `${ROLE} cannot pull ${IMAGE}: what is attached to the role does not allow ${[...PULL, LOGIN].join(', ')}`,
      remedy: `${IN_STACK} add to the policies of ${ROLE}`,
      statements: roleStatements(may(PULL, ARN), may(LOGIN)),
    })]],
    ['a role that ECS cannot assume', { trust: [] }, [finding('role-not-assumable', 'error', {
      half: 'consumer',
      message: `${ROLE} is to pull ${IMAGE}, but its trust policy does not let ecs-tasks.amazonaws.com assume it`,
      remedy: `${IN_STACK} add to the trust policy of ${ROLE}`,
      statements: [{
        half: 'consumer',
        document: `the trust policy of ${ROLE}`,
        statements: [{ ...ECS, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:ecs:us-east-1:${CONSUMER}:*` } } }],
      }],
    })]],
    ['neither half of Lambda', { owner: [], site: orders() }, [SERVICE, anyDeployer]],
    ['no statement for the service', { owner: [lets(PULL)], site: orders() }, [SERVICE]],
    ['no statement for the deployer', { owner: [letsLambda], site: orders() }, [anyDeployer]],
    ['no statement for a deployer with a name', { owner: [letsLambda], site: orders(), deployerRole: `arn:aws:iam::${CONSUMER}:role/cfn-exec` }, [
      deployer(`arn:aws:iam::${CONSUMER}:role/cfn-exec`, {
        Sid: 'LambdaDeployRoles', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: PULL, Condition: { ArnLike: { 'aws:PrincipalArn': [`arn:aws:iam::${CONSUMER}:role/cfn-exec`] } },
      }),
    ]],
  ])('%s', (_, app, findings) => {
    expect(found(app)).toEqual(findings);
    expect(found(mended(app, findings))).toEqual([]);
  });

  test('a Lambda function in the account of the repository', () => {
    const app: App = { owner: [], site: orders(), account: OWNER };
    const [undecided, ...others] = found(app);
    expect([others, undecided]).toEqual([[], finding('pull-undecided', 'info', {
      place: { ...PLACE, account: OWNER },
      runtime: 'Lambda function',
      message: `whether lambda.amazonaws.com for ${FUNCTION.replace(CONSUMER, OWNER)} may pull ${IMAGE} cannot be told: ${ADDED_BY_LAMBDA}`,
      remedy: `add to the policy of web-app (${ARN}), so that it stays there`,
      statements: ownerStatements({ ...LETS_LAMBDA, Condition: { ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${OWNER}:function:*`] } } }),
    })]);
    expect(found(mended(app, [undecided]))).toEqual([]);
    expect(found({ ...app, hidden: 'owner', account: '<AWS::AccountId>' })[0].remedy).toBe('let the Lambda service in by the policy of the repository, so that it stays there');
  });

  describe('caches', () => {
    const UPSTREAM = 'arn:aws:iam::222222222222:role/app';
    const PULL_THROUGH = { Effect: 'Allow', Principal: { Service: 'pullthroughcache.ecr.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const KEPT = `arn:aws:ecr:us-east-1:${CONSUMER}:repository/shared/web-app`;
    const site = {
      Site: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: HOST, CustomRoleArn: UPSTREAM } },
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: `${CONSUMER}.dkr.ecr.us-east-1.amazonaws.com/shared/web-app` }], ExecutionRoleArn: ROLE } },
    };
    const BOTH = [ECS, PULL_THROUGH];
    // The same role is that of the task.
    const OF_TASK = [may([...PULL, LOGIN, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'], KEPT), may(LOGIN)];

    test.each<[string, App, Finding[]]>([
      ['an upstream that does not let it in', { owner: [], trust: BOTH, site }, [finding('cache-upstream-missing', 'error', {
        runtime: 'pull-through cache',
        half: 'owner',
        message: `${ROLE} cannot pull ${IMAGE}: the policy of ${ARN} does not allow ${FETCH.join(', ')}`,
        remedy: `${IN_OWNER} add to the policy of web-app (${ARN})`,
        statements: ownerStatements({ Sid: 'PullThroughAccounts', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: FETCH }),
      })]],
      ['a role that may neither fetch nor keep', { role: OF_TASK, trust: BOTH, site }, [finding('cache-role-missing', 'error', {
        runtime: 'pull-through cache',
        half: 'consumer',
        message: `${ROLE} cannot pull ${IMAGE}: what is attached to the role does not allow ${[...FETCH, ...KEEP].join(', ')}`,
        remedy: `${IN_STACK} add to the policies of ${ROLE}`,
        statements: roleStatements(may([
          'ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage', 'ecr:CompleteLayerUpload', 'ecr:GetDownloadUrlForLayer', 'ecr:GetImageCopyStatus', 'ecr:InitiateLayerUpload',
          'ecr:PutImage', 'ecr:UploadLayerPart',
        ], [ARN, KEPT] as any)),
      })]],
      ['a role that it cannot assume', { trust: [ECS], site }, [finding('role-not-assumable', 'error', {
        runtime: 'pull-through cache',
        half: 'consumer',
        message: `${ROLE} is to pull ${IMAGE}, but its trust policy does not let pullthroughcache.ecr.amazonaws.com assume it`,
        remedy: `${IN_STACK} add to the trust policy of ${ROLE}`,
        statements: [{ half: 'consumer', document: `the trust policy of ${ROLE}`, statements: [PULL_THROUGH] }],
      })]],
    ])('%s', (_, app, findings) => {
      expect(found(app)).toEqual(findings);
      expect(found(mended(app, findings))).toEqual([]);
    });
  });

  test('a repository that Amazon ECR makes is opened by the policy of its registry', () => {
    const cached = 'shared/web-app';
    const app: App = {
      site: task(`${HOST}/${cached}`),
      more: { Rule: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: 'public.ecr.aws' } } },
    };
    const findings = found(app);
    expect(findings).toEqual([finding('owner-half-missing', 'error', {
      repository: ARN.replace('web-app', cached),
      half: 'owner',
      message: `${ROLE} cannot pull ${cached} of account ${OWNER}, us-east-1: what its registry says of ${ARN.replace('web-app', cached)} does not allow ${
        [...PULL, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'].join(', ')}`,
      remedy: `${IN_OWNER} add to the policy of the registry of account ${OWNER}, us-east-1`,
      statements: [{ half: 'owner', document: `the policy of the registry of account ${OWNER}, us-east-1`, statements: [expect.objectContaining({ Resource: [ARN.replace('web-app', cached)] })] }],
    })]);
    expect(found({ ...app, registry: findings[0].statements[0].statements })).toEqual([]);
  });

  test('who may not make the repository of a cache pulls what is there already', () => {
    const rule = { Rule: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: 'public.ecr.aws' } } };
    const shortly = (role: string[], registry: string[]) => found({
      site: task(`${HOST}/shared/web-app`), more: rule, role: [may([LOGIN, ...role])], registry: [{ ...lets(registry), Resource: '*' }],
    }).map(({ rule: id, severity, message }) => [id, severity, message.replace(/.* does not allow /, '')]);
    const all = [...PULL, 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'];
    expect(shortly(all, all)).toEqual([]);
    expect(shortly(all, all.slice(0, 3))).toEqual([['owner-half-missing', 'warning', 'ecr:CreateRepository']]);
    expect(shortly(all.slice(0, 3), all)).toEqual([['consumer-half-missing', 'warning', 'ecr:CreateRepository']]);
    expect(shortly(all.slice(0, 2), all)).toEqual([['consumer-half-missing', 'error', 'ecr:BatchImportUpstreamImage, ecr:CreateRepository']]);
  });

  /** The app with what is suggested in its policies. */
  function mended({ owner = [lets()], role = [may()], trust = [ECS], ...app }: App, findings: readonly Finding[]): App {
    const pasted = (begin: string) => findings.flatMap(({ statements }) => statements)
      .filter(({ document }) => document.startsWith(begin)).flatMap(({ statements }) => statements);
    return { ...app, owner: [...owner, ...pasted('the policy of')], role: [...role, ...pasted('the policies of')], trust: [...trust, ...pasted('the trust policy')] };
  }
});

describe('what no statement mends', () => {
  const COMPARE = (...statements: object[]) => {
    const document = `the policy of web-app (${ARN})`;
    return {
      remedy: `check it together with the templates of the owner, or with its contract, or see that ${document} says this`,
      statements: [{ half: 'owner' as const, document, statements }],
    };
  };
  const NARROW = 'narrow the statement that denies it: no other statement can allow what one denies';

  test.each<[string, App, Finding[]]>([
    ['a policy that denies', { owner: [lets(), denying(lets(PULL[0]))] }, [finding('owner-half-denied', 'error', {
      half: 'owner', message: `${ROLE} cannot pull ${IMAGE}: the policy of ${ARN} denies ${PULL[0]}`, remedy: `${IN_OWNER} ${NARROW}`,
    })]],
    ['a role that is denied', { role: [may(), denying(may(PULL))] }, [finding('consumer-half-denied', 'error', {
      half: 'consumer', message: `${ROLE} cannot pull ${IMAGE}: what is attached to the role denies ${PULL.join(', ')}`, remedy: `${IN_STACK} ${NARROW}`,
    })]],
    ['a trust that is denied', { trust: [ECS, denying(ECS)] }, [finding('role-not-assumable', 'error', {
      half: 'consumer', message: `${ROLE} is to pull ${IMAGE}, but its trust policy denies that ecs-tasks.amazonaws.com assumes it`, remedy: `${IN_STACK} ${NARROW}`,
    })]],
    ['the account of the repository, which denies Lambda', { owner: [denying({ ...lets(PULL), Principal: { Service: 'lambda.amazonaws.com' } })], account: OWNER, site: orders() },
      [finding('owner-half-denied', 'error', {
        place: { ...PLACE, account: OWNER },
        runtime: 'Lambda function',
        half: 'owner',
        message: `lambda.amazonaws.com for ${FUNCTION.replace(CONSUMER, OWNER)} cannot pull ${IMAGE}: the policy of ${ARN} denies ${PULL.join(', ')}`,
        remedy: `${IN_OWNER} ${NARROW}`,
      })]],
    ['an owner that is not in sight', { hidden: 'owner' }, [finding('owner-not-in-sight', 'warning', {
      half: 'owner',
      message: `whether ${ROLE} may pull ${IMAGE} is not in sight: the policy of ${ARN} is in none of the templates`,
      ...COMPARE({
        Sid: 'PullRoles',
        Effect: 'Allow',
        Principal: { AWS: [CONSUMER] },
        Action: ['ecr:BatchCheckLayerAvailability', ...PULL],
        Condition: { ArnLike: { 'aws:PrincipalArn': [ROLE] } },
      }),
    })]],
    ['a role that is not in sight', { hidden: 'role' }, [finding('consumer-not-in-sight', 'warning', {
      half: 'consumer',
      message: `whether ${ROLE} may pull ${IMAGE} is not in sight: the role is in none of the templates`,
      remedy: 'check it together with the templates that make the role',
    })]],
    ['a Lambda function whose owner is not in sight, which is told once', { hidden: 'owner', site: orders() }, [finding('owner-not-in-sight', 'warning', {
      runtime: 'Lambda function',
      half: 'owner',
      message: `whether lambda.amazonaws.com for ${FUNCTION} may pull ${IMAGE} is not in sight: the policy of ${ARN} is in none of the templates`,
      ...COMPARE({ Sid: 'LambdaDeployAccounts', Effect: 'Allow', Principal: { AWS: [CONSUMER] }, Action: PULL }, {
        Sid: 'LambdaFunctions',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: PULL,
        Condition: { ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:us-east-1:${CONSUMER}:function:*`] } },
      }),
    })]],
    ['a condition on an address', { owner: [{ ...lets(), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }] }, [finding('pull-undecided', 'info', {
      message: `whether ${ROLE} may pull ${IMAGE} cannot be told: a condition or a value of the policy of the repository is known only at deployment`,
      remedy: 'see that it may, or write into the template what is known only at deployment',
    })]],
    ['nobody knows who', { site: { Site: { ...task().Site, Properties: { ContainerDefinitions: task().Site.Properties.ContainerDefinitions } } } }, [finding('pull-undecided', 'info', {
      message: `whether whoever pulls may pull ${IMAGE} cannot be told: the task has no execution role, so the role of the instance pulls`,
      remedy: 'see that it may, or write into the template what is known only at deployment',
    })]],
  ])('%s', (_, app, findings) => {
    expect(found(app)).toEqual(findings);
  });
});

describe('what AWS Lambda cannot do is all that is said', () => {
  const REPLICATE = 'replicate the repository to the Region of the function, and name the replica in the function';
  const because = (image: string, why: string) => `the Lambda function cannot use ${image} of account ${OWNER}, us-east-1: ${why}`;

  test.each<[string, App, Partial<Finding> & Pick<Finding, 'rule'>]>([
    ['images of another Region', { owner: [], site: orders(), region: 'eu-central-1' }, {
      rule: 'lambda-other-region',
      place: { ...PLACE, region: 'eu-central-1' },
      message: because('web-app', 'AWS Lambda takes images from its own Region only, and the function is in eu-central-1'),
      remedy: REPLICATE,
    }],
    ['images through a cache', {
      site: orders(`${HOST}/shared/web-app`),
      more: { Rule: { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix: 'shared', UpstreamRegistryUrl: 'public.ecr.aws' } } },
    }, {
      rule: 'lambda-through-cache',
      repository: ARN.replace('web-app', 'shared/web-app'),
      message: because('shared/web-app', 'it comes through a pull-through cache, and AWS Lambda cannot pull through one'),
      remedy: REPLICATE,
    }],
    ['FIPS hosts', { owner: [], site: orders(`${OWNER}.dkr.ecr-fips.us-east-1.amazonaws.com/web-app`) }, {
      rule: 'lambda-fips-host',
      message: because('web-app', `it is named by the host ${OWNER}.dkr.ecr-fips.us-east-1.amazonaws.com, and AWS Lambda cannot use a FIPS host`),
      remedy: 'name the image by the ordinary host of the registry, without "-fips"',
    }],
  ])('%s', (_, app, { rule, ...details }) => {
    expect(found(app)).toEqual([finding(rule, 'error', { runtime: 'Lambda function', ...details })]);
  });
});

describe('what cannot be pulled without a role of its own is all that is said', () => {
  test.each<[string, object, Finding['runtime'], string]>([
    ['a task on Fargate', { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: `${HOST}/web-app` }], RequiresCompatibilities: ['EC2', 'FARGATE'] } },
      'ECS task', 'a task on AWS Fargate needs an execution role'],
    ['a service of App Runner', { Type: 'AWS::AppRunner::Service', Properties: { SourceConfiguration: { ImageRepository: { ImageIdentifier: `${HOST}/web-app`, ImageRepositoryType: 'ECR' } } } },
      'App Runner service', 'a service of AWS App Runner needs an access role'],
    ['a job on Fargate', { Type: 'AWS::Batch::JobDefinition', Properties: { ContainerProperties: { Image: `${HOST}/web-app` }, PlatformCapabilities: ['FARGATE'] } },
      'Batch job', 'a job on AWS Fargate needs an execution role'],
    ['a build of another account', { Type: 'AWS::CodeBuild::Project', Properties: { Environment: { Image: `${HOST}/web-app` }, ServiceRole: ROLE } },
      'CodeBuild project', 'AWS CodeBuild needs the service role for an image of another account'],
  ])('%s', (_, site, runtime, why) => {
    expect(found({ site: { Site: site } })).toEqual([finding('pull-role-missing', 'error', {
      runtime,
      message: `the ${runtime} cannot use ${IMAGE}: ${why}`,
      remedy: 'give it a role that may pull; for an image of another account, the owner must let the role in too',
    })]);
  });
});

describe('organizations', () => {
  const owner = [{ ...lets(), Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-aaaaaaaaaa' } } }];

  test('that are not declared are to be', () => {
    expect(found({ owner })).toEqual([finding('pull-undecided', 'info', {
      message: `whether ${ROLE} may pull ${IMAGE} cannot be told: which accounts are in o-aaaaaaaaaa is not declared`,
      remedy: 'declare the organization: which accounts it has, and where in it they are',
    })]);
  });

  test('that are decide', () => {
    expect(found({ owner }, [{ organizationId: 'o-aaaaaaaaaa', accounts: [CONSUMER] }])).toEqual([]);
    expect(found({ owner }, [{ organizationId: 'o-bbbbbbbbbb', accounts: [CONSUMER] }]).map(({ rule }) => rule)).toEqual(['owner-half-missing']);
  });
});

test('what is in the values of a Helm chart is never more than good to know', () => {
  const site = {
    Nodes: { Type: 'AWS::EKS::Nodegroup', Properties: { ClusterName: 'prod', NodeRole: ROLE } },
    Site: { Type: 'Custom::AWSCDK-EKS-HelmChart', Properties: { ClusterName: 'prod', Values: JSON.stringify({ image: { repository: `${HOST}/web-app`, tag: 'v1' } }) } },
  };
  expect(found({ owner: [], role: [], site }).map(({ rule, severity, runtime }) => [rule, severity, runtime])).toEqual([
    ['owner-half-missing', 'info', 'Helm chart'],
    ['consumer-half-missing', 'info', 'Helm chart'],
  ]);
});
