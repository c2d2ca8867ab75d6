// The Go twin of ../minimal/app.ts: the same ids and properties, and so the same templates.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk-shared-ecr/cdk-shared-ecr-go/cdksharedecr"
)

func main() {
	defer jsii.Close()

	app := awscdk.NewApp(nil)
	images := NewWebAppImages(app, "WebAppImages", inAccount("111111111111"))
	NewWebService(app, "WebService", images.WebApp, inAccount("222222222222"))
	app.Synth(nil)
}

// WebAppImages is the owner: a repository, and who else may use it.
type WebAppImages struct {
	awscdk.Stack
	WebApp cdksharedecr.SharedEcrRepository
}

// NewWebAppImages adds the owner's stack.
func NewWebAppImages(scope constructs.Construct, id string, props *awscdk.StackProps) WebAppImages {
	stack := awscdk.NewStack(scope, &id, props)

	webApp := cdksharedecr.NewSharedEcrRepository(stack, jsii.String("WebApp"), &cdksharedecr.SharedEcrRepositoryProps{
		RepositoryName: jsii.String("web-app"),
		Pullers: &[]cdksharedecr.EcrGrantee{
			cdksharedecr.EcrGrantee_Accounts(jsii.String("333333333333"), jsii.String("444444444444")),
			cdksharedecr.EcrGrantee_Organization(jsii.String("o-a1b2c3d4e5")),
			cdksharedecr.EcrGrantee_LambdaFunctions(jsii.String("666666666666"), &cdksharedecr.LambdaGranteeOptions{
				FunctionNamePattern: jsii.String("web-*"),
			}),
		},
		Pushers: &[]cdksharedecr.EcrGrantee{
			cdksharedecr.EcrGrantee_Role(jsii.String("555555555555"), jsii.String("publish-images")),
		},
	})
	return WebAppImages{Stack: stack, WebApp: webApp}
}

// NewWebService adds the consumer: Amazon ECS pulls with a role. Both its policy and that of the repository come from here.
func NewWebService(scope constructs.Construct, id string, webApp awsecr.IRepository, props *awscdk.StackProps) awscdk.Stack {
	stack := awscdk.NewStack(scope, &id, props)

	executionRole := cdksharedecr.NewCrossAccountPullRole(stack, jsii.String("ExecutionRole"), &cdksharedecr.CrossAccountPullRoleProps{
		Runtime:      cdksharedecr.PullRuntime_ECS_TASK(),
		Repositories: &[]awsecr.IRepository{webApp},
	})
	task := awsecs.NewFargateTaskDefinition(stack, jsii.String("Task"), &awsecs.FargateTaskDefinitionProps{
		ExecutionRole: executionRole,
	})
	task.AddContainer(jsii.String("web"), &awsecs.ContainerDefinitionOptions{
		Image: awsecs.ContainerImage_FromEcrRepository(webApp, jsii.String("v1")),
	})
	return stack
}

func inAccount(account string) *awscdk.StackProps {
	return &awscdk.StackProps{
		Env: &awscdk.Environment{Account: &account, Region: jsii.String("us-east-1")},
	}
}
