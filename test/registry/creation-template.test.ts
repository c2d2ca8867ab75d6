import { createHash } from 'crypto';
import { App, CfnParameter, Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Grant, Who } from '../../src/policy/grant';
import { Intrinsic } from '../../src/policy/value';
import { CreationSettings, CreationTemplate, CreationTemplateProps } from '../../src/registry/creation-template';
import { accountsStatement, AGNOSTIC, errorOf, LAMBDA, newApp, newStack, noticesIn, OWNER, policyOf, PULL, resourcesOf, rolesStatement, templateOf } from '../support';

const CREATE = ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'];
const USE_KEY = ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'];
const account = (id: string): Who => ({ kind: 'account', account: id });
const pull = (...whos: Who[]): Grant[] => whos.map((who) => ({ who, actions: PULL }));
const arnOf = (names: string) => `arn:aws:ecr:us-east-1:999999999999:repository/${names}`;

function newTemplate(settings: CreationSettings = {}, props: Partial<CreationTemplateProps> = {}, env: object = OWNER): CreationTemplate {
  return new CreationTemplate(newStack(newApp(), 'Owner', env), 'Template', { reason: 'REPLICATION', namespace: 'team-a', settings, ...props });
}

/** The template as it is deployed. */
function rendered(template: CreationTemplate): any {
  const templates = resourcesOf(Stack.of(template), 'AWS::ECR::RepositoryCreationTemplate');
  expect(templates).toHaveLength(1);
  return templates[0];
}

/** Text in which `<Name>` is what only the deployment knows. */
function joined(document: object): object {
  return { 'Fn::Join': ['', JSON.stringify(document).split(/[<>]/).map((part, index) => (index % 2 === 1 ? { Ref: part } : part))] };
}

function problemsOf(template: CreationTemplate): string[] {
  return errorOf(() => (template.node.root as App).synth()).split('\n').slice(1).map((line) => line.trim());
}

describe('the template', () => {
  test.each<[string, Partial<CreationTemplateProps>, object]>([
    ['replicas of a namespace', {}, { AppliedFor: ['REPLICATION'], Prefix: 'team-a' }],
    ['all replicas', { namespace: '' }, { AppliedFor: ['REPLICATION'], Prefix: 'ROOT' }],
    ['a cache', { reason: 'PULL_THROUGH_CACHE', namespace: 'shared/x' }, { AppliedFor: ['PULL_THROUGH_CACHE'], Prefix: 'shared/x' }],
  ])('of %s says only what is asked for, and needs no role', (_, props, properties) => {
    const template = newTemplate({}, props);

    expect(Object.values(templateOf(Stack.of(template)).Resources)).toEqual([
      { Type: 'AWS::ECR::RepositoryCreationTemplate', Properties: { ...properties, ImageTagMutability: 'MUTABLE' } },
    ]);
    expect(template.imageTagMutability).toBe('MUTABLE');
  });

  test('has tag mutability and filters', () => {
    const template = newTemplate({
      imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('latest'), ecr.ImageTagMutabilityExclusionFilter.wildcard('dev-*')],
    });

    expect(rendered(template).Properties).toEqual({
      AppliedFor: ['REPLICATION'],
      Prefix: 'team-a',
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: [
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'latest' },
        { ImageTagMutabilityExclusionFilterType: 'WILDCARD', ImageTagMutabilityExclusionFilterValue: 'dev-*' },
      ],
    });
    expect(template.imageTagMutability).toBe('IMMUTABLE_WITH_EXCLUSION');
  });

  test('has the lifecycle policy as text', () => {
    const { LifecyclePolicy } = rendered(newTemplate({ lifecycleRules: [{ maxImageCount: 5 }, { tagPrefixList: ['dev'], maxImageAge: Duration.days(7), description: 'old' }] })).Properties;

    expect(JSON.parse(LifecyclePolicy)).toEqual({
      rules: [
        { rulePriority: 1, description: 'old', selection: { tagStatus: 'tagged', tagPrefixList: ['dev'], countType: 'sinceImagePushed', countNumber: 7, countUnit: 'days' }, action: { type: 'expire' } },
        { rulePriority: 2, selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 5 }, action: { type: 'expire' } },
      ],
    });
  });

  test('has tokens of the lifecycle policy resolved', () => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    const maxImageCount = new CfnParameter(stack, 'Count', { type: 'Number' }).valueAsNumber;
    const template = new CreationTemplate(stack, 'Template', { reason: 'REPLICATION', namespace: 'team-a', settings: { lifecycleRules: [{ maxImageCount }] } });

    expect(rendered(template).Properties.LifecyclePolicy).toEqual({
      'Fn::Join': ['', ['{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":', { Ref: 'Count' }, '},"action":{"type":"expire"}}]}']],
    });
  });
});

