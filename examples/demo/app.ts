import { App, Environment, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository } from 'cdk-shared-ecr';

const DEV = { account: '222222222222', region: 'us-east-1' };
const STAGING = { account: '333333333333', region: 'us-east-1' };
const PRODUCTION = { account: '444444444444', region: 'us-east-1' };
const PRODUCTION_EU = { account: '444444444444', region: 'eu-central-1' };
const BUILD = { account: '555555555555', region: 'us-east-1' };
const SECURITY_ACCOUNT = '666666666666';

const ORGANIZATION = 'o-a1b2c3d4e5';
const SANDBOXES = `${ORGANIZATION}/r-ab12/ou-ab12-11111111`;

/**
 * A company that builds images in one account, keeps them in a second, and runs them in three others.
 *
 * Nothing below says what a policy looks like: it says who uses which image, and the library writes both halves. In a real company each
 * stack would be in a file, and perhaps in an app, of its own.
 */
export function buildDemo(app: App): void {
  // `--context sharedAccount=...` moves the owner to another account: its address is written into every consumer's stack.
  const sharedAccount: string = app.node.tryGetContext('sharedAccount') ?? '111111111111';
  const shared = new SharedServices(app, 'SharedServices', { account: sharedAccount, region: 'us-east-1' });

  new WebService(app, 'DevWeb', DEV, shared.webApp);
  new Payments(app, 'StagingPayments', STAGING, shared.paymentService);
  new WebService(app, 'ProductionWeb', PRODUCTION, shared.webApp);
  new Cluster(app, 'ProductionCluster', PRODUCTION_EU, shared);
  new ImageBuild(app, 'ImageBuild', BUILD, shared);
}

/** The owner: the repositories, and those grantees whose accounts this app does not deploy to. */
class SharedServices extends Stack {
  readonly webApp: SharedEcrRepository;
  readonly paymentService: SharedEcrRepository;
  readonly buildTools: SharedEcrRepository;

  constructor(scope: Construct, id: string, env: Environment) {
    super(scope, id, { env });

    this.webApp = new SharedEcrRepository(this, 'WebApp', {
      repositoryName: 'web-app',
      // Sandbox accounts come and go; the organizational unit that they are in stays.
      pullers: [EcrGrantee.organizationalUnit(SANDBOXES)],
      // The security team deploys its role by an app of its own. It is named here, and need not exist yet.
      readers: [EcrGrantee.role(SECURITY_ACCOUNT, 'security/image-scanner')],
    });

    this.paymentService = new SharedEcrRepository(this, 'PaymentService', {
      repositoryName: 'payment-service',
      encryption: ecr.RepositoryEncryption.KMS,
      readers: [EcrGrantee.role(SECURITY_ACCOUNT, 'security/image-scanner')],
    });

    this.buildTools = new SharedEcrRepository(this, 'BuildTools', {
      repositoryName: 'build-tools',
      // Every account, those to come included, builds with the same tools.
      pullers: [EcrGrantee.organization(ORGANIZATION)],
    });
  }
}

/** Amazon ECS on Fargate: the execution role pulls. The CDK makes it, and asks the repository to let it in. */
class WebService extends Stack {
  constructor(scope: Construct, id: string, env: Environment, webApp: ecr.IRepository) {
    super(scope, id, { env });

    const taskDefinition = new ecs.FargateTaskDefinition(this, 'Task');
    taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromEcrRepository(webApp, 'v1') });

    new ecs.FargateService(this, 'Service', {
      cluster: new ecs.Cluster(this, 'Cluster', { vpc: networkOf(this) }),
      taskDefinition,
      minHealthyPercent: 100,
      circuitBreaker: { rollback: true },
    });
  }
}

/** AWS Lambda: no role pulls, the service itself does, so the functions must be in the Region of the repository. */
class Payments extends Stack {
  constructor(scope: Construct, id: string, env: Environment, paymentService: ecr.IRepository) {
    super(scope, id, { env });

    for (const name of ['Authorize', 'Refund']) {
      new lambda.DockerImageFunction(this, name, {
        code: lambda.DockerImageCode.fromEcr(paymentService, { tagOrDigest: 'v1', cmd: [`payments.${name}`] }),
      });
    }
  }
}

/** Amazon EKS: the node role pulls for all pods, here from another Region. Kubernetes, not the CDK, says which images run. */
class Cluster extends Stack {
  constructor(scope: Construct, id: string, env: Environment, { account, webApp, paymentService }: SharedServices) {
    super(scope, id, { env });

    // Made by another app of the platform team, so only our half can be written here; theirs lets in the whole organization.
    const logAgent = SharedEcrRepository.fromRepositoryArn(this, 'LogAgent', `arn:aws:ecr:eu-central-1:${account}:repository/log-agent`);

    const nodeRole = new CrossAccountPullRole(this, 'NodeRole', {
      runtime: PullRuntime.EKS_NODE,
      repositories: [webApp, paymentService],
      additionalRepositories: [logAgent],
      roleName: 'production-nodes',
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonEKS_CNI_Policy')],
    });

    const cluster = new eks.Cluster(this, 'Cluster', {
      version: eks.KubernetesVersion.V1_34,
      vpc: networkOf(this),
      vpcSubnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
      defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
    });
    cluster.addNodegroupCapacity('Nodes', { nodeRole });
  }
}

/** AWS CodeBuild: the role of the project pulls the build image, and pushes what it built. */
class ImageBuild extends Stack {
  constructor(scope: Construct, id: string, env: Environment, { buildTools, webApp, paymentService }: SharedServices) {
    super(scope, id, { env });

    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': this.account } } }),
      roleName: 'publish-images',
    });
    new codebuild.Project(this, 'Project', {
      role,
      environment: { buildImage: codebuild.LinuxBuildImage.fromEcrRepository(buildTools, 'v1'), privileged: true },
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2', phases: { build: { commands: ['make publish'] } } }),
    });
    webApp.grantPush(role);
    paymentService.grantPush(role);
  }
}

/** The network of an account, as its network team made it. */
function networkOf(stack: Stack): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    availabilityZones: ['a', 'b'].map((zone) => `${stack.region}${zone}`),
    privateSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0b1c2d3e4f5061728'],
    privateSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0b1c2d3e4f5061728'],
  });
}

// Run by the CDK, and not imported: `npx cdk synth` in this folder, or in any app that this file is copied to.
if (require.main === module) {
  const app = new App();
  buildDemo(app);
  app.synth();
}
