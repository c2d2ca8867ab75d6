import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { partitionNameOf } from './halves/environment';
import { membersOf } from './halves/members';
import { whosOf } from './halves/principals';
import { APP_RUNNER_PULL_ACTIONS, PULL_ACTIONS } from './policy/actions';
import { CODE_BUILD_SERVICE } from './policy/services';

/** What a runtime asks of the role that pulls for it. */
interface Definition {
  readonly name: string;
  /** Who assumes the role, in the view of the role's stack. */
  readonly assumedBy: (stack: Stack) => iam.IPrincipal;
  readonly actions?: readonly string[];
  readonly managedPolicyNames?: readonly string[];
  /** Whether it pulls the images of the EKS add-ons too. */
  readonly eksAddOns?: boolean;
}

/**
 * What runs the images, and so which role pulls them, who assumes it and what else it needs.
 *
 * AWS Lambda is not here: a function's execution role does not pull. Lambda functions are let in by the repository's policy alone,
 * with `EcrGrantee.lambdaFunctions` or `lambda.DockerImageCode.fromEcr`.
 *
 * Where an AWS page documents conditions against the confused deputy for a service's role, the trust policy has them.
 */
export class PullRuntime {
  /**
   * Amazon ECS tasks, on Fargate, on EC2 or external: the task execution role, assumed by `ecs-tasks.amazonaws.com`.
   *
   * Logging to CloudWatch is not included; the CDK's log drivers grant it.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
   */
  public static readonly ECS_TASK = PullRuntime.ofService('ECS_TASK', 'ecs-tasks.amazonaws.com');

  /**
   * Nodes of Amazon EKS, managed, self-managed or made by Karpenter: the node role, assumed by `ec2.amazonaws.com`.
   *
   * It gets the managed policy `AmazonEKSWorkerNodePolicy`, with which a node joins its cluster, and the images of the EKS add-ons. The VPC
   * CNI is best given a role of its own, as AWS recommends; where it uses the node's, add `AmazonEKS_CNI_Policy` to `managedPolicies`.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
   */
  public static readonly EKS_NODE = new PullRuntime({
    name: 'EKS_NODE',
    assumedBy: () => new iam.ServicePrincipal('ec2.amazonaws.com'),
    managedPolicyNames: ['AmazonEKSWorkerNodePolicy'],
    eksAddOns: true,
  });

  /**
   * Pods of Amazon EKS on Fargate: the pod execution role, assumed by `eks-fargate-pods.amazonaws.com` for Fargate profiles of the role's own
   * account and Region. It gets the images of the EKS add-ons. A node role cannot serve as a pod execution role.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-execution-role.html
   */
  public static readonly EKS_FARGATE_POD = new PullRuntime({
    name: 'EKS_FARGATE_POD',
    assumedBy: (stack) => new iam.ServicePrincipal('eks-fargate-pods.amazonaws.com', {
      conditions: { ArnLike: { 'aws:SourceArn': `arn:${partitionNameOf(stack.region)}:eks:${stack.region}:${stack.account}:fargateprofile/*` } },
    }),
    eksAddOns: true,
  });

  /**
   * EC2 instances, also those that carry ECS tasks without an execution role: the instance role, assumed by `ec2.amazonaws.com`.
   *
   * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html
   */
  public static readonly EC2_INSTANCE = PullRuntime.ofService('EC2_INSTANCE', 'ec2.amazonaws.com');

  /**
   * AWS App Runner services: the access role, assumed by `build.apprunner.amazonaws.com`. App Runner describes an image before it pulls
   * it, so both halves have `ecr:DescribeImages`. Automatic deployments do not work across accounts.
   *
   * @see https://docs.aws.amazon.com/apprunner/latest/dg/security_iam_service-with-iam.html
   */
  public static readonly APP_RUNNER = new PullRuntime({
    name: 'APP_RUNNER',
    assumedBy: () => new iam.ServicePrincipal('build.apprunner.amazonaws.com'),
    actions: APP_RUNNER_PULL_ACTIONS,
  });

  /**
   * AWS CodeBuild projects, for their build image: the service role, assumed by `codebuild.amazonaws.com` for the role's own account. The
   * project must use it to pull: `imagePullPrincipalType: SERVICE_ROLE`, which `LinuxBuildImage.fromEcrRepository` sets.
   *
   * @see https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
   */
  public static readonly CODE_BUILD = new PullRuntime({
    name: 'CODE_BUILD',
    assumedBy: (stack) => new iam.ServicePrincipal(CODE_BUILD_SERVICE, { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
  });

  /**
   * AWS Batch jobs on Fargate, or on EC2 with an execution role: the job's execution role, assumed by `ecs-tasks.amazonaws.com`.
   *
   * @see https://docs.aws.amazon.com/batch/latest/userguide/execution-IAM-role.html
   */
  public static readonly BATCH_JOB = PullRuntime.ofService('BATCH_JOB', 'ecs-tasks.amazonaws.com');

  /**
   * Amazon SageMaker AI models, training and processing jobs: the execution role, assumed by `sagemaker.amazonaws.com` for resources
   * of the role's own account and Region.
   *
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
   */
  public static readonly SAGEMAKER = new PullRuntime({
    name: 'SAGEMAKER',
    assumedBy: (stack) => new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { ArnLike: { 'aws:SourceArn': `arn:${partitionNameOf(stack.region)}:sagemaker:${stack.region}:${stack.account}:*` } },
    }),
  });

  /**
   * Any other puller: the role is assumed by that principal.
   *
   * In the owner's own account it is the role that consumers assume in order to pull, which needs no owner half:
   * `PullRuntime.assumedBy(new iam.AccountPrincipal('111122223333').withConditions({ StringEquals: { 'sts:ExternalId': 'web' } }))`, or
   * `PullRuntime.assumedBy(new iam.OrganizationPrincipal('o-a1b2c3d4e5'))`.
   *
   * @throws if the principal is everybody, and no condition fixes an account or an organization (an external id does not)
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html
   */
  public static assumedBy(principal: iam.IPrincipal): PullRuntime {
    membersOf(principal.grantPrincipal)
      .filter(({ policyFragment }) => Object.values(policyFragment.principalJson).flat().includes('*'))
      .forEach((open) => whosOf(open));
    return new PullRuntime({ name: `assumed by ${principal.grantPrincipal}`, assumedBy: () => principal });
  }

  private static ofService(name: string, service: string): PullRuntime {
    return new PullRuntime({ name, assumedBy: () => new iam.ServicePrincipal(service) });
  }

  private constructor(private readonly definition: Definition) {}

  /**
   * The runtime in words, for messages.
   */
  public toString(): string {
    return this.definition.name;
  }

  /** @internal */
  public _assumedBy(stack: Stack): iam.IPrincipal {
    return this.definition.assumedBy(stack);
  }

  /** @internal */
  public get _actions(): readonly string[] {
    return this.definition.actions ?? PULL_ACTIONS;
  }

  /** @internal */
  public get _managedPolicyNames(): readonly string[] {
    return this.definition.managedPolicyNames ?? [];
  }

  /** @internal */
  public get _pullsEksAddOns(): boolean {
    return this.definition.eksAddOns ?? false;
  }
}
