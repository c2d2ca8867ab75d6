"""The Python twin of ../demo/app.ts: the same ids and properties, and so the same templates."""

from aws_cdk import Annotations, App, Environment, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from cdk_shared_ecr import (
    CrossAccountPullRole, EcrGrantee, PullRuntime, PullThroughCache, RegistryPullGrant, RegistryReplication, RegistryReplicationGrant,
    ReplicaProps, ReplicationDestination, SharedEcrRepository,
)
from constructs import Construct

DEV = Environment(account="222222222222", region="us-east-1")
STAGING = Environment(account="333333333333", region="us-east-1")
PRODUCTION = Environment(account="444444444444", region="us-east-1")
PRODUCTION_EU = Environment(account="444444444444", region="eu-central-1")
BUILD = Environment(account="555555555555", region="us-east-1")
PARTNER = Environment(account="777777777777", region="ap-southeast-2")
PARTNER_TEST_ACCOUNT = "888888888888"

ORGANIZATION = "o-a1b2c3d4e5"
SANDBOXES = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111"
EDGE_SITES = f"{ORGANIZATION}/r-ab12/ou-ab12-22222222"

# The security team deploys this role by an app of its own. It is named here, and need not exist yet.
SCANNER = EcrGrantee.role("666666666666", "security/image-scanner")


def build_demo(app: App) -> None:
    """A company that builds images in one account, keeps them in a second, and runs them in three others, production in
    two Regions. A partner runs one of them on the other side of the world.

    Nothing below says what a policy looks like: it says who uses which image, and the library writes both halves. In a
    real company each stack would be in a file, and perhaps in an app, of its own.
    """
    # `--context sharedAccount=...` moves the owner to another account: its address is written into every consumer's stack.
    account = app.node.try_get_context("sharedAccount") or "111111111111"
    shared = SharedServices(app, "SharedServices", env=Environment(account=account, region="us-east-1"))
    shared_eu = SharedServicesEu(app, "SharedServicesEu", shared, env=Environment(account=account, region="eu-central-1"))

    WebService(app, "DevWeb", shared.web_app, env=DEV)
    Payments(app, "StagingPayments", shared.payment_service, env=STAGING)
    WebService(app, "ProductionWeb", shared.web_app, env=PRODUCTION)

    ProductionRegistry(app, "ProductionRegistry", shared, env=PRODUCTION_EU)
    Payments(app, "ProductionPayments", shared_eu.payment_service, env=PRODUCTION_EU)
    Cluster(app, "ProductionCluster", shared_eu, env=PRODUCTION_EU)

    partner = PartnerRegistry(app, "PartnerRegistry", shared, env=PARTNER)
    partner_web = WebService(app, "PartnerWeb", partner.web_app, env=PARTNER)
    partner_web.add_stack_dependency(partner, "its image is pulled through the cache")

    ImageBuild(app, "ImageBuild", shared, env=BUILD)


