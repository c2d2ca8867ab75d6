import { relative } from 'path';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { fileOf } from './access/contract/support';
import {
  accountsStatement, AGNOSTIC, CONSUMER, errorOf, identityStatementsOf, lambdaStatements, LOGIN, newApp, newRepository, newRole, newStack, noticesIn,
  OWNER, policyOf, printed, PULL, PULL_WEB_APP, PUSH, resourcesOf, rolesStatement,
} from './support';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository } from '../src';
import { contractOf, contractText } from '../src/access/contract/contract';
import { modelOf } from '../src/access/model/model';
import { readAssembly } from '../src/access/template/assembly';
import { contractFilesOf } from '../src/halves/contracts';

/** A contract with the repository `web-app` of the owner. */
function contractWith(...statements: object[]): string {
  return contractOfRepositories({ name: 'web-app', ...OWNER, ...(statements.length > 0 && { policy: policyOf(...statements) }) });
}

function contractOfRepositories(...repositories: object[]): string {
  return fileOf({ kind: 'cdk-shared-ecr/contract', version: 1, repositories, registries: [] });
}

/** A consumer's stack with the owner's repository imported into it. What the validation says of the whole app is not what is tested here. */
function importing(file: string, env: object = CONSUMER, name = 'web-app', pullAccess = 'off') {
  const app = newApp({ context: { 'cdk-shared-ecr:pullAccess': pullAccess } });
  const consumer = newStack(app, 'Consumer', env);
  return { app, consumer, repository: SharedEcrRepository.fromContract(consumer, 'Imported', file, name) };
}

const ARNS = ['arn:aws:iam::111122223333:role/app'];
const ROLES = rolesStatement('Pull', PULL, ['111122223333'], ARNS);
const ACCOUNTS = accountsStatement('Pull', PULL, ['111122223333']);
const ORGANIZATION = {
  Sid: 'PullOrganizations',
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: PULL,
  Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': '999999999999' } },
};

const mustHave = (...statements: object[]) => "'Consumer/Imported' is imported, so the policy of 'web-app' cannot be changed from here; "
  + `its owner, account 999999999999, must have in it:\n${printed(...statements)}`;
