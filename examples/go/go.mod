module example.com/shared-images

go 1.25.0

require (
	github.com/aws/aws-cdk-go/awscdk/v2 v2.262.0
	github.com/aws/constructs-go/constructs/v10 v10.6.0
	github.com/aws/jsii-runtime-go v1.140.0
	// What this checkout makes; in an app of your own, the newest release.
	github.com/cdk-shared-ecr/cdk-shared-ecr-go/cdksharedecr v0.0.0
)
