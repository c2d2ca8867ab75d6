import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CorrectApp, OWNER } from './app';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository } from 'cdk-shared-ecr';

const ORGANIZATION = 'o-a1b2c3d4e5';
const WORKLOADS = `${ORGANIZATION}/r-ab12/ou-ab12-11111111`;
const MEMBER = { account: '222222222222', region: 'us-east-1' };
const WORKLOAD = { account: '333333333333', region: 'us-east-1' };

/** Grants to an organization and to an OU, whose members are declared. No grant names an account. */
export const ORGANIZATIONS: CorrectApp = {
  name: 'organizations',
  build: [buildOwner, buildConsumers],
  organizations: [{
    organizationId: ORGANIZATION,
    accounts: [OWNER.account, MEMBER.account, WORKLOAD.account],
    organizationPaths: {
      [OWNER.account]: `${ORGANIZATION}/r-ab12/`,
      [MEMBER.account]: `${ORGANIZATION}/r-ab12/ou-ab12-22222222/`,
      [WORKLOAD.account]: `${WORKLOADS}/ou-ab12-33333333/`,
    },
  }],
};

function buildOwner(app: App): void {
  const stack = new Stack(app, 'Owner', { env: OWNER });
  new SharedEcrRepository(stack, 'Base', {
    repositoryName: 'base', pullers: [EcrGrantee.organization(ORGANIZATION), EcrGrantee.lambdaFunctionsInOrganization(ORGANIZATION)],
  });
  new SharedEcrRepository(stack, 'Service', {
    repositoryName: 'service', pullers: [EcrGrantee.organizationalUnit(WORKLOADS), EcrGrantee.lambdaFunctionsInOrganizationalUnit(WORKLOADS)],
  });
}

function buildConsumers(app: App): void {
  for (const [id, env, names] of [['Member', MEMBER, ['base']], ['Workload', WORKLOAD, ['base', 'service']]] as const) {
    const stack = new Stack(app, id, { env });
    const repositories = names.map((name) => SharedEcrRepository.fromRepositoryArn(stack, name, `arn:aws:ecr:us-east-1:${OWNER.account}:repository/${name}`));
    new CrossAccountPullRole(stack, 'Nodes', { runtime: PullRuntime.EC2_INSTANCE, repositories, roleName: 'nodes' });
    repositories.forEach((repository) => new lambda.DockerImageFunction(stack, `On-${repository.node.id}`, {
      code: lambda.DockerImageCode.fromEcr(repository, { tagOrDigest: 'v1' }),
    }));
  }
}
