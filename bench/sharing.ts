import { App, Stack } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import { EcrGrantee, SharedEcrRepository } from '../src';

const OWNER = { account: '999999999999', region: 'us-east-1' };
const ROLE_NAME = 'app-execution';
const LAMBDA_ACTIONS = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const MINIMIZE_POLICIES = '@aws-cdk/aws-iam:minimizePolicies';

/** One way to let other accounts pull from a repository. */
export interface Variant {
  readonly name: string;
  /** What it is measured against, as short as the table needs it. */
  readonly short: string;
  readonly context?: Record<string, unknown>;
  /** Makes the repository and lets the accounts pull. */
  readonly accounts: Share;
  /** The same for one role in each account; all of them have the same name. */
  readonly roles: Share;
  /** The same for the Lambda functions of each account: both statements that AWS Lambda needs. */
  readonly lambda: Share;
}

type Share = (stack: Stack, name: string, ids: readonly string[]) => void;

/** Ours, all grantees given at once. */
export const OURS: Variant = {
  name: 'cdk-shared-ecr, pullers',
  short: 'ours',
  accounts: (stack, name, ids) => ours(stack, name, [EcrGrantee.accounts(...ids)]),
  roles: (stack, name, ids) => ours(stack, name, ids.map((id) => EcrGrantee.role(id, ROLE_NAME))),
  lambda: (stack, name, ids) => ours(stack, name, ids.map((id) => EcrGrantee.lambdaFunctions(id))),
};

/** Ours, used as the CDK's repository is used: one grant for each grantee. */
export const OURS_BY_GRANTS: Variant = {
  name: 'cdk-shared-ecr, grantPull',
  short: 'ours by grantPull',
  ...byGrants((stack, name) => new SharedEcrRepository(stack, name, { repositoryName: name })),
};

/** The CDK's own repository. */
export const L2: Variant = {
  name: 'ecr.Repository, grantPull',
  short: 'the L2',
  ...byGrants((stack, name) => new ecr.Repository(stack, name, { repositoryName: name })),
};

/** The CDK's own repository, where the app has the CDK's own compaction turned on. */
export const L2_MINIMIZED: Variant = {
  ...L2,
  name: 'ecr.Repository, grantPull, minimizePolicies',
  short: 'the L2 with minimizePolicies',
  context: { [MINIMIZE_POLICIES]: true },
};

export const VARIANTS = [OURS, OURS_BY_GRANTS, L2, L2_MINIMIZED];

/** An app with one stack that holds the given number of repositories, each shared with all the accounts. */
export function appSharing(variant: Variant, share: Share, repositories: number, ids: readonly string[]): App {
  const app = new App({ context: variant.context, analyticsReporting: false });
  const stack = new Stack(app, 'Owner', { env: OWNER });
  for (let index = 1; index <= repositories; index++) {
    share(stack, `service-${index}`, ids);
  }
  return app;
}

/** As many account ids, the same ones each time, in no order. */
export function accountIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${100_000_000_000 + (index * 7_654_321_001) % 900_000_000_000}`);
}

function ours(stack: Stack, repositoryName: string, pullers: EcrGrantee[]): void {
  new SharedEcrRepository(stack, repositoryName, { repositoryName, pullers });
}

function byGrants(create: (stack: Stack, name: string) => ecr.IRepository): Pick<Variant, 'accounts' | 'roles' | 'lambda'> {
  return {
    accounts: (stack, name, ids) => {
      const repository = create(stack, name);
      ids.forEach((id) => repository.grantPull(new iam.AccountPrincipal(id)));
    },
    roles: (stack, name, ids) => {
      const repository = create(stack, name);
      ids.forEach((id) => repository.grantPull(new iam.ArnPrincipal(`arn:aws:iam::${id}:role/${ROLE_NAME}`)));
    },
    lambda: (stack, name, ids) => {
      const repository = create(stack, name);
      ids.forEach((id) => {
        repository.grant(new iam.AccountPrincipal(id), ...LAMBDA_ACTIONS);
        repository.grant(new iam.ServicePrincipal('lambda.amazonaws.com', {
          conditions: { ArnLike: { 'aws:SourceArn': `arn:aws:lambda:${OWNER.region}:${id}:function:*` } },
        }), ...LAMBDA_ACTIONS);
      });
    },
  };
}
