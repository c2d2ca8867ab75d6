/** The services that pull by their own names, as principals of policies. */
export const LAMBDA_SERVICE = 'lambda.amazonaws.com';
export const CODE_BUILD_SERVICE = 'codebuild.amazonaws.com';
