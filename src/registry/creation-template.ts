import { IResolveContext, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { makeServiceRole, ServiceRole } from './service-role';
import { compare, describe, partitionNameOf, Relation } from '../halves/environment';
import { GrantedPolicy, PolicyKind } from '../halves/granted-policy';
import { completeRule, lifecycleProblems, renderLifecyclePolicy } from '../halves/lifecycle';
import { requireConsistentTags } from '../halves/tag-mutability';
import { CREATION_ACTIONS, CREATION_KEY_ACTIONS } from '../policy/actions';
import { repositoryArn } from '../policy/addresses';
import { Grant } from '../policy/grant';
import { Intrinsic, isIntrinsic } from '../policy/value';

/** Whom Amazon ECR makes repositories for. */
export type Reason = 'REPLICATION' | 'PULL_THROUGH_CACHE';

/** What the repositories get besides a policy. */
export interface CreationSettings {
  readonly imageTagMutability?: ecr.TagMutability;
  readonly imageTagMutabilityExclusionFilters?: ecr.ImageTagMutabilityExclusionFilter[];
  readonly lifecycleRules?: ecr.LifecycleRule[];
  readonly encryptionKey?: kms.IKeyRef;
  readonly tags?: { [key: string]: string };
}

export interface CreationTemplateProps {
  readonly reason: Reason;
  /** The first parts of the repositories' names, without a slash at the end; `''` for all that no other template is for. */
  readonly namespace: string;
  readonly settings: CreationSettings;
}

const TEMPLATE_POLICY: PolicyKind = {
  name: 'policy of repositories that Amazon ECR makes',
  resourceProblem: () => undefined,
  shorten: 'grant to an organization or an OU in place of single accounts',
  inTime: 'where it is defined',
};

/** A repository creation template, and the role that Amazon ECR needs for it. */
export class CreationTemplate extends Construct {
  public readonly reason: Reason;
  public readonly namespace: string;
  public readonly policy: GrantedPolicy;
  public readonly imageTagMutability: ecr.TagMutability;

  constructor(scope: Construct, id: string, { reason, namespace, settings }: CreationTemplateProps) {
    super(scope, id);
    const { imageTagMutability = ecr.TagMutability.MUTABLE, imageTagMutabilityExclusionFilters: filters, encryptionKey, tags = {} } = settings;
    requireSettings(this, settings);
    const rules = completeRules(settings);
    this.node.addValidation({ validate: () => lifecycleProblems(rules) });
    this.reason = reason;
    this.namespace = namespace;
    this.imageTagMutability = imageTagMutability;
    this.policy = new GrantedPolicy(this, TEMPLATE_POLICY);

    const hasTags = Object.keys(tags).length > 0;
    const made = hasTags || encryptionKey ? this.makeRole(encryptionKey) : undefined;
    const template = new ecr.CfnRepositoryCreationTemplate(this, 'Resource', {
      appliedFor: [reason],
      prefix: namespace === '' ? 'ROOT' : namespace,
      customRoleArn: made?.role.roleArn,
      imageTagMutability,
      imageTagMutabilityExclusionFilters: filters?.map((filter) => filter._render()),
      encryptionConfiguration: encryptionKey && { encryptionType: ecr.RepositoryEncryption.KMS.value, kmsKey: encryptionKey.keyRef.keyArn },
      lifecyclePolicy: rules.length > 0 ? JSON.stringify(renderLifecyclePolicy(rules)) : undefined,
      repositoryPolicy: Lazy.uncachedString({ produce: (context) => this.policyText(context) }),
      resourceTags: hasTags ? Object.entries(tags).map(([key, value]) => ({ key, value })) : undefined,
    });
    if (made) {
      template.node.addDependency(made.policy);
    }
  }

  /** Adds grants to the policy that the repositories get. */
  public allow(grants: readonly Grant[], grantee: string): void {
    this.policy.add(grants, grantee);
  }

  /** Whether a repository of that name is made by this template, if no other has a longer prefix. */
  public matches(repositoryName: string): boolean {
    return this.namespace === '' || repositoryName.startsWith(`${this.namespace}/`);
  }

  /** Here a policy is text in a property, not JSON. */
  private policyText(context: IResolveContext): string | undefined {
    const document = context.resolve(this.policy.text);
    return document && Stack.of(this).toJsonString(withTokens(document));
  }

  /** The role that Amazon ECR assumes; it must have no path. */
  private makeRole(encryptionKey: kms.IKeyRef | undefined): ServiceRole {
    const { account, region } = Stack.of(this);
    const repositoryName = this.namespace === '' ? '*' : `${this.namespace}/*`;
    return makeServiceRole(this, {
      assumedBy: new iam.ServicePrincipal('ecr.amazonaws.com'),
      description: `Lets Amazon ECR make repositories ${this.namespace === '' ? '' : `below ${this.namespace}/ `}for ${this.reason}`,
    }, [
      {
        sid: 'MakeRepositories',
        actions: [...CREATION_ACTIONS],
        resources: [repositoryArn({ account, region, repositoryName }, partitionNameOf(region))],
      },
      ...(encryptionKey ? [{ sid: 'EncryptRepositories', actions: [...CREATION_KEY_ACTIONS], resources: [encryptionKey.keyRef.keyArn] }] : []),
    ]);
  }
}

/** Throws if the settings contradict each other. */
export function requireSettings(scope: Construct, settings: CreationSettings): void {
  requireConsistentTags(settings.imageTagMutability ?? ecr.TagMutability.MUTABLE, settings.imageTagMutabilityExclusionFilters);
  requireFewTags(settings.tags ?? {});
  requireKeyHere(scope, settings.encryptionKey);
  completeRules(settings);
}

function completeRules({ lifecycleRules = [] }: CreationSettings): ecr.LifecycleRule[] {
  return lifecycleRules.reduce<ecr.LifecycleRule[]>((others, rule) => [...others, completeRule(rule, others)], []);
}

/** Within text CDK takes tokens for what only the deployment knows, but not what they were resolved to. */
function withTokens(value: unknown): unknown {
  if (isIntrinsic(value)) {
    return Token.asString(value);
  }
  if (Array.isArray(value)) {
    return value.map(withTokens);
  }
  return typeof value !== 'object' || value === null ? value : Object.fromEntries(Object.entries(value)
    .map(([key, inner]) => [key, key === 'AWS' && isIntrinsic(inner) ? listWithTokens(inner) : withTokens(inner)]));
}

/** A list of accounts as JSON: given as a number, since round that CDK writes no quotes. */
function listWithTokens(list: Intrinsic): number {
  return Token.asNumber({ 'Fn::Join': ['', ['["', { 'Fn::Join': ['","', list] }, '"]']] });
}

function requireFewTags(tags: { [key: string]: string }): void {
  const count = Object.keys(tags).length;
  if (count > 50) {
    throw new Error(`tags has ${count} tags, but a repository can have at most 50`);
  }
  const wrong = Object.entries(tags).find(([key, value]) => key === '' || key.length > 128 || key.startsWith('aws:') || (!Token.isUnresolved(value) && value.length > 256));
  if (wrong) {
    throw new Error(`tags has ${JSON.stringify(wrong[0])}: ${JSON.stringify(wrong[1])}, but a key has 1 to 128 characters and does not begin with "aws:", and a value has at most 256`);
  }
}

/** Throws if the key is surely in another account or Region, where Amazon ECR cannot use it. */
export function requireKeyHere(scope: Construct, key: kms.IKeyRef | undefined): void {
  const { account, region } = Stack.of(scope);
  if (key && (compare(key.env.account, account) === Relation.DIFFERENT || compare(key.env.region, region) === Relation.DIFFERENT)) {
    throw new Error(`encryptionKey '${key.node.path}' is in ${describe(key.env)}, and the repositories are in ${describe({ account, region })}, but Amazon ECR takes only keys of its own account and Region; `
      + 'give a key there');
  }
}
