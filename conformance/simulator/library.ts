import { nameOf } from './declarations';
import { Asked } from './questions';
import { Document } from './simulator';
import { arnOf, declaredOrganizations } from './world';
import {
  both, Caller, decideByIdentity, decideByResource, Decision, decisionOf, either, Opinion, Request,
} from '../../src/access/judgement/evaluate';
import { contextOfPull } from '../../src/access/judgement/request-context';
import { ownerOf, sightOf } from '../../src/access/judgement/sight';
import { AccessModel } from '../../src/access/model/model';
import { statementsOf } from '../../src/access/model/policy-document';
import { PullSite } from '../../src/access/model/pull-sites';

/** What the judgement of the library says of the same questions, about the same templates. */
export function libraryOn(model: AccessModel): (asked: Asked, identity: Document | undefined) => Decision {
  const sight = sightOf(model, declaredOrganizations());
  return ({ half, caller, action, registry, name }, identity) => {
    const image = { ...registry, repository: name };
    const owner = ownerOf(image, caller.account, sight);
    const puller = caller.type === 'role'
      ? { type: 'role' as const, arn: nameOf(caller) } : { type: 'service' as const, service: caller.service, sourceArn: caller.sourceArn };
    const who: Caller = { type: caller.type, name: nameOf(caller), account: caller.account };
    // Of a site, this reads only whose image it is, and who pulls it.
    const site = { image, puller } as unknown as PullSite;
    const request: Request = { caller: who, action, resource: name === '*' ? '*' : arnOf(registry, name), context: contextOfPull(site, who, owner, sight) };
    const byIdentity = () => decideByIdentity(statementsOf(identity), request);
    const isHome = caller.type === 'role' && caller.account === registry.account;
    const byOwner = () => decideByResource(owner.statements, request, isHome ? 'itself' : 'anything');
    return decisionOf(opinion());

    function opinion(): Opinion {
      switch (half) {
        case 'owner': return byOwner();
        case 'consumer': return byIdentity();
        case 'both': return isHome ? either(byOwner(), byIdentity()) : both(byOwner(), byIdentity());
      }
    }
  };
}
