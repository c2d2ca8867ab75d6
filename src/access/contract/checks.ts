import { ContractRegistry, ContractRepository } from './contract';
import { ACCOUNT_ID, Format, REGION, REPOSITORY_NAME, REPOSITORY_PREFIX } from '../../policy/formats';
import { Fields, isFields, listOf } from '../template/template';
import { isKnown } from '../template/text-patterns';

/*
 * What may stand in a contract. Each of these returns the value that it was given, and throws where it is not of the shape: with the place, the
 * value, and what is allowed.
 */

/** A check of a value that is at a place, such as `repositories[2].account`. */
type Check = (value: unknown, at: string) => void;

interface Field {
  readonly check: Check;
  readonly isOptional?: boolean;
}

const REPOSITORY: Readonly<Record<keyof ContractRepository, Field>> = {
  name: { check: text(REPOSITORY_NAME) },
  account: { check: text(ACCOUNT_ID) },
  region: { check: text(REGION) },
  policy: { check: policy, isOptional: true },
  tags: { check: texts, isOptional: true },
};

/** How names of repositories begin; nothing, for all of them. */
const NAMESPACE: Format = { pattern: new RegExp(`^$|${REPOSITORY_PREFIX.pattern.source}`), allowed: `${REPOSITORY_PREFIX.allowed}; "" is for all` };
const ANY_TEXT: Format = { pattern: /^/, allowed: 'it is a text' };

const REGISTRY: Readonly<Record<keyof ContractRegistry, Field>> = {
  account: { check: text(ACCOUNT_ID) },
  region: { check: text(REGION) },
  policy: { check: policy, isOptional: true },
  templates: {
    check: listAnd(record({
      namespace: { check: unlessUnknown(NAMESPACE) },
      appliedFor: { check: listAnd(unlessUnknown({ pattern: /^[A-Z_]+$/, allowed: 'it is written like "REPLICATION"' })) },
      policy: { check: policy, isOptional: true },
    })),
  },
  caches: {
    check: listAnd(record({
      namespace: { check: unlessUnknown(NAMESPACE) },
      upstream: { check: text(ANY_TEXT) },
      upstreamNamespace: { check: unlessUnknown(NAMESPACE) },
      role: { check: text(ANY_TEXT) },
    })),
  },
  replicationRules: {
    check: listAnd(record({
      destinations: { check: listAnd(record({ account: { check: unlessUnknown(ACCOUNT_ID) }, region: { check: unlessUnknown(REGION) } })) },
      prefixes: { check: listAnd(unlessUnknown(NAMESPACE)) },
    })),
  },
};

export function checkedRepository(value: unknown, at: string): ContractRepository {
  record(REPOSITORY)(value, at);
  return value as ContractRepository;
}

export function checkedRegistry(value: unknown, at: string): ContractRegistry {
  record(REGISTRY)(value, at);
  return value as ContractRegistry;
}

/** Checks every item of a list. */
export function eachOf(value: unknown, at: string, check: Check): void {
  if (!Array.isArray(value)) {
    throw wrong(value, at, 'it is a list');
  }
  value.forEach((item, index) => check(item, `${at}[${index}]`));
}

/** What nobody knows is refused: to read over a misspelt field would be to say that there is none. */
export function refuseOthers(fields: Fields, at: string, names: readonly string[]): void {
  const other = Object.keys(fields).find((name) => !names.includes(name));
  if (other !== undefined) {
    throw new Error(`${at} has a field ${shown(other)}, but its fields are ${names.join(', ')}`);
  }
}

export function wrong(value: unknown, at: string, allowed: string): Error {
  return new Error(`${at} is ${value === undefined ? 'missing' : shown(value)}, but ${allowed}`);
}

function record(fields: Readonly<Record<string, Field>>): Check {
  return (value, at) => {
    if (!isFields(value)) {
      throw wrong(value, at, `it is an object with ${Object.keys(fields).join(', ')}`);
    }
    refuseOthers(value, at, Object.keys(fields));
    for (const [name, { check, isOptional }] of Object.entries(fields)) {
      if (!isOptional || Object.hasOwn(value, name)) {
        check(value[name], at === '' ? name : `${at}.${name}`);
      }
    }
  };
}

function listAnd(check: Check): Check {
  return (value, at) => eachOf(value, at, check);
}

function text({ pattern, allowed }: Format): Check {
  return (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) {
      throw wrong(value, at, allowed);
    }
  };
}

function unlessUnknown(format: Format): Check {
  return (value, at) => {
    if (typeof value !== 'string' || isKnown(value)) {
      text(format)(value, at);
    }
  };
}

function texts(value: unknown, at: string): void {
  if (!isFields(value)) {
    throw wrong(value, at, 'it is an object of texts');
  }
  Object.entries(value).forEach(([key, one]) => text(ANY_TEXT)(one, `${at}[${shown(key)}]`));
}

/** The statements are as the owner has written them, in any of the ways that IAM allows. */
function policy(value: unknown, at: string): void {
  if (!isFields(value) || value.Statement === undefined) {
    throw wrong(value, at, 'it is a policy: an object with Version and Statement');
  }
  listOf(value.Statement).forEach((statement, index) => {
    if (!isFields(statement)) {
      throw wrong(statement, `${at}.Statement[${index}]`, 'it is an object');
    }
    const { Effect: effect } = statement;
    if (effect !== 'Allow' && effect !== 'Deny') {
      throw wrong(effect, `${at}.Statement[${index}].Effect`, 'it is "Allow" or "Deny"');
    }
  });
}

/** A value as a message can hold it. */
function shown(value: unknown): string {
  const whole = JSON.stringify(value) ?? String(value);
  return whole.length > 80 ? `${whole.slice(0, 80)}...` : whole;
}
