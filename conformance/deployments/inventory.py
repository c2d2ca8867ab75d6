"""Prints as JSON what some environments (ACCOUNT/REGION ...) hold, but for what the CDK's bootstrap made. There is a profile for each account."""
import json
import sys

import boto3
from botocore.exceptions import ClientError

OF_BOOTSTRAP = ("CDKToolkit", "cdk-hnb659fds-")


def pages(client, operation, key, **arguments):
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]


def beyond_bootstrap(items, name):
    return [item for item in items if not item[name].startswith(OF_BOOTSTRAP)]


def stacks_in(session):
    client = session.client("cloudformation")
    return [
        {
            "name": stack["StackName"],
            "status": stack["StackStatus"],
            "resources": {
                resource["LogicalResourceId"]: {"type": resource["ResourceType"], "name": resource["PhysicalResourceId"]}
                for resource in pages(client, "list_stack_resources", "StackResourceSummaries", StackName=stack["StackName"])
                if resource["LogicalResourceId"]  # moto has one without anything for those that it did not make
            },
        }
        for stack in beyond_bootstrap(pages(client, "describe_stacks", "Stacks"), "StackName")
    ]


def repositories_in(session):
    client = session.client("ecr")

    def policy_of(name):
        try:
            return json.loads(client.get_repository_policy(repositoryName=name)["policyText"])
        except ClientError as error:
            return error.response["Error"]["Code"]

    found = beyond_bootstrap(pages(client, "describe_repositories", "repositories"), "repositoryName")
    return [{**repository, "policy": policy_of(repository["repositoryName"])} for repository in found]


def roles_in(session):
    client = session.client("iam")

    def role(name):
        arguments = {"RoleName": name}
        found = client.get_role(**arguments)["Role"]
        names = pages(client, "list_role_policies", "PolicyNames", **arguments)
        return {
            "id": found["RoleId"],
            "arn": found["Arn"],
            "trust": found["AssumeRolePolicyDocument"],
            "inline": {policy: client.get_role_policy(**arguments, PolicyName=policy)["PolicyDocument"] for policy in names},
            "managed": sorted(policy["PolicyArn"] for policy in pages(client, "list_attached_role_policies", "AttachedPolicies", **arguments)),
        }

    return [role(found["RoleName"]) for found in beyond_bootstrap(pages(client, "list_roles", "Roles"), "RoleName")]


def environments(words):
    for word in words:
        account, region = word.split("/")
        yield account, region, boto3.Session(profile_name=account, region_name=region)


asked = list(environments(sys.argv[1:]))
accounts = {account: session for account, _, session in asked}
print(json.dumps({
    "environments": [
        {"account": account, "region": region, "stacks": stacks_in(session), "repositories": repositories_in(session)}
        for account, region, session in asked
    ],
    "accounts": [{"account": account, "roles": roles_in(session)} for account, session in accounts.items()],
}, default=str))