class SharedServices(Stack):
    """The owner: the repositories, and those grantees whose accounts this app does not deploy to."""

    def __init__(self, scope: Construct, id: str, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        self.web_app = SharedEcrRepository(
            self, "WebApp",
            repository_name="web-app",
            # Sandbox accounts come and go; the organizational unit that they are in stays.
            pullers=[EcrGrantee.organizational_unit(SANDBOXES)],
            readers=[SCANNER],
        )

        self.payment_service = SharedEcrRepository(
            self, "PaymentService",
            repository_name="payment-service",
            encryption=ecr.RepositoryEncryption.KMS,
            readers=[SCANNER],
        )

        self.build_tools = SharedEcrRepository(
            self, "BuildTools",
            repository_name="build-tools",
            # Every account, those to come included, builds with the same tools.
            pullers=[EcrGrantee.organization(ORGANIZATION)],
        )

        # The scanner pulls from whatever repository there is, those to come included.
        RegistryPullGrant(self, "Scanner", pullers=[SCANNER])

        # The platform team makes its repositories by apps of its own. Production keeps copies of them in a registry that is its own.
        RegistryReplication(
            self, "PlatformImages",
            destinations=[ReplicationDestination.account(PRODUCTION_EU.account, PRODUCTION_EU.region)],
            repository_prefixes=["platform/"],
        )


class SharedServicesEu(Stack):
    """The owner's replicas in Europe: they let in the grantees of the originals, and whoever runs images there."""

    def __init__(self, scope: Construct, id: str, shared: SharedServices, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        shared.web_app.replicate_to(ReplicationDestination.region("eu-central-1"), scope=self)
        self.web_app = shared.web_app.replica_in("eu-central-1")

        shared.payment_service.replicate_to(ReplicationDestination.region("eu-central-1"), scope=self)
        self.payment_service = shared.payment_service.replica_in("eu-central-1")


class ProductionRegistry(Stack):
    """What every node of production needs is in production's own registry: nodes start, whatever becomes of other accounts."""

    def __init__(self, scope: Construct, id: str, shared: SharedServices, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        RegistryReplicationGrant(
            self, "PlatformImages",
            source_accounts=[shared.account],
            repository_prefixes=["platform/"],
            # Amazon ECR makes a repository when its first image arrives, and gives it this. Edge sites pull from here, too.
            replicas=ReplicaProps(
                pullers=[EcrGrantee.organizational_unit(EDGE_SITES)],
                lifecycle_rules=[ecr.LifecycleRule(max_image_count=50)],
            ),
        )


class PartnerRegistry(Stack):
    """A partner: its account is let in, and fetches an image once. Who pulls the copies there is the partner's business."""

    def __init__(self, scope: Construct, id: str, shared: SharedServices, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        cache = PullThroughCache(
            self, "Cache",
            upstream_account=shared.account,
            upstream_region=shared.region,
            repository_prefix="shared",
            pullers=[EcrGrantee.account(PARTNER_TEST_ACCOUNT)],
        )
        self.web_app = cache.repository("web-app")  # pulled as shared/web-app


class WebService(Stack):
    """Amazon ECS on Fargate: the execution role pulls. The CDK makes it, and asks the repository to let it in."""

    def __init__(self, scope: Construct, id: str, web_app: ecr.IRepository, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        task_definition = ecs.FargateTaskDefinition(self, "Task")
        task_definition.add_container("web", image=ecs.ContainerImage.from_ecr_repository(web_app, "v1"))

        ecs.FargateService(
            self, "Service",
            cluster=ecs.Cluster(self, "Cluster", vpc=network_of(self)),
            task_definition=task_definition,
            min_healthy_percent=100,
            circuit_breaker=ecs.DeploymentCircuitBreaker(rollback=True),
        )


class Payments(Stack):
    """AWS Lambda: no role pulls, the service itself does, so the functions must be in the Region of the repository."""

    def __init__(self, scope: Construct, id: str, payment_service: ecr.IRepository, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        for name in ["Authorize", "Refund"]:
            lambda_.DockerImageFunction(
                self, name,
                code=lambda_.DockerImageCode.from_ecr(payment_service, tag_or_digest="v1", cmd=[f"payments.{name}"]),
            )


class Cluster(Stack):
    """Amazon EKS: the node role pulls for all pods. Kubernetes, not the CDK, says which images run."""

    def __init__(self, scope: Construct, id: str, shared_eu: SharedServicesEu, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        # A replica in our own account, where the role's own policy is all that it takes.
        proxy = SharedEcrRepository.from_repository_arn(
            self, "Proxy", f"arn:aws:ecr:eu-central-1:{self.account}:repository/platform/proxy")
        # Of a vendor, so only our half can be written here; the vendor has let our account in.
        log_agent = SharedEcrRepository.from_repository_arn(
            self, "LogAgent", "arn:aws:ecr:eu-central-1:999999999999:repository/log-agent")

        node_role = CrossAccountPullRole(
            self, "NodeRole",
            runtime=PullRuntime.EKS_NODE,
            repositories=[shared_eu.web_app, proxy],
            additional_repositories=[log_agent],
            role_name="production-nodes",
            managed_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKS_CNI_Policy")],
        )

        cluster = eks.Cluster(
            self, "Cluster",
            version=eks.KubernetesVersion.V1_34,
            vpc=network_of(self),
            vpc_subnets=[ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)],
            default_capacity_type=eks.DefaultCapacityType.NODEGROUP,
            default_capacity=0,
        )
        cluster.add_nodegroup_capacity("Nodes", node_role=node_role)
        Annotations.of(self).acknowledge_warning(
            "@aws-cdk/aws-eks:clusterMustManuallyTagSubnet", "the network team tags its subnets")


class ImageBuild(Stack):
    """AWS CodeBuild: the role of the project pulls the build image, and pushes what it built."""

    def __init__(self, scope: Construct, id: str, shared: SharedServices, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        role = iam.Role(
            self, "Role",
            assumed_by=iam.ServicePrincipal(
                "codebuild.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": self.account}}),
            role_name="publish-images",
        )
        codebuild.Project(
            self, "Project",
            role=role,
            environment=codebuild.BuildEnvironment(
                build_image=codebuild.LinuxBuildImage.from_ecr_repository(shared.build_tools, "v1"), privileged=True),
            build_spec=codebuild.BuildSpec.from_object(
                {"version": "0.2", "phases": {"build": {"commands": ["make publish"]}}}),
        )
        shared.web_app.grant_push(role)
        shared.payment_service.grant_push(role)


def network_of(stack: Stack) -> ec2.IVpc:
    """The network of an account, as its network team made it."""
    return ec2.Vpc.from_vpc_attributes(
        stack, "Network",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        availability_zones=[f"{stack.region}{zone}" for zone in "ab"],
        private_subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        private_subnet_route_table_ids=["rtb-0a1b2c3d4e5f60718", "rtb-0b1c2d3e4f5061728"],
    )


if __name__ == "__main__":
    app = App()
    build_demo(app)
    app.synth()
