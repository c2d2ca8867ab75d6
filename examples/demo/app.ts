import { Annotations, App, Environment, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  CrossAccountPullRole, EcrGrantee, PullRuntime, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant,
  ReplicationDestination, SharedEcrRepository,
} from 'cdk-shared-ecr';

const DEV = { account: '222222222222', region: 'us-east-1' };
const STAGING = { account: '333333333333', region: 'us-east-1' };
const PRODUCTION = { account: '444444444444', region: 'us-east-1' };
const PRODUCTION_EU = { account: '444444444444', region: 'eu-central-1' };
const BUILD = { account: '555555555555', region: 'us-east-1' };
const PARTNER = { account: '777777777777', region: 'ap-southeast-2' };
const PARTNER_TEST_ACCOUNT = '888888888888';

const ORGANIZATION = 'o-a1b2c3d4e5';
const SANDBOXES = `${ORGANIZATION}/r-ab12/ou-ab12-11111111`;
const EDGE_SITES = `${ORGANIZATION}/r-ab12/ou-ab12-22222222`;

/** The security team deploys this role by an app of its own. It is named here, and need not exist yet. */
const SCANNER = EcrGrantee.role('666666666666', 'security/image-scanner');

/**
 * A company that builds images in one account, keeps them in a second, and runs them in three others, production in two Regions. A
 * partner runs one of them on the other side of the world.
 *
 * Nothing below says what a policy looks like: it says who uses which image, and the library writes both halves. In a real company each
 * stack would be in a file, and perhaps in an app, of its own.
 */
export function buildDemo(app: App): void {
  // `--context sharedAccount=...` moves the owner to another account: its address is written into every consumer's stack.
  const account: string = app.node.tryGetContext('sharedAccount') ?? '111111111111';
  const shared = new SharedServices(app, 'SharedServices', { account, region: 'us-east-1' });
  const sharedEu = new SharedServicesEu(app, 'SharedServicesEu', { account, region: 'eu-central-1' }, shared);

  new WebService(app, 'DevWeb', DEV, shared.webApp);
  new Payments(app, 'StagingPayments', STAGING, shared.paymentService);
  new WebService(app, 'ProductionWeb', PRODUCTION, shared.webApp);

  new ProductionRegistry(app, 'ProductionRegistry', PRODUCTION_EU, shared);
  new Payments(app, 'ProductionPayments', PRODUCTION_EU, sharedEu.paymentService);
  new Cluster(app, 'ProductionCluster', PRODUCTION_EU, sharedEu);

  const partner = new PartnerRegistry(app, 'PartnerRegistry', PARTNER, shared);
  new WebService(app, 'PartnerWeb', PARTNER, partner.webApp).addStackDependency(partner, 'its image is pulled through the cache');

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
      readers: [SCANNER],
    });

    this.paymentService = new SharedEcrRepository(this, 'PaymentService', {
      repositoryName: 'payment-service',
      encryption: ecr.RepositoryEncryption.KMS,
      readers: [SCANNER],
    });

    this.buildTools = new SharedEcrRepository(this, 'BuildTools', {
      repositoryName: 'build-tools',
      // Every account, those to come included, builds with the same tools.
      pullers: [EcrGrantee.organization(ORGANIZATION)],
    });

    // The scanner pulls from whatever repository there is, those to come included.
    new RegistryPullGrant(this, 'Scanner', { pullers: [SCANNER] });

    // The platform team makes its repositories by apps of its own. Production keeps copies of them in a registry that is its own.
    new RegistryReplication(this, 'PlatformImages', {
      destinations: [ReplicationDestination.account(PRODUCTION_EU.account, PRODUCTION_EU.region)],
      repositoryPrefixes: ['platform/'],
    });
  }
}

/** The owner's replicas in Europe: they let in the grantees of the originals, and whoever runs images there. */
class SharedServicesEu extends Stack {
  readonly webApp: ecr.IRepository;
  readonly paymentService: ecr.IRepository;

  constructor(scope: Construct, id: string, env: Environment, { webApp, paymentService }: SharedServices) {
    super(scope, id, { env });

    webApp.replicateTo(ReplicationDestination.region('eu-central-1'), { scope: this });
    this.webApp = webApp.replicaIn('eu-central-1');

    paymentService.replicateTo(ReplicationDestination.region('eu-central-1'), { scope: this });
    this.paymentService = paymentService.replicaIn('eu-central-1');
  }
}

/** What every node of production needs is in production's own registry: nodes start, whatever becomes of other accounts. */
class ProductionRegistry extends Stack {
  constructor(scope: Construct, id: string, env: Environment, { account }: SharedServices) {
    super(scope, id, { env });

    new RegistryReplicationGrant(this, 'PlatformImages', {
      sourceAccounts: [account],
      repositoryPrefixes: ['platform/'],
      // Amazon ECR makes a repository when its first image arrives, and gives it this. Edge sites pull from here, too.
      replicas: {
        pullers: [EcrGrantee.organizationalUnit(EDGE_SITES)],
        lifecycleRules: [{ maxImageCount: 50 }],
      },
    });
  }
}

/** A partner: its account is let in, and fetches an image once. Who pulls the copies there is the partner's business. */
class PartnerRegistry extends Stack {
  readonly webApp: ecr.IRepository;

  constructor(scope: Construct, id: string, env: Environment, { account, region }: SharedServices) {
    super(scope, id, { env });

    const cache = new PullThroughCache(this, 'Cache', {
      upstreamAccount: account,
      upstreamRegion: region,
      repositoryPrefix: 'shared',
      pullers: [EcrGrantee.account(PARTNER_TEST_ACCOUNT)],
    });
    this.webApp = cache.repository('web-app'); // pulled as shared/web-app
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

/** Amazon EKS: the node role pulls for all pods. Kubernetes, not the CDK, says which images run. */
class Cluster extends Stack {
  constructor(scope: Construct, id: string, env: Environment, { webApp }: SharedServicesEu) {
    super(scope, id, { env });

    // A replica in our own account, where the role's own policy is all that it takes.
    const proxy = SharedEcrRepository.fromRepositoryArn(this, 'Proxy', `arn:aws:ecr:eu-central-1:${this.account}:repository/platform/proxy`);
    // Of a vendor, so only our half can be written here; the vendor has let our account in.
    const logAgent = SharedEcrRepository.fromRepositoryArn(this, 'LogAgent', 'arn:aws:ecr:eu-central-1:999999999999:repository/log-agent');

    const nodeRole = new CrossAccountPullRole(this, 'NodeRole', {
      runtime: PullRuntime.EKS_NODE,
      repositories: [webApp, proxy],
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
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-eks:clusterMustManuallyTagSubnet', 'the network team tags its subnets');
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