const missing = (grantee: string, ...statements: object[]) => ({
  path: 'Consumer/Imported',
  level: 'warning',
  text: `the grant to ${grantee} has no effect without the owner's half, which is not in the contract: ${mustHave(...statements)} [ack: cdk-shared-ecr:ownerHalfMissing]`,
});
const undecided = (grantee: string, ...statements: object[]) => ({
  path: 'Consumer/Imported',
  level: 'info',
  text: `whether the owner's half lets in ${grantee} depends on what the contract does not tell, such as who is in an organization; if it does not: `
    + `${mustHave(...statements)} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
});

test('the contract of an owner\'s app says where its repository is, and whom it lets in', () => {
  const ownersApp = newApp();
  newRepository(ownersApp, { pullers: [EcrGrantee.role('111122223333', 'app')] });
  const file = fileOf(contractText(contractOf(modelOf(readAssembly(ownersApp.synth().directory)))));
  const { app, consumer, repository } = importing(file);
  new ecs.FargateTaskDefinition(consumer, 'Task', { executionRole: newRole(consumer, { roleName: 'app' }) })
    .addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(repository, '1') });

  expect(repository.env).toEqual(OWNER);
  expect(resourcesOf(consumer, 'AWS::ECS::TaskDefinition')[0].Properties.ContainerDefinitions[0].Image).toBe('999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1');
  expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
  expect(noticesIn(app)).toEqual([]);
});

describe('a grant to a role', () => {
  const noticesWith = (...statements: object[]) => {
    const { app, consumer, repository } = importing(contractWith(...statements));
    repository.grantPull(newRole(consumer, { roleName: 'app' }));
    expect(identityStatementsOf(consumer)).toEqual([PULL_WEB_APP, LOGIN]);
    return noticesIn(app);
  };

  test('that the owner has made needs no word', () => {
    expect(noticesWith(ROLES)).toEqual([]);
    expect(noticesWith(ACCOUNTS)).toEqual([]);
  });

  test('that the owner has not made is a warning with its statement', () => {
    expect(noticesWith()).toEqual([missing("'Consumer/Role'", ROLES)]);
    expect(noticesWith(rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/other']))).toEqual([missing("'Consumer/Role'", ROLES)]);
  });

  test('that depends on an organization is a note', () => {
    expect(noticesWith(ORGANIZATION)).toEqual([undecided("'Consumer/Role'", ROLES)]);
  });

  test('that the owner denies is a warning that says so', () => {
    expect(noticesWith(ACCOUNTS, { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: 'ecr:BatchGetImage' })).toEqual([{
      path: 'Consumer/Imported',
      level: 'warning',
      text: "the grant to 'Consumer/Role' has no effect: by the contract, a policy of the owner denies it. The owner must take 'Consumer/Role' out of what is denied; "
        + `and ${mustHave(ROLES)} [ack: cdk-shared-ecr:ownerHalfMissing]`,
    }]);
  });

  test('of which the owner has made a part is told of the rest', () => {
    const { app, consumer, repository } = importing(contractWith(ACCOUNTS));
    repository.grantPullPush(newRole(consumer, { roleName: 'app' }));

    expect(noticesIn(app)).toEqual([missing("'Consumer/Role'", rolesStatement('Push', PUSH, ['111122223333'], ARNS))]);
  });

  test('without a name is one to its account', () => {
    const granted = (...statements: object[]) => {
      const { app, consumer, repository } = importing(contractWith(...statements));
      repository.grantPull(newRole(consumer));
      return noticesIn(app);
    };
    expect(granted(ACCOUNTS)).toEqual([]);
    expect(granted(ROLES)).toEqual([undecided("'Consumer/Role'", ACCOUNTS)]);
    expect(granted()).toEqual([missing("'Consumer/Role'", ACCOUNTS)]);
  });

  test('in the owner\'s own account is whole by itself', () => {
    const { app, consumer, repository } = importing(contractWith(), OWNER);
    repository.grantPull(newRole(consumer));

    expect(noticesIn(app)).toEqual([]);
  });

  test('of an account that only the deployment knows is a note', () => {
    const { app, consumer, repository } = importing(contractWith(ACCOUNTS), AGNOSTIC);
    repository.grantPull(newRole(consumer, { roleName: 'app' }));

    expect(noticesIn(app)).toEqual([expect.objectContaining({ level: 'info', text: expect.stringContaining('[ack: cdk-shared-ecr:ownerHalfNotInSight]') })]);
  });

  test('that is a CrossAccountPullRole', () => {
    const notices = (...statements: object[]) => {
      const { app, consumer, repository } = importing(contractWith(...statements));
      new CrossAccountPullRole(consumer, 'Role', { runtime: PullRuntime.ECS_TASK, roleName: 'app', repositories: [repository] });
      return noticesIn(app);
    };
    expect(notices(ROLES)).toEqual([]);
    expect(notices()).toEqual([missing("'Consumer/Role'", ROLES)]);
  });
});

describe('a grant to others', () => {
  const noticesOf = (principal: iam.IGrantable, ...statements: object[]) => {
    const { app, repository } = importing(contractWith(...statements));
    repository.grantPull(principal);
    return noticesIn(app);
  };

  test('an account', () => {
    const account = () => new iam.AccountPrincipal('111122223333');
    expect(noticesOf(account(), ACCOUNTS)).toEqual([]);
    expect(noticesOf(account())).toEqual([missing('AccountPrincipal(111122223333)', ACCOUNTS)]);
  });

  test('an organization', () => {
    const organization = () => new iam.OrganizationPrincipal('o-a1b2c3d4e5');
    expect(noticesOf(organization(), ORGANIZATION)).toEqual([]);
    expect(noticesOf(organization(), ACCOUNTS)).toEqual([undecided('OrganizationPrincipal(o-a1b2c3d4e5)', ORGANIZATION)]);
    expect(noticesOf(organization())).toEqual([missing('OrganizationPrincipal(o-a1b2c3d4e5)', ORGANIZATION)]);
  });

  test('a statement of the user\'s own is known only as it is', () => {
    const statement = { Action: 'ecr:PutImage', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/ci' } };
    const notices = (...statements: object[]) => {
      const { app, repository } = importing(contractWith(...statements));
      repository.addToResourcePolicy(iam.PolicyStatement.fromJson(statement));
      return noticesIn(app);
    };
    expect(notices({ ...statement, Sid: 'Push' })).toEqual([]);
    expect(notices()).toEqual([{ path: 'Consumer/Imported', level: 'warning', text: `${mustHave(statement)} [ack: cdk-shared-ecr:ownerHalfMissing]` }]);
  });
});

describe('Lambda functions', () => {
  const noticesWith = (...statements: object[]) => {
    const { app, consumer, repository } = importing(contractWith(...statements));
    new lambda.DockerImageFunction(consumer, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });
    app.synth();
    return noticesIn(app);
  };
  const [deploy, functions] = lambdaStatements(['111122223333'], ['111122223333']);

  test('that the owner has let in need no word', () => {
    expect(noticesWith(deploy, functions)).toEqual([]);
  });

  test('need the statement that is missing', () => {
    expect(noticesWith(deploy)).toEqual([missing('the Lambda service', functions)]);
    expect(noticesWith(functions)).toEqual([missing('the Lambda service', deploy)]);
    expect(noticesWith()).toEqual([missing('the Lambda service', deploy, functions)]);
  });

  test('of which the owner has let in some are a note', () => {
    const some = { ...functions, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:lambda:us-east-1:111122223333:function:orders-*' } } };
    expect(noticesWith(deploy, some)).toEqual([undecided('the Lambda service', functions)]);
  });

  test('need not be there if the owner has let in those of the account', () => {
    const grant = (...statements: object[]) => {
      const { app, repository } = importing(contractWith(...statements));
      repository.grantPull(new iam.ServicePrincipal('lambda.amazonaws.com'));
      return app;
    };
    expect(() => grant(functions).synth()).not.toThrow();
    expect(errorOf(() => grant(deploy).synth())).toContain('lambda.amazonaws.com was granted to pull, but no function of this app runs an image of this repository');
  });
});

describe('the file', () => {
  test('is known to the validation of the app, whichever way it is named', () => {
    const file = contractWith();
    const { app, consumer } = importing(file);
    SharedEcrRepository.fromContract(consumer, 'Again', relative(process.cwd(), file), 'web-app');

    expect(contractFilesOf(app)).toEqual([file]);
  });

  test('is what that validation judges by', () => {
    const synth = (...statements: object[]) => {
      const { app, consumer, repository } = importing(contractWith(...statements), CONSUMER, 'web-app', 'error');
      new lambda.DockerImageFunction(consumer, 'Function', { code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: '1' }) });
      return app.synth();
    };
    const [deploy, functions] = lambdaStatements(['111122223333'], ['111122223333']);

    expect(() => synth(deploy, functions)).not.toThrow();
    expect(errorOf(() => synth(deploy))).toContain('lambda-service-missing');
  });

  test('that is not there, or is none, is an error', () => {
    expect(errorOf(() => importing('/nowhere/shared-ecr.json'))).toBe('the contract "/nowhere/shared-ecr.json" cannot be read: there is no such file; '
      + 'its owner writes it by "npx cdk-shared-ecr contract cdk.out"');
    expect(errorOf(() => importing(fileOf('{}')))).toContain('is none: kind is missing');
  });
});

describe('the name', () => {
  const entry = (region: string) => ({ name: 'web-app', account: '999999999999', region });

  test('that several repositories have is that of the one in the stack\'s Region', () => {
    const file = contractOfRepositories(entry('us-east-1'), entry('eu-west-1'));

    expect(importing(file).repository.env.region).toBe('us-east-1');
    expect(errorOf(() => importing(file, { account: '111122223333', region: 'ap-south-1' }))).toContain('has 2 of that name, and none of them is in the Region of the stack: '
      + 'account 999999999999, Region us-east-1; account 999999999999, Region eu-west-1; use SharedEcrRepository.fromRepositoryArn');
    expect(errorOf(() => importing(file, AGNOSTIC))).toContain('none of them is in the Region of the stack');
  });

  test('may be of another Region, if only one has it', () => {
    expect(importing(contractOfRepositories(entry('eu-west-1'))).repository.repositoryArn).toBe('arn:aws:ecr:eu-west-1:999999999999:repository/web-app');
  });

  test('that none has is an error', () => {
    const file = contractWith();
    expect(errorOf(() => importing(file, CONSUMER, 'web'))).toBe(`repositoryName is "web", but the contract "${file}" has no such repository; it has web-app`);
  });

  test('that only the deployment knows is an error', () => {
    const stack = new Stack(newApp(), 'Stack');
    expect(errorOf(() => SharedEcrRepository.fromContract(stack, 'Imported', contractWith(), new CfnParameter(stack, 'P').valueAsString)))
      .toContain('repositoryName is a token, but a repository is looked up now');
  });
});
