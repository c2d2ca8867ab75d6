import { App, Fn, Stage } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { ImportedRepository } from '../../src/halves/imported-repository';
import { CACHE_PULL_ACTIONS, LAMBDA_ACTIONS, PULL_ACTIONS, READ_ACTIONS } from '../../src/policy/actions';
import { Grant, Who } from '../../src/policy/grant';
import { GrantsInSight, HalfByTemplate, MadeRepository, mayBeCovered } from '../../src/registry/made-by-ecr';
import {
  accountsStatement, APP_RUNNER_PULL, errorOf, newApp, newRole, newStack, noticesIn, OTHER, OWNER, printed, PULL, rolesStatement,
} from '../support';

const REGISTRY = { ...OWNER, partition: 'aws' };
const account: Who = { kind: 'account', account: OTHER.account };
const role: Who = { kind: 'identity', account: OTHER.account, name: 'role/app' };
const organization: Who = { kind: 'organization', organization: 'o-a1b2c3d4e5' };
const organizationalUnit: Who = { kind: 'organizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' };
const functions: Who = { kind: 'lambda', account: OTHER.account, functionName: '*' };
const functionsOfOrganization: Who = { kind: 'lambdaOrganization', organization: 'o-a1b2c3d4e5' };
const functionsOfUnit: Who = { kind: 'lambdaOrganizationalUnit', path: 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' };
const open = (conditions: object): Who => ({ kind: 'conditioned', type: 'AWS', principal: '*', conditions: conditions as any });
/** What the app says of a policy: all, or some of it. */
const all = (...grants: Grant[]): GrantsInSight => ({ grants, isAll: true });
const some = (...grants: Grant[]): GrantsInSight => ({ grants, isAll: false });
const grant = (who: Who, actions: readonly string[] = PULL_ACTIONS, repositories?: string): Grant => ({ who, actions, repositories });

describe('mayBeCovered', () => {
  test.each<[string, Grant, Grant[], boolean]>([
    ['nothing', grant(role), [], false],
    ['the same', grant(role), [grant(role)], true],
    ['its account', grant(role), [grant(account)], true],
    ['another role', grant(role), [grant({ ...role, name: 'role/web' } as Who)], false],
    ['an organization', grant(role), [grant(organization)], true],
    ['an OU', grant(role), [grant(organizationalUnit)], true],
    ['an open principal of an organization', grant(role), [grant(open({ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }))], true],
    ['an open principal of an account', grant(role), [grant(open({ StringEquals: { 'aws:PrincipalAccount': '777788889999' } }))], false],
    ['accounts that only the deployment knows', grant(role), [grant({ kind: 'accountList', accounts: Fn.split(',', Fn.importValue('P')) as any })], true],
    ['an account that only the deployment knows', grant(role), [grant({ kind: 'account', account: Fn.importValue('P') })], true],
    ['an organization, for less', grant(role), [grant(organization, READ_ACTIONS)], false],
    ['an organization, for others', grant(role, PULL_ACTIONS, 'web-app'), [grant(organization, PULL_ACTIONS, 'team-a/*')], false],
    ['an organization, for all', grant(role, PULL_ACTIONS, 'web-app'), [grant(organization)], true],
    ['only the functions of an organization', grant(role, LAMBDA_ACTIONS), [grant(functionsOfOrganization, LAMBDA_ACTIONS)], false],
    ['its functions', grant(functions, LAMBDA_ACTIONS), [grant(functions, LAMBDA_ACTIONS)], true],
    ['functions of an organization', grant(functions, LAMBDA_ACTIONS), [grant(functionsOfOrganization, LAMBDA_ACTIONS)], true],
    ['functions of an OU', grant(functions, LAMBDA_ACTIONS), [grant(functionsOfUnit, LAMBDA_ACTIONS)], true],
    ['functions of an account that only the deployment knows', grant(functions, LAMBDA_ACTIONS), [grant({ ...functions, account: Fn.importValue('P') } as Who, LAMBDA_ACTIONS)], true],
    ['an organization, but no functions', grant(functions, LAMBDA_ACTIONS), [grant(organization)], false],
  ])('%s', (_, wanted, granted, expected) => {
    expect(mayBeCovered(wanted, granted, REGISTRY)).toBe(expected);
  });
});

describe('the owner\'s half on a repository that Amazon ECR makes', () => {
  /** `web-app` of the owner, as Amazon ECR makes it with these grants. */
  function made(props: Partial<MadeRepository> = {}, scope: Stage = newApp()) {
    const app = scope.node.root as App;
    const repository = new ImportedRepository(newStack(scope, 'Stack', OWNER), 'Made', { ...OWNER, repositoryName: 'web-app' }, {
      ownerHalf: (one) => new HalfByTemplate(one, { granted: () => all(), remedy: 'change the template', ...props }),
    });
    return { app, repository, consumer: newStack(app, 'Consumer', OTHER) };
  }
  const failed = (...problems: string[]) => ['Validation failed with the following errors:', ...problems.map((problem) => `  [Stack/Made] ${problem}`)].join('\n');
  const lacks = (grantee: string, ...statements: object[]) => `${grantee} is granted access to 'web-app', which Amazon ECR makes with a policy that lacks it; change the template; it would be:\n`
    + printed(...statements);
  const pullRole = (name: string) => rolesStatement('Pull', PULL, [OTHER.account], [`arn:aws:iam::444455556666:role/${name}`]);

  test('is asked for once by each grantee, and each is told what is missing', () => {
    const { app, repository, consumer } = made();
    const [a, b] = ['A', 'B'].map((name) => newRole(consumer, { roleName: name }, name));
    [a, b, a].forEach((grantee) => repository.grantPull(grantee));
    repository.grantRead(b);

    expect(errorOf(() => app.synth())).toBe(failed(
      lacks("'Consumer/A'", pullRole('A')),
      lacks("'Consumer/B'", pullRole('B')),
      lacks("'Consumer/B'", rolesStatement('Read', [...READ_ACTIONS], [OTHER.account], ['arn:aws:iam::444455556666:role/B'])),
    ));
  });

  test('is looked at when all is declared', () => {
    const granted: Grant[] = [];
    const { app, repository, consumer } = made({ granted: () => all(...granted) });
    repository.grantPull(newRole(consumer, { roleName: 'app' }));
    granted.push(grant(account));
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  test('may be made of several grants, for each action one', () => {
    const asked = (...granted: Grant[]) => {
      const { app, repository, consumer } = made({ granted: () => all(...granted) });
      repository.grant(newRole(consumer, { roleName: 'app' }), ...APP_RUNNER_PULL);
      return () => app.synth();
    };

    expect(asked(grant(account), grant(role, READ_ACTIONS))).not.toThrow();
    expect(errorOf(asked(grant(account)))).toBe(failed(lacks("'Consumer/Role'",
      rolesStatement('AppRunnerPull', APP_RUNNER_PULL, [OTHER.account], ['arn:aws:iam::444455556666:role/app']))));
  });

  test('counts only where it is about this repository', () => {
    const grantedOn = (repositories: string) => {
      const { app, repository, consumer } = made({ granted: () => all(grant(account, CACHE_PULL_ACTIONS, repositories)) });
      repository.grantPull(newRole(consumer, { roleName: 'app' }));
      return () => app.synth();
    };

    expect(grantedOn('web-*')).not.toThrow();
    expect(errorOf(grantedOn('web/*'))).toBe(failed(lacks("'Consumer/Role'", pullRole('app'))));
  });

  test('is needed by a grantee without a half of its own, too', () => {
    const { app, repository } = made();
    repository.grantPull(new iam.AccountPrincipal(OTHER.account));

    expect(errorOf(() => app.synth())).toBe(failed(lacks('AccountPrincipal(444455556666)', accountsStatement('Pull', PULL, [OTHER.account]))));
  });

  test('is not needed at home', () => {
    const { app, repository } = made();
    repository.grantPull(newRole(newStack(app, 'Home', OWNER)));
    app.synth();

    expect(noticesIn(app)).toEqual([]);
  });

  const imported = (statement: object) => "'Stack/Made' is imported, so the policy of 'web-app' cannot be changed from here; its owner, account 999999999999, "
    + `must have in it:\n${printed(statement)}`;

  test('is told to people if the app does not say all that the policy will be', () => {
    const { app, repository, consumer } = made({ granted: () => some() });
    repository.grantPull(newRole(consumer, { roleName: 'app' }));
    repository.grantPull(new iam.AccountPrincipal(OTHER.account));
    app.synth();

    expect(noticesIn(app)).toEqual([
      {
        path: 'Stack/Made',
        level: 'info',
        text: `'Consumer/Role' has its half of the grant; the other half is not in sight: ${imported(pullRole('app'))} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
      },
      {
        path: 'Stack/Made',
        level: 'warning',
        text: `the grant to AccountPrincipal(444455556666) has no effect without the owner's half: ${imported(accountsStatement('Pull', PULL, [OTHER.account]))} `
          + '[ack: cdk-shared-ecr:ownerHalfMissing]',
      },
    ]);
  });

  test('is told only as far as what is in sight does not cover it', () => {
    const { app, repository, consumer } = made({ granted: () => some(grant({ ...role, name: 'role/A' } as Who)) });
    ['A', 'B'].forEach((name) => repository.grantPull(newRole(consumer, { roleName: name }, name)));
    app.synth();

    expect(noticesIn(app)).toEqual([{
      path: 'Stack/Made',
      level: 'info',
      text: `'Consumer/B' has its half of the grant; the other half is not in sight: ${imported(pullRole('B'))} [ack: cdk-shared-ecr:ownerHalfNotInSight]`,
    }]);
  });

  describe('once its Stage was written', () => {
    /** Grants a pull to a role of another account, after the Stage was written. */
    const grantLate = (granted: GrantsInSight) => {
      const stage = new Stage(newApp(), 'Written');
      const { app, repository } = made({ granted: () => granted }, stage);
      const consumer = newStack(app, 'Late', OTHER);
      stage.synth();
      repository.grantPull(newRole(consumer, { roleName: 'app' }));
      return app;
    };

    test('is looked at with each grant', () => {
      expect(errorOf(() => grantLate(all()))).toBe(lacks("'Late/Role'", pullRole('app')));
    });

    test('is no error where it is covered', () => {
      expect(() => grantLate(all(grant(account))).synth()).not.toThrow();
    });

    test('is lost where the app does not say all: nobody would read the note', () => {
      expect(errorOf(() => grantLate(some()))).toMatch(/ was already written with its Stage 'Written', so what is added to it would be lost; add it before that is synthesized$/);
    });
  });

  describe('where the Lambda service cannot be served', () => {
    const refusesLambda = 'is nothing for functions; use another';
    const service = (conditions?: object) => new iam.ServicePrincipal('lambda.amazonaws.com', { conditions: conditions as any });
    const functionIn = (stack: ReturnType<typeof newStack>, imageUri: string) =>
      new lambda.CfnFunction(stack, 'Function', { packageType: 'Image', code: { imageUri }, role: 'arn:aws:iam::444455556666:role/app' });

    test.each<[string, iam.IPrincipal]>([
      ['as it is', service()],
      ['under conditions', service({ StringEquals: { 'aws:SourceAccount': OTHER.account } })],
      ['under conditions, as CDK adds them', new iam.PrincipalWithConditions(service(), { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } })],
    ])('it is refused: %s', (_, principal) => {
      expect(errorOf(() => made({ refusesLambda }).repository.grantPull(principal))).toBe("'Stack/Made' is nothing for functions; use another");
      expect(() => made().repository.grantPull(principal)).not.toThrow();
    });

    test('another service is not, nor an account of the name', () => {
      const granted = () => all(grant(account));
      const codeBuild = new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': OTHER.account } } });

      expect(() => made({ refusesLambda, granted }).repository.grantPull(codeBuild)).not.toThrow();
      expect(() => made({ refusesLambda, granted }).repository.grantPull(new iam.AccountPrincipal(OTHER.account))).not.toThrow();
    });

    test.each<[string, GrantsInSight]>([['all', all()], ['some', some()]])('a function that only has the address of an image is an error at synth, where the app says %s', (_, granted) => {
      const { app, repository, consumer } = made({ refusesLambda, granted: () => granted });
      functionIn(consumer, repository.repositoryUriForTag('v1'));

      expect(errorOf(() => app.synth())).toBe(failed("the image of the function 'Consumer/Function' is nothing for functions; use another"));
    });

    test('a function that has the address of an image is no error elsewhere', () => {
      const { app, repository, consumer } = made();
      functionIn(consumer, repository.repositoryUriForTag('v1'));

      expect(() => app.synth()).not.toThrow();
    });
  });
});
