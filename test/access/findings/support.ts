import { Finding } from '../../../src/access/findings/finding';
import { AccessModel, modelOf } from '../../../src/access/model/model';
import { stackOf } from '../support';

export const OWNER = '111111111111';
export const CONSUMER = '222222222222';
export const PULL = ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

export const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
export const allow = (principal: unknown, more: object = {}) => ({ Sid: 'Pull', Effect: 'Allow', Principal: principal, Action: PULL, ...more });
export const repository = (RepositoryName: string, ...statements: object[]) => (
  { Type: 'AWS::ECR::Repository', Properties: { RepositoryName, RepositoryPolicyText: document(...statements) } });
export const registryPolicy = (...statements: object[]) => ({ Type: 'AWS::ECR::RegistryPolicy', Properties: { PolicyText: document(...statements) } });
export const creationTemplate = (Prefix: unknown, AppliedFor: string[] = ['REPLICATION'], ...statements: object[]) => (
  { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { Prefix, AppliedFor, RepositoryPolicy: JSON.stringify(document(...statements)) } });
export const cacheRule = (EcrRepositoryPrefix: unknown) => (
  { Type: 'AWS::ECR::PullThroughCacheRule', Properties: { EcrRepositoryPrefix, UpstreamRegistryUrl: 'registry.k8s.io' } });
export const task = (image: string, ExecutionRoleArn: string) => (
  { Type: 'AWS::ECS::TaskDefinition', Properties: { ContainerDefinitions: [{ Image: image }], ExecutionRoleArn } });
export const lambdaFunction = (ImageUri: string) => ({ Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', Code: { ImageUri } } });
export const hostOf = (account = OWNER, region = 'us-east-1') => `${account}.dkr.ecr.${region}.amazonaws.com`;

/** The rules by which one registry copies to others: `[account, Region, ...prefixes]`. */
export const replication = (...rules: ReadonlyArray<readonly [unknown, string, ...string[]]>) => ({
  Type: 'AWS::ECR::ReplicationConfiguration',
  Properties: {
    ReplicationConfiguration: {
      Rules: rules.map(([RegistryId, Region, ...prefixes]) => (
        { Destinations: [{ RegistryId, Region }], RepositoryFilters: prefixes.map((Filter) => ({ Filter, FilterType: 'PREFIX_MATCH' })) })),
    },
  },
});

/** A model of stacks, by `account` or `account Region`; what else is in a name tells stacks of a place apart. */
export function modelIn(stacks: Record<string, Record<string, any>>): AccessModel {
  return modelOf(Object.entries(stacks).map(([path, Resources]) => {
    const [account, region = 'us-east-1'] = path.split(' ');
    return stackOf({ Resources }, { path, account, region });
  }));
}

/** Findings in short. */
export function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, severity, place: { path } }) => `${severity} ${rule} ${path}`);
}