describe('the policy', () => {
  test('is text, compacted', () => {
    const template = newTemplate();
    template.allow(pull(account('444455556666')), 'one');
    template.allow(pull(account('111122223333'), account('444455556666')), 'others');
    const { RepositoryPolicy } = rendered(template).Properties;

    expect(RepositoryPolicy).toBe(JSON.stringify(policyOf(accountsStatement('Pull', PULL, ['111122223333', '444455556666']))));
  });

  test('has what only the deployment knows', () => {
    const template = newTemplate({}, {}, AGNOSTIC);
    template.allow([
      ...pull({ kind: 'organization', organization: 'o-a1b2c3d4e5' }, { kind: 'identity', account: '111122223333', name: 'role/app' }),
      { who: { kind: 'lambda', account: '111122223333', functionName: '*' }, actions: LAMBDA },
    ], 'they');

    expect(rendered(template).Properties.RepositoryPolicy).toEqual(joined(policyOf(
      rolesStatement('Pull', PULL, ['111122223333'], ['arn:<AWS::Partition>:iam::111122223333:role/app']),
      {
        Sid: 'PullOrganizations',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: PULL,
        Condition: { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5'] }, StringNotEquals: { 'aws:PrincipalAccount': '<AWS::AccountId>' } },
      },
      {
        Sid: 'LambdaFunctions',
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: LAMBDA,
        Condition: { ArnLike: { 'aws:SourceArn': ['arn:<AWS::Partition>:lambda:<AWS::Region>:111122223333:function:*'] } },
      },
    )));
  });

  test('has tokens, and lists of them', () => {
    const template = newTemplate();
    const parameter = (id: string, type: string) => new CfnParameter(Stack.of(template), id, { type });
    const accounts = parameter('Accounts', 'CommaDelimitedList').valueAsList as unknown as Intrinsic;
    template.allow(pull(account(parameter('One', 'String').valueAsString), account('111122223333'), { kind: 'accountList', accounts }), 'they');
    const mark = createHash('sha256').update('{"Ref":"Accounts"}').digest('hex').slice(0, 8);

    expect(rendered(template).Properties.RepositoryPolicy).toEqual({
      'Fn::Join': ['', [
        `{"Version":"2012-10-17","Statement":[${JSON.stringify(accountsStatement('Pull', PULL, ['111122223333', '<One>'])).split('<One>')[0]}`,
        { Ref: 'One' },
        `"]},"Action":${JSON.stringify(PULL)}},{"Sid":"PullAccountList${mark}","Effect":"Allow","Principal":{"AWS":["`,
        { 'Fn::Join': ['","', { Ref: 'Accounts' }] },
        `"]},"Action":${JSON.stringify(PULL)}}]}`,
      ]],
    });
  });

  const accountIds = (count: number) => Array.from({ length: count }, (_, index) => `${100_000_000_000 + index}`);
  const sizeOf = (count: number) => JSON.stringify(policyOf(accountsStatement('Pull', PULL, accountIds(count)))).length;

  test('over 10,240 characters is an error', () => {
    const template = newTemplate();
    template.allow(pull(...accountIds(700).map(account)), 'many');

    expect(problemsOf(template)).toEqual([`[Owner/Template] the policy of repositories that Amazon ECR makes has ${sizeOf(700)} characters, but Amazon ECR allows 10240; `
      + `the biggest statements are PullAccounts with ${JSON.stringify(accountsStatement('Pull', PULL, accountIds(700))).length}; grant to an organization or an OU in place of single accounts`]);
  });

  test('that fits only as it is written is a warning', () => {
    const template = newTemplate();
    template.allow(pull(...accountIds(600).map(account)), 'many');

    expect(rendered(template).Properties.RepositoryPolicy).toHaveLength(sizeOf(600));
    expect(noticesIn(template)).toEqual([{
      path: 'Owner/Template',
      level: 'warning',
      text: `the policy of repositories that Amazon ECR makes has ${sizeOf(600)} characters as written, of 10240 allowed; should Amazon ECR count account ids as ARNs, `
        + `which is not documented, it would have ${sizeOf(600) + 600 * 'arn:aws:iam:::root'.length}, and the deployment would fail; grant to an organization or an OU to be safe [ack: cdk-shared-ecr:policyNearLimit]`,
    }]);
  });

  test('of a template that was written is sealed', () => {
    const template = newTemplate();
    rendered(template);

    expect(errorOf(() => template.allow(pull(account('111122223333')), 'somebody'))).toBe("the policy of 'Owner/Template' was already written with its app, "
      + 'so the grant to somebody would be lost; make it before that Stage is synthesized: where it is defined, not in an aspect of a later Stage or in a pipeline that contains the Stage');
  });
});

describe('the role that Amazon ECR assumes, where tags or a key require one', () => {
  const newKey = (stack: Stack) => new kms.Key(stack, 'Key');
  const keyArn = { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] };
  const make = (Resource: unknown) => ({ Sid: 'MakeRepositories', Effect: 'Allow', Action: CREATE, Resource });
  const encrypt = { Sid: 'EncryptRepositories', Effect: 'Allow', Action: USE_KEY, Resource: keyArn };

  test.each<[string, Partial<CreationTemplateProps>, (stack: Stack) => CreationSettings, object[], string, object]>([
    ['tags', {}, () => ({ tags: { team: 'a', stage: 'production' } }), [make(arnOf('team-a/*'))], 'below team-a/ for REPLICATION',
      { ResourceTags: [{ Key: 'team', Value: 'a' }, { Key: 'stage', Value: 'production' }] }],
    ['a key', {}, (stack) => ({ encryptionKey: newKey(stack) }), [make(arnOf('team-a/*')), encrypt], 'below team-a/ for REPLICATION',
      { EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: keyArn } }],
    ['both, for all repositories', { namespace: '', reason: 'PULL_THROUGH_CACHE' }, (stack) => ({ tags: { team: 'a' }, encryptionKey: newKey(stack) }), [make(arnOf('*')), encrypt],
      'for PULL_THROUGH_CACHE', {
        AppliedFor: ['PULL_THROUGH_CACHE'],
        Prefix: 'ROOT',
        ResourceTags: [{ Key: 'team', Value: 'a' }],
        EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: keyArn },
      }],
  ])('%s', (_, props, settings, statements, description, properties) => {
    const stack = newStack(newApp(), 'Owner', OWNER);
    const template = new CreationTemplate(stack, 'Template', { reason: 'REPLICATION', namespace: 'team-a', ...props, settings: settings(stack) });
    const { Key961B73FD, ...resources } = templateOf(stack).Resources;

    expect(resources).toEqual({
      TemplateRole17D80861: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policyOf({ Effect: 'Allow', Principal: { Service: 'ecr.amazonaws.com' }, Action: 'sts:AssumeRole' }),
          Description: `Lets Amazon ECR make repositories ${description}`,
        },
      },
      TemplateRoleDefaultPolicy300FFC77: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyDocument: policyOf(...statements), PolicyName: 'TemplateRoleDefaultPolicy300FFC77', Roles: [{ Ref: 'TemplateRole17D80861' }] },
      },
      Template576A9730: {
        Type: 'AWS::ECR::RepositoryCreationTemplate',
        Properties: {
          AppliedFor: ['REPLICATION'],
          Prefix: 'team-a',
          ImageTagMutability: 'MUTABLE',
          CustomRoleArn: { 'Fn::GetAtt': ['TemplateRole17D80861', 'Arn'] },
          ...properties,
        },
        DependsOn: ['TemplateRoleDefaultPolicy300FFC77'],
      },
    });
    expect(template.imageTagMutability).toBe('MUTABLE');
  });

  test('makes repositories of its own registry, also where only the deployment knows that', () => {
    const [{ Properties }] = resourcesOf(Stack.of(newTemplate({ tags: { team: 'a' } }, {}, AGNOSTIC)), 'AWS::IAM::Policy');

    expect(Properties.PolicyDocument).toEqual(policyOf(make({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ecr:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':repository/team-a/*']],
    })));
  });

  test('no tags need none', () => {
    expect(rendered(newTemplate({ tags: {} })).Properties).toEqual({ AppliedFor: ['REPLICATION'], Prefix: 'team-a', ImageTagMutability: 'MUTABLE' });
  });
});

