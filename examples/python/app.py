"""The Python twin of ../demo/app.ts: the same ids and properties, and so the same templates."""

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from cdk_shared_ecr import CrossAccountPullRole, EcrGrantee, PullRuntime, SharedEcrRepository
from constructs import Construct

DEV = Environment(account="222222222222", region="us-east-1")
STAGING = Environment(account="333333333333", region="us-east-1")
PRODUCTION = Environment(account="444444444444", region="us-east-1")
PRODUCTION_EU = Environment(account="444444444444", region="eu-central-1")
BUILD = Environment(account="555555555555", region="us-east-1")
SECURITY_ACCOUNT = "666666666666"

ORGANIZATION = "o-a1b2c3d4e5"
SANDBOXES = f"{ORGANIZATION}/r-ab12/ou-ab12-11111111"


def build_demo(app: App) -> None:
    """A company that builds images in one account, keeps them in a second, and runs them in three others.

    Nothing below says what a policy looks like: it says who uses which image, and the library writes both halves. In a
    real company each stack would be in a file, and perhaps in an app, of its own.
    """
    # `--context sharedAccount=...` moves the owner to another account: its address is written into every consumer's stack.
    shared_account = app.node.try_get_context("sharedAccount") or "111111111111"
    shared = SharedServices(app, "SharedServices", env=Environment(account=shared_account, region="us-east-1"))

    WebService(app, "DevWeb", shared.web_app, env=DEV)
    Payments(app, "StagingPayments", shared.payment_service, env=STAGING)
    WebService(app, "ProductionWeb", shared.web_app, env=PRODUCTION)
    Cluster(app, "ProductionCluster", shared, env=PRODUCTION_EU)
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
            # The security team deploys its role by an app of its own. It is named here, and need not exist yet.
            readers=[EcrGrantee.role(SECURITY_ACCOUNT, "security/image-scanner")],
        )

        self.payment_service = SharedEcrRepository(
            self, "PaymentService",
            repository_name="payment-service",
            encryption=ecr.RepositoryEncryption.KMS,
            readers=[EcrGrantee.role(SECURITY_ACCOUNT, "security/image-scanner")],
        )

        self.build_tools = SharedEcrRepository(
            self, "BuildTools",
            repository_name="build-tools",
            # Every account, those to come included, builds with the same tools.
            pullers=[EcrGrantee.organization(ORGANIZATION)],
        )


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
    """Amazon EKS: the node role pulls for all pods, here from another Region. Kubernetes, not the CDK, says which images run."""

    def __init__(self, scope: Construct, id: str, shared: SharedServices, *, env: Environment) -> None:
        super().__init__(scope, id, env=env)

        # Made by another app of the platform team, so only our half can be written here; theirs lets in the whole organization.
        log_agent = SharedEcrRepository.from_repository_arn(
            self, "LogAgent", f"arn:aws:ecr:eu-central-1:{shared.account}:repository/log-agent")

        node_role = CrossAccountPullRole(
            self, "NodeRole",
            runtime=PullRuntime.EKS_NODE,
            repositories=[shared.web_app, shared.payment_service],
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
