export * from './cross-account-pull-role';
export * from './ecr-grantee';
export * from './pull-runtime';
export * from './shared-ecr-repository';
