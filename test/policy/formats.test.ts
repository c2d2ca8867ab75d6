import {
  ACCOUNT_ID, CACHE_PREFIX, Format, FUNCTION_NAME, IMAGE_DIGEST, ORGANIZATION_ID, ORGANIZATION_PATH, REGION, REPOSITORY_NAME, REPOSITORY_PREFIX,
  requireFormat, ROLE_NAME,
} from '../../src/policy/formats';

interface Examples {
  readonly format: Format;
  readonly accepted: string[];
  readonly rejected: string[];
}

const PATH = 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111';

const FORMATS: Record<string, Examples> = {
  'account id': {
    format: ACCOUNT_ID,
    accepted: ['111122223333', '000000000000'],
    rejected: [
      '', '11112222333', '1111222233334', '1111-2222-3333', '11112222333a', ' 111122223333', '111122223333 ', '111122223333\n', '١١١١٢٢٢٢٣٣٣٣', '*',
    ],
  },
  'organization id': {
    format: ORGANIZATION_ID,
    accepted: ['o-a1b2c3d4e5', `o-${'a'.repeat(32)}`],
    rejected: [
      '', 'o-a1b2c3d4e', `o-${'a'.repeat(33)}`, 'o-A1B2C3D4E5', 'a1b2c3d4e5', 'o-*', 'o-a1b2c3d4e5/', ' o-a1b2c3d4e5', 'o-a1b2c3d4e5\n', 'r-ab12',
    ],
  },
  'organization path': {
    format: ORGANIZATION_PATH,
    accepted: [PATH, `${PATH}/`, `${PATH}/ou-ab12-22222222`, `${PATH}/ou-ab12-22222222/`],
    rejected: [
      '', 'o-a1b2c3d4e5', 'o-a1b2c3d4e5/', 'o-a1b2c3d4e5/r-ab12', 'o-a1b2c3d4e5/r-ab12/', `${PATH}/*`, `${PATH}*`, `${PATH}//`, `/${PATH}`,
      `${PATH}\n`,
      `${PATH} `, 'ou-ab12-11111111', 'r-ab12/ou-ab12-11111111', 'o-a1b2c3d4e5/ou-ab12-11111111', 'o-a1b2c3d4e5/r-ab12/ou-ab12-1111111',
      `${PATH}/111122223333`, 'o-*/r-ab12/ou-ab12-11111111',
    ],
  },
  'role name': {
    format: ROLE_NAME,
    accepted: [
      'app', 'app-execution', 'App_Role+=,.@-1', '*', 'app-*', '*-execution', 'teams/web/app', 'teams/*', 'teams/*/app', '*/app', 'a'.repeat(64),
      `${'p'.repeat(100)}/app`, 'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*',
    ],
    rejected: [
      '', 'a'.repeat(65), '/app', 'teams//app', 'teams/', 'app execution', ' app', 'app\n', 'äpp', 'app?', 'te?ms/app', 'te:ms/app', 'te ms/app',
      'arn:aws:iam::111122223333:role/app', 'app:x', '${aws:username}', 'app"',
    ],
  },
  'function name': {
    format: FUNCTION_NAME,
    accepted: ['*', 'orders', 'orders-*', 'Orders_2', 'a'.repeat(140)],
    rejected: ['', 'a'.repeat(141), 'orders:prod', 'orders api', 'orders\n', 'orders?', 'arn:aws:lambda:us-east-1:111122223333:function:orders'],
  },
  'repository name': {
    format: REPOSITORY_NAME,
    accepted: ['web-app', 'a1', '1a', 'team-a/web-app', 'a--b', 'a__b', 'a_b', 'a.b', 'a/b/c', 'a---b/c.d_e', 'a'.repeat(256)],
    rejected: [
      '', 'a', 'A1', 'web app', 'web-app\n', ' web-app', '/web-app', 'web-app/', 'a//b', 'a..b', 'a___b', '-ab', 'ab-', '_ab', 'ab.', 'a._b', 'web*',
      'a'.repeat(257), 'web-app:latest',
    ],
  },
  'repository prefix': {
    format: REPOSITORY_PREFIX,
    // Where a name is cut off, a separator may stand last, and so may several.
    accepted: [
      'team-a/', 'team-a', 'te', '1a', 'a/', 'team-a/web-app', 'team-a/web-', 'team-', 'a/b/c/', 'a_b.c-d/', 'a__', 'a--b', '-a', 'a..', 'a./b',
      'a'.repeat(256), `${'a'.repeat(255)}/`,
    ],
    rejected: [
      '', 'a', '/', '/team-a', '//', 'team-a//', 'team-a//web', '-a/', './a', 'Team-a/', 'team-a/*', '*', 'te*', 'te?', 'team a', ' team-a/',
      'team-a/ ', 'team-a/\n', 'team-a:latest', 'team-ä/', 'a'.repeat(257), `${'a'.repeat(256)}/`,
    ],
  },
  'cache prefix': {
    format: CACHE_PREFIX,
    accepted: ['shared', 'ROOT', 'ab', 'a/b', 'ecr-public', 'docker.io/library', 'a__b', 'a_b', 'a---b', '0a', 'a'.repeat(30)],
    rejected: [
      '', 'a', 'a'.repeat(31), 'shared/', '/shared', 'a//b', 'Shared', 'root/ROOT', 'ROOT/', 'ROOT/a', 'ROO', ' ROOT', 'ROOT\n', 'shared\n',
      'shared*', '*', '-ab', 'ab-', 'ab_', 'a..b', 'a___b', 'a._b', 'shared:latest', 'a b', '111122223333.dkr.ecr.us-east-1.amazonaws.com/shared',
    ],
  },
  'Region': {
    format: REGION,
    accepted: [
      'us-east-1', 'eu-central-2', 'us-gov-west-1', 'cn-northwest-1', 'eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1',
      'ap-southeast-10',
    ],
    rejected: ['', 'us-east', 'us-east-1a', 'us-east-1\n', ' us-east-1', 'US-EAST-1', '*', 'us-*-1', 'useast1', 'u-east-1', 'aws-global'],
  },
  'image digest': {
    format: IMAGE_DIGEST,
    accepted: [`sha256:${'0123456789abcdef'.repeat(4)}`],
    rejected: [
      '', 'latest', 'a'.repeat(64), `sha256:${'a'.repeat(63)}`, `sha256:${'a'.repeat(65)}`, `sha256:${'A'.repeat(64)}`,
      `@sha256:${'a'.repeat(64)}`, `sha256:${'a'.repeat(64)}\n`, `sha512:${'a'.repeat(64)}`,
    ],
  },
};

