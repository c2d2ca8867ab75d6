import { Judgement } from './judge';
import { LOGIN_ACTION, PULL_ACTIONS } from '../../policy/actions';
import { partitionOf } from '../../policy/addresses';
import { Who } from '../../policy/grant';
import { statementsFor } from '../../policy/statements';
import { isKnown, parseArn } from '../template/text-patterns';

/** What is missing from one of the two documents of a pull, ready to be pasted. */
export interface Remedy {
  readonly half: 'owner' | 'consumer';
  /** The document that it belongs into, in words. */
  readonly document: string;
  readonly statements: readonly object[];
}

/** What makes a pull work that lacks one half or both. What is denied somewhere no statement can mend, nor what is not in sight. */
export function remediesFor(judgement: Judgement): Remedy[] {
  return [...ownerRemedy(judgement), ...consumerRemedy(judgement)];
}

function ownerRemedy({ site, repository, owner }: Judgement): Remedy[] {
  const { account, region, repository: name } = site.image;
  const who = owner.state === 'missing' ? whoOf(site) : undefined;
  if (!who || !isKnown(region)) {
    return [];
  }
  const registry = { account, region, partition: partitionOf(region).name };
  // A pull as this library grants it, which clients ask for, and not only what AWS documents as needed.
  const isPull = site.puller.type === 'role' && owner.actions.every((action) => PULL_ACTIONS.includes(action));
  const statements = statementsFor([{ who, actions: isPull ? PULL_ACTIONS : owner.actions }], registry);
  return [{ half: 'owner', document: `the policy of ${name} (${repository})`, statements }];
}

/** Whom the owner has to let in: the role, or the functions of the account, whatever the one in question will be called. */
function whoOf({ puller, account }: Judgement['site']): Who | undefined {
  if (puller.type === 'role') {
    const { account: own, resource } = parseArn(puller.arn) ?? {};
    const isNamed = resource !== undefined && isKnown(resource);
    return own === undefined || !isKnown(own) ? undefined : isNamed ? { kind: 'identity', account: own, name: resource } : { kind: 'account', account: own };
  }
  return puller.type === 'service' && puller.service === LAMBDA && isKnown(account) ? { kind: 'lambda', account, functionName: '*' } : undefined;
}

const LAMBDA = 'lambda.amazonaws.com';

function consumerRemedy({ site, repository, consumer }: Judgement): Remedy[] {
  if (consumer.state !== 'missing' || site.puller.type !== 'role') {
    return [];
  }
  const onRepository = consumer.actions.filter((action) => action !== LOGIN_ACTION);
  return [{
    half: 'consumer',
    document: `the policies of ${site.puller.arn}`,
    statements: [
      ...(onRepository.length > 0 ? [{ Effect: 'Allow', Action: onRepository, Resource: repository }] : []),
      ...(consumer.actions.includes(LOGIN_ACTION) ? [{ Effect: 'Allow', Action: LOGIN_ACTION, Resource: '*' }] : []),
    ],
  }];
}
