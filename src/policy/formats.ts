/** A text that AWS constrains: its pattern, and what to tell somebody who got it wrong. */
export interface Format {
  readonly pattern: RegExp;
  readonly allowed: string;
}

export const ACCOUNT_ID: Format = {
  pattern: /^\d{12}$/,
  allowed: 'an account id is 12 digits, as a string, for example "111122223333"',
};

export const ORGANIZATION_ID: Format = {
  pattern: /^o-[a-z0-9]{10,32}$/,
  allowed: 'an organization id is "o-" and 10 to 32 lower-case letters or digits, for example "o-a1b2c3d4e5"',
};

export const ORGANIZATION_PATH: Format = {
  pattern: /^o-[a-z0-9]{10,32}\/r-[0-9a-z]{4,32}(\/ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})+\/?$/,
  allowed: 'a path runs from the organization over its root to at least one OU, for example "o-a1b2c3d4e5/r-ab12/ou-ab12-11111111", and has no "*"; '
    + 'for the whole organization use the factory that takes an organization id',
};

export const ROLE_NAME: Format = {
  pattern: /^([\x21-\x2e\x30-\x39\x3b-\x3e\x40-\x7e]+\/)*[\w+=,.@*-]{1,64}$/,
  allowed: 'a role is given by its name, with its path if it has one and "*" for any text, for example "app-execution" or "teams/web/*"; '
    + 'a name has at most 64 letters, digits and +=,.@_-',
};

export const NEW_ROLE_NAME: Format = {
  pattern: /^[\w+=,.@-]{1,64}$/,
  allowed: 'a role name has 1 to 64 letters, digits and +=,.@_-, for example "app-execution"; its path is given apart',
};

export const ROLE_PATH: Format = {
  pattern: /^\/([\x21-\x7e]{1,510}\/)?$/,
  allowed: 'a path begins and ends with "/", for example "/teams/web/"',
};

export const FUNCTION_NAME: Format = {
  pattern: /^[A-Za-z0-9_*-]{1,140}$/,
  allowed: 'a function name has at most 140 letters, digits, "-" and "_", with "*" for any text, for example "orders-*"',
};

export const REPOSITORY_NAME: Format = {
  pattern: /^(?=.{2,256}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
  allowed: 'a repository name has 2 to 256 characters: lower-case letters and digits, with ".", "_", "__" or hyphens between them, '
    + 'in parts separated by "/", for example "team-a/web-app"',
};

export const REPOSITORY_PREFIX: Format = {
  pattern: /^(?=.{2,256}$)(?:[a-z0-9]+(?:[._-][a-z0-9]*)*\/)*[a-z0-9]*(?:[._-][a-z0-9]*)*$/,
  allowed: 'a prefix is how the names of repositories begin, without "*": 2 to 256 lower-case letters, digits and ._-/, for example "team-a/"; '
    + 'without the "/" at the end it means "team-ab" too',
};

export const CACHE_PREFIX: Format = {
  pattern: /^(?=.{2,30}$)([a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*|ROOT)$/,
  allowed: 'the prefix of a pull-through cache has 2 to 30 characters, is written like the name of a repository, without "/" at the end, '
    + 'for example "shared", or is "ROOT" for none',
};

export const REGION: Format = {
  pattern: /^[a-z]{2,4}(-[a-z]+)+-\d+$/,
  allowed: 'a Region is written like "eu-central-1"',
};

export const IMAGE_DIGEST: Format = {
  pattern: /^sha256:[0-9a-f]{64}$/,
  allowed: 'an image digest is "sha256:" and 64 hexadecimal digits',
};

export const IMAGE_TAG: Format = {
  pattern: /^\w[\w.-]{0,127}$/,
  allowed: 'a tag has 1 to 128 letters, digits and ._-, begins with none of . and -, and is given without ":", for example "v1"; a digest is for repositoryUriForDigest',
};

export const ECR_ACTION: Format = {
  pattern: /^(\*|ecr:[\w*?]+)$/i,
  allowed: 'an action on a repository is written with the prefix of Amazon ECR, "ecr:", and "*" in it stands for any text',
};

/** Throws unless the text is of the format. `what` names the argument in the caller's words. */
export function requireFormat(format: Format, what: string, text: unknown): void {
  if (typeof text !== 'string' || !format.pattern.test(text)) {
    throw new Error(`${what} is ${JSON.stringify(text)}, but ${format.allowed}${hint(format, text)}`);
  }
}

/** What people give most often in place of what is asked. */
function hint(format: Format, text: unknown): string {
  return format !== REPOSITORY_NAME && typeof text === 'string' && text.startsWith('arn:')
    ? '; this is an ARN: give only the part that is asked for'
    : '';
}
