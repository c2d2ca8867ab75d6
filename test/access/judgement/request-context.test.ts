import { ContextValue } from '../../../src/access/judgement/conditions';
import { Caller } from '../../../src/access/judgement/evaluate';
import { contextOfAssuming, contextOfPull } from '../../../src/access/judgement/request-context';
import { Owner, sightOf } from '../../../src/access/judgement/sight';
import { modelOf } from '../../../src/access/model/model';
import { PullSite } from '../../../src/access/model/pull-sites';
import { stackOf } from '../support';

const OWNER = '111111111111';
const CONSUMER = '222222222222';
const ARN = `arn:aws:iam::${CONSUMER}:role/app`;
const ROLE: Caller = { type: 'role', name: ARN, account: CONSUMER };
const LAMBDA: Caller = { type: 'service', name: 'lambda.amazonaws.com', account: CONSUMER };
const SOURCE = `arn:aws:lambda:us-east-1:${CONSUMER}:function:orders`;
const Role = { Type: 'AWS::IAM::Role', Properties: { RoleName: 'app', Tags: [{ Key: 'Team', Value: 'web' }] } };
const SIGHT = sightOf(modelOf([stackOf({ Resources: { Role } }, { account: CONSUMER })]), [{ organizationId: 'o-aaaaaaaaaa', accounts: [CONSUMER] }]);
const NOTHING = sightOf(modelOf([]), []);
const owner: Owner = { statements: [], opaquePolicies: [], isInSight: 'itself', isCached: 'no', account: OWNER, tags: new Map([['Stage', 'prod']]) };

const site = (puller: PullSite['puller']) => ({ image: { account: OWNER, region: 'us-east-1', repository: 'web-app' }, puller }) as PullSite;
const byRole = (key: string) => contextOfPull(site({ type: 'role', arn: ARN }), ROLE, owner, SIGHT)(key);
const byLambda = (key: string) => contextOfPull(site({ type: 'service', service: LAMBDA.name, sourceArn: SOURCE }), LAMBDA, owner, SIGHT)(key);

test.each<[string, ContextValue, ContextValue]>([
  ['aws:principalarn', [ARN], undefined],
  ['aws:principalaccount', [CONSUMER], undefined],
  ['aws:principalorgid', ['o-aaaaaaaaaa'], undefined],
  ['aws:principalorgpaths', ['o-aaaaaaaaaa/<the place in the organization>/'], undefined],
  ['aws:principaltag/team', ['web'], undefined],
  ['aws:principaltag/other', undefined, undefined],
  ['aws:principalisawsservice', ['false'], ['true']],
  ['aws:sourcearn', undefined, [SOURCE]],
  ['aws:sourceaccount', undefined, [CONSUMER]],
  ['aws:sourceorgid', undefined, ['o-aaaaaaaaaa']],
  ['aws:requestedregion', ['us-east-1'], ['us-east-1']],
  ['aws:resourceaccount', [OWNER], [OWNER]],
  ['aws:resourceorgid', 'unknown', 'unknown'],
  ['ecr:resourcetag/stage', ['prod'], ['prod']],
  ['aws:resourcetag/other', undefined, undefined],
  ['aws:sourceip', 'unknown', 'unknown'],
])('a pull by a role and one by a service have %s', (key, ofRole, ofService) => {
  expect([byRole(key), byLambda(key)]).toEqual([ofRole, ofService]);
});

test('the tags of what is not in sight nobody knows', () => {
  const context = contextOfPull(site({ type: 'role', arn: ARN }), ROLE, { ...owner, tags: undefined }, NOTHING);
  expect(['aws:principaltag/team', 'ecr:resourcetag/stage', 'aws:principalorgid'].map(context)).toEqual(['unknown', 'unknown', 'unknown']);
});

describe('a role is assumed', () => {
  const keys = ['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:principalarn', 'aws:principaltag/team', 'sts:externalid'];

  test('by a service on behalf of something, or without saying so', () => {
    expect(keys.map(contextOfAssuming(LAMBDA, SOURCE, NOTHING))).toEqual([[SOURCE], [CONSUMER], 'unknown', undefined, undefined, 'unknown']);
    expect(keys.map(contextOfAssuming(LAMBDA, undefined, NOTHING))).toEqual([undefined, undefined, undefined, undefined, undefined, 'unknown']);
  });

  test('by a role', () => {
    expect(keys.map(contextOfAssuming(ROLE, undefined, SIGHT))).toEqual([undefined, undefined, undefined, [ARN], ['web'], 'unknown']);
    expect(contextOfAssuming(ROLE, undefined, NOTHING)('aws:principaltag/team')).toBe('unknown');
  });
});