describe('what is wrong', () => {
  const tag = (key: string, value: string) =>
    `tags has ${JSON.stringify(key)}: ${JSON.stringify(value)}, but a key has 1 to 128 characters and does not begin with "aws:", and a value has at most 256`;
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, 'x']));

  test.each<[string, CreationSettings, string]>([
    ['filters without an exclusion', { imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('a')] },
      'imageTagMutability is MUTABLE and imageTagMutabilityExclusionFilters is given, but filters go with IMMUTABLE_WITH_EXCLUSION or MUTABLE_WITH_EXCLUSION, and these with filters; change one of the two'],
    ['a lifecycle rule that contradicts itself', { lifecycleRules: [{}] }, 'the lifecycle rule {} must have exactly one of maxImageAge and maxImageCount'],
    ['two lifecycle rules for any image', { lifecycleRules: [{ maxImageCount: 1 }, { maxImageCount: 2 }] },
      'the lifecycle rule {"maxImageCount":2} is the second with TagStatus.ANY, but there may be only one'],
    ['51 tags', { tags: tags(51) }, 'tags has 51 tags, but a repository can have at most 50'],
    ['a tag without a key', { tags: { '': 'x' } }, tag('', 'x')],
    ['a long key', { tags: { ['k'.repeat(129)]: 'x' } }, tag('k'.repeat(129), 'x')],
    ['a key of AWS', { tags: { 'team': 'a', 'aws:team': 'a' } }, tag('aws:team', 'a')],
    ['a long value', { tags: { team: 'v'.repeat(257) } }, tag('team', 'v'.repeat(257))],
  ])('%s', (_, settings, message) => {
    expect(errorOf(() => newTemplate(settings))).toBe(message);
  });

  test.each<[string, string, object, string]>([
    ['Region', 'arn:aws:kms:eu-central-1:999999999999:key/k', OWNER, 'account 999999999999, Region eu-central-1, and the repositories are in account 999999999999, Region us-east-1'],
    ['account', 'arn:aws:kms:us-east-1:111122223333:key/k', OWNER, 'account 111122223333, Region us-east-1, and the repositories are in account 999999999999, Region us-east-1'],
    ['Region, the account being left open', 'arn:aws:kms:eu-central-1:999999999999:key/k', { region: 'us-east-1' },
      'account 999999999999, Region eu-central-1, and the repositories are in account agnostic, Region us-east-1'],
  ])('a key of another %s', (_, arn, env, where) => {
    expect(errorOf(() => newTemplate({ encryptionKey: kms.Key.fromKeyArn(new Stack(), 'Key', arn) }, {}, env)))
      .toBe(`encryptionKey 'Default/Key' is in ${where}, but Amazon ECR takes only keys of its own account and Region; give a key there`);
  });

  test.each<[string, string, object]>([
    ['that is here', 'arn:aws:kms:us-east-1:999999999999:key/k', OWNER],
    ['that may be here', 'arn:aws:kms:us-east-1:999999999999:key/k', AGNOSTIC],
  ])('but not one %s', (_, arn, env) => {
    expect(rendered(newTemplate({ encryptionKey: kms.Key.fromKeyArn(new Stack(), 'Key', arn) }, {}, env)).Properties.EncryptionConfiguration)
      .toEqual({ EncryptionType: 'KMS', KmsKey: arn });
  });

  test('lifecycle rules whose priorities contradict each other, at synth', () => {
    const template = newTemplate({ lifecycleRules: [{ tagPrefixList: ['a'], maxImageCount: 1, rulePriority: 3 }, { tagPrefixList: ['b'], maxImageCount: 1, rulePriority: 3 }] });

    expect(problemsOf(template)).toEqual(['[Owner/Template] two lifecycle rules have the rulePriority 3, but each has its own; change one, or leave both out']);
  });

  test('50 tags, long ones, and a value that only the deployment knows, are not', () => {
    const long = Token.asString(Lazy.any({ produce: () => 'v' }), { displayHint: 'x'.repeat(300) });

    expect(() => newTemplate({ tags: { ...tags(49), ['k'.repeat(128)]: 'v'.repeat(256) } })).not.toThrow();
    expect(rendered(newTemplate({ tags: { team: long } })).Properties.ResourceTags).toEqual([{ Key: 'team', Value: 'v' }]);
  });
});
