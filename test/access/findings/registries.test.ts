import { CONSUMER, OWNER, allow, cacheRule, creationTemplate, inShort, modelIn, registryPolicy, replication } from './support';
import { registryFindings } from '../../../src/access/findings/registries';

const policy = registryPolicy(allow({ AWS: CONSUMER }));

test('two policies of one registry', () => {
  expect(registryFindings(modelIn({ [OWNER]: { A: policy }, [`${OWNER} us-east-1 Other`]: { B: policy } }))).toEqual([{
    rule: 'registry-claimed-twice',
    severity: 'error',
    place: {
      path: `${OWNER} us-east-1 Other/B`,
      account: OWNER,
      region: 'us-east-1',
      stack: `${OWNER} us-east-1 Other`,
      file: `${OWNER} us-east-1 Other.template.json`,
      logicalId: 'B',
    },
    message: `${OWNER}/A and ${OWNER} us-east-1 Other/B both declare the policy of the registry of account ${OWNER}, us-east-1, which it has only once`,
    remedy: 'declare it in one place, with all that both say, and take the other away',
    statements: [],
  }]);
});

describe('whatever a registry has once', () => {
  test.each<[string, Record<string, any>, string[]]>([
    ['three policies', { A: policy, B: policy, C: policy }, ['B', 'C']],
    ['two replication configurations', { A: replication(), B: replication() }, ['B']],
    ['two templates for a prefix', { A: creationTemplate('team-a'), B: creationTemplate('team-a/') }, ['B']],
    ['two templates for all', { A: creationTemplate('ROOT'), B: creationTemplate('ROOT') }, ['B']],
    ['two rules of caches for a prefix', { A: cacheRule('shared'), B: cacheRule('shared') }, ['B']],
    ['all together', { A: policy, B: replication(), C: creationTemplate('ROOT'), D: cacheRule('ROOT') }, []],
    ['different prefixes', { A: creationTemplate('team-a'), B: creationTemplate('team-ab'), C: cacheRule('a'), D: cacheRule('b') }, []],
    ['prefixes that are known at deployment only', { A: creationTemplate({ Ref: 'Prefix' }), B: creationTemplate({ Ref: 'Prefix' }) }, []],
  ])('%s', (_, resources, found) => {
    expect(inShort(registryFindings(modelIn({ [OWNER]: resources })))).toEqual(found.map((id) => `error registry-claimed-twice ${OWNER}/${id}`));
  });
});

test('two registries have one each', () => {
  expect(registryFindings(modelIn({ [OWNER]: { A: policy }, [`${OWNER} eu-central-1`]: { A: policy }, [CONSUMER]: { A: policy } }))).toEqual([]);
});

test('of stacks without an account or a Region nobody knows whether they claim the same registry', () => {
  expect(registryFindings(modelIn({ '<AWS::AccountId>': { A: policy, B: policy } }))).toEqual([]);
  expect(registryFindings(modelIn({ [`${OWNER} <AWS::Region>`]: { A: policy, B: policy } }))).toEqual([]);
});

test('an app that is read twice declares its registry once', () => {
  const model = modelIn({ [OWNER]: { A: policy } });
  const [registry] = model.registries;
  const again = registry.policyPlaces.map((place) => ({ ...place, file: 'elsewhere/template.json' }));
  expect(registryFindings({ ...model, registries: [{ ...registry, policyPlaces: [...registry.policyPlaces, ...again] }] })).toEqual([]);
});

test('what contracts say of a registry is no claim', () => {
  const model = modelIn({ [OWNER]: { A: creationTemplate('team-a') } });
  const [registry] = model.registries;
  const contract = { ...registry.templates[0], path: 'contract.json', stack: '', logicalId: '' };
  expect(registryFindings({ ...model, registries: [{ ...registry, templates: [...registry.templates, contract] }] })).toEqual([]);
});
