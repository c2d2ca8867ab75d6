import { Context, ContextValue } from './conditions';
import { Caller } from './evaluate';
import { Organization } from './organizations';
import { Owner, Sight } from './sight';
import { PullSite } from '../model/pull-sites';
import { unknownValue } from '../template/text-patterns';

/** Keys that are in no request of a role, and in none of a service, unless they are set here. Of all others nobody knows. */
const ABSENT = {
  role: /^aws:(source(arn|account|orgid|orgpaths)|principalservicename(slist)?|principaltag\/.*|username|calledvia(first|last)?|requesttag\/.*|tagkeys)$/,
  service: /^aws:(principal(arn|account|orgid|orgpaths|tag\/.*)|userid|username|calledvia(first|last)?|requesttag\/.*|tagkeys)$/,
};
const SOURCE = /^aws:source(arn|account|orgid|orgpaths)$/;
const RESOURCE_TAG = /^(aws|ecr):resourcetag\//;

/** What a pull tells the policies. */
export function contextOfPull({ image, puller }: PullSite, caller: Caller, owner: Owner, sight: Sight): Context {
  const values = new Map<string, ContextValue>([
    ...(puller.type === 'service' ? keysOfService(caller, puller.sourceArn, sight) : keysOfRole(caller, sight)),
    ...membership('aws:resource', sight.organizationOf(owner.account), owner.account),
    ['aws:requestedregion', [image.region]],
    ['aws:resourceaccount', [owner.account]],
    ...['aws', 'ecr'].flatMap((service) => tagKeys(`${service}:resourcetag/`, owner.tags)),
  ]);
  return (key) => {
    if (values.has(key)) {
      return values.get(key);
    }
    const isAbsent = RESOURCE_TAG.test(key) ? owner.tags !== undefined : isAbsentOf(caller, key, sight);
    return isAbsent ? undefined : 'unknown';
  };
}

/**
 * What a request tells the trust policy of a role that is to be assumed.
 *
 * @param sourceArn on behalf of what a service assumes it; undefined if it does not tell, and its account neither
 */
export function contextOfAssuming(caller: Caller, sourceArn: string | undefined, sight: Sight): Context {
  const values = new Map(caller.type === 'service' ? keysOfService(caller, sourceArn, sight) : keysOfRole(caller, sight));
  return (key) => {
    if (values.has(key)) {
      return values.get(key);
    }
    const isAbsent = isAbsentOf(caller, key, sight) || (sourceArn === undefined && SOURCE.test(key));
    return isAbsent ? undefined : 'unknown';
  };
}

/** The tags of a role that is not in sight nobody knows. */
function isAbsentOf({ type, name }: Caller, key: string, sight: Sight): boolean {
  return ABSENT[type].test(key) && !(type === 'role' && key.startsWith('aws:principaltag/') && !sight.roles.has(name));
}

function keysOfService({ name, account }: Caller, sourceArn: string | undefined, sight: Sight): Array<[string, ContextValue]> {
  const source: Array<[string, ContextValue]> = sourceArn === undefined ? [] : [
    ['aws:sourcearn', [sourceArn]],
    ['aws:sourceaccount', [account]],
    ...membership('aws:source', sight.organizationOf(account), account),
  ];
  return [...source, ['aws:principalservicename', [name]], ...keysOfAnybody(true)];
}

function keysOfRole({ name, account }: Caller, sight: Sight): Array<[string, ContextValue]> {
  return [
    ['aws:principalarn', [name]],
    ['aws:principalaccount', [account]],
    ['aws:principaltype', ['AssumedRole']],
    ...membership('aws:principal', sight.organizationOf(account), account),
    ...tagKeys('aws:principaltag/', sight.roles.get(name)?.tags),
    ...keysOfAnybody(false),
  ];
}

function keysOfAnybody(isService: boolean): Array<[string, ContextValue]> {
  return [['aws:principalisawsservice', [String(isService)]], ['aws:viaawsservice', ['false']], ['aws:securetransport', ['true']]];
}

/** Who is in no declared organization may be in any; whose place in it is not declared may be anywhere in it. */
function membership(prefix: string, organization: Organization | undefined, account: string): Array<[string, ContextValue]> {
  if (!organization) {
    return [];
  }
  const { organizationId, organizationPaths = {} } = organization;
  const path = organizationPaths[account] ?? `${organizationId}/${unknownValue('the place in the organization')}`;
  return [[`${prefix}orgid`, [organizationId]], [`${prefix}orgpaths`, [path.replace(/\/?$/, '/')]]];
}

function tagKeys(prefix: string, tags: ReadonlyMap<string, string> = new Map()): Array<[string, ContextValue]> {
  return [...tags].map(([key, value]) => [prefix + key.toLowerCase(), [value]]);
}