describe.each(Object.entries(FORMATS))('%s', (name, { format, accepted, rejected }) => {
  test.each(accepted)('%j is one', (text) => {
    expect(() => requireFormat(format, name, text)).not.toThrow();
  });

  test.each(rejected)('%j is none', (text) => {
    expect(() => requireFormat(format, name, text)).toThrow(`${name} is ${JSON.stringify(text)}, but ${format.allowed}`);
  });

  test.each([[undefined], [null], [111122223333], [['111122223333']], [{}]])('%j is no text', (value) => {
    expect(() => requireFormat(format, name, value)).toThrow(`${name} is ${JSON.stringify(value)}, but `);
  });

  test('the example in the message is one', () => {
    const example = /(?:example|like) "([^"]+)"/.exec(format.allowed)?.[1];
    expect(example === undefined || format.pattern.test(example)).toBe(true);
  });
});

test('whoever gives an ARN is told so', () => {
  expect(() => requireFormat(ROLE_NAME, 'roleName', 'arn:aws:iam::111122223333:role/app'))
    .toThrow('this is an ARN: give only the part that is asked for');
  expect(() => requireFormat(ACCOUNT_ID, 'accountId', 'arn:aws:iam::111122223333:root')).toThrow('this is an ARN');
  expect(() => requireFormat(ROLE_NAME, 'roleName', 'my role')).not.toThrow('this is an ARN');
});

test.each<[string, Format, string, string]>([
  ['repositoryPrefixes[0]', REPOSITORY_PREFIX, 'team-a/*', 'repositoryPrefixes[0] is "team-a/*", but a prefix is how the names of repositories '
    + 'begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; without the "/" at the end it means "team-ab" too'],
  ['prefix', CACHE_PREFIX, 'shared/', 'prefix is "shared/", but the prefix of a pull-through cache has 2 to 30 characters, '
    + 'is written like the name of a repository, without "/" at the end, for example "shared", or is "ROOT" for none'],
])('what is wrong with %s, and what to do', (what, format, text, message) => {
  expect(() => requireFormat(format, what, text)).toThrow(new Error(message));
});

test('an ARN in place of a prefix is told so', () => {
  const arn = 'arn:aws:ecr:us-east-1:111122223333:repository/team-a/*';
  expect(() => requireFormat(REPOSITORY_PREFIX, 'repositoryPrefix', arn)).toThrow(/means "team-ab" too; this is an ARN: give only the part/);
  expect(() => requireFormat(CACHE_PREFIX, 'prefix', arn)).toThrow(/is "ROOT" for none; this is an ARN: give only the part/);
});

test('an ARN in place of a repository name has a factory of its own, so that hint is not given', () => {
  expect(() => requireFormat(REPOSITORY_NAME, 'repositoryName', 'arn:aws:ecr:us-east-1:111122223333:repository/web-app'))
    .toThrow(/"team-a\/web-app"$/);
});
