import { placeOf, resourcesOf } from '../../../src/access/model/places';
import { scopeOf } from '../support';

const SCOPE = scopeOf({ Resources: { A: { Type: 'AWS::ECR::Repository' }, B: { Type: 'AWS::IAM::Role' }, C: { Type: 'AWS::ECR::Repository' } } });

test('resources are found by their types', () => {
  const ids = (...types: string[]) => resourcesOf(SCOPE, ...types).map(([logicalId]) => logicalId);
  expect([ids('AWS::ECR::Repository'), ids('AWS::IAM::Role', 'AWS::ECR::Repository'), ids()]).toEqual([['A', 'C'], ['A', 'B', 'C'], []]);
});

test('they are where their stack is', () => {
  expect(placeOf(SCOPE, SCOPE.stack.resources.get('B')!)).toEqual({
    path: 'Stack/B', account: '111111111111', region: 'us-east-1', stack: 'Stack', file: 'Stack.template.json', logicalId: 'B',
  });
});
