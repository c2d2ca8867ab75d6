import { Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SharedEcrRepository } from '../../src';
import { digestSuffix, Grants, tagSuffix } from '../../src/halves/granting-repository';
import { ImportedRepository } from '../../src/halves/imported-repository';
import {
  APP_RUNNER_PULL, CONSUMER, errorOf, identityStatementsOf, newApp, newRepository, newRole, newStack, OWNER, policyOf, PULL, PUSH, READ,
  repositoryPolicyOf, rolesStatement, WEB_APP_ARN,
} from '../support';

test('repositories of this library are known as such, those of CDK are not', () => {
  const app = newApp();
  const owned = newRepository(app);
  const imported = SharedEcrRepository.fromRepositoryArn(newStack(app, 'Consumer', CONSUMER), 'Imported', WEB_APP_ARN);

  expect(Grants.of(owned)?.granted).toMatchObject({ resource: owned, owned: true, literalArn: WEB_APP_ARN });
  expect(Grants.of(imported)?.granted).toMatchObject({ resource: imported, owned: false, literalArn: WEB_APP_ARN, repositoryArn: WEB_APP_ARN });
  expect(Grants.of(new ecr.Repository(newStack(app, 'Plain', OWNER), 'Repository'))).toBeUndefined();
});

test('a role that App Runner assumes may describe images when it pulls', () => {
  const app = newApp();
  const repository = newRepository(app);
  const consumer = newStack(app, 'Consumer', CONSUMER);
  repository.grantPull(newRole(consumer, { roleName: 'app-runner', assumedBy: new iam.ServicePrincipal('build.apprunner.amazonaws.com') }, 'AppRunner'));
  repository.grantPull(newRole(consumer, { roleName: 'tasks', assumedBy: new iam.ServicePrincipal('tasks.apprunner.amazonaws.com') }, 'Tasks'));

  expect(repositoryPolicyOf(repository)).toEqual(policyOf(
    rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/tasks']),
    rolesStatement('AppRunnerPull', APP_RUNNER_PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/app-runner']),
  ));
});

test('the owner\'s half alone, for a role that has its own', () => {
  const app = newApp();
  const repository = newRepository(app);
  Grants.of(repository)!.ownerHalf(newRole(newStack(app, 'Consumer', CONSUMER), { roleName: 'app' }), PULL);
  Grants.of(repository)!.ownerHalf(newRole(repository.stack, { roleName: 'home' }), PULL);

  expect(repositoryPolicyOf(repository)).toEqual(policyOf(rolesStatement('Pull', PULL, ['111122223333'], ['arn:aws:iam::111122223333:role/app'])));
});

describe('a repository where a pull takes more', () => {
  const caching = () => {
    const app = newApp();
    const stack = newStack(app, 'Cache', OWNER);
    const asked: Array<readonly string[]> = [];
    const repository = new ImportedRepository(stack, 'Cached', { ...OWNER, repositoryName: 'web-app' }, {
      cached: { both: ['ecr:BatchGetImage', 'ecr:BatchImportUpstreamImage'], consumer: ['ecr:CreateRepository'] },
      ownerHalf: () => ({ grants: [], add: (grants) => asked.push(...grants.map(({ actions }) => actions)), addLambdaFunctions: () => {} }),
    });
    return { stack, asked, repository, consumer: newStack(app, 'Consumer', CONSUMER) };
  };
  const both = [...PULL, 'ecr:BatchImportUpstreamImage'].sort();

  test('asks more of both halves, and of the role something that the owner\'s half has not', () => {
    const { repository, asked, consumer } = caching();
    repository.grantPull(newRole(consumer, { roleName: 'app' }));

    expect(asked.map((actions) => [...actions].sort())).toEqual([both]);
    expect(identityStatementsOf(consumer)).toEqual([
      { Effect: 'Allow', Action: [...both, 'ecr:CreateRepository'].sort(), Resource: WEB_APP_ARN },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
    ]);
  });

  test('tells roles that have their own half what that takes', () => {
    const { repository, asked, consumer } = caching();
    Grants.of(repository)!.ownerHalf(newRole(consumer, { roleName: 'app' }), PULL);

    expect(asked.map((actions) => [...actions].sort())).toEqual([both]);
    expect(Grants.of(repository)!.consumerActions(PULL)).toEqual([...both, 'ecr:CreateRepository'].sort());
    expect(Grants.of(newRepository(newApp()))!.consumerActions([...PULL].reverse())).toEqual(PULL);
  });

  test('asks no more for pushing, reading, and what is named', () => {
    const { repository, asked, consumer } = caching();
    const role = newRole(consumer, { roleName: 'app' });
    repository.grantPush(role);
    repository.grantRead(role);
    repository.grant(role, 'ecr:BatchGetImage');

    expect(asked).toEqual([PUSH, READ, ['ecr:BatchGetImage']]);
    expect(JSON.stringify(identityStatementsOf(consumer))).not.toMatch(/Import|CreateRepository/);
  });
});

test('a grant of no action at all is an error', () => {
  const repository = newRepository(newApp());

  expect(errorOf(() => repository.grant(new iam.AccountPrincipal('111122223333')))).toBe('actions is empty, but at least one is needed; '
    + 'grantPull, grantPush and grantRead have the usual ones');
  expect(repositoryPolicyOf(repository)).toBeUndefined();
});

test('an image is named by tag or digest', () => {
  const digest = `sha256:${'0'.repeat(64)}`;

  expect([tagSuffix('1.0'), tagSuffix(''), tagSuffix(undefined)]).toEqual([':1.0', '', '']);
  expect([digestSuffix(digest), digestSuffix(''), digestSuffix(undefined)]).toEqual([`@${digest}`, '', '']);
  expect(Token.isUnresolved(digestSuffix(Token.asString({ Ref: 'Digest' })))).toBe(true);
  expect(errorOf(() => digestSuffix('latest'))).toContain('digest is "latest", but an image digest is');
});
