import { Aws } from 'aws-cdk-lib';
import { grantedElsewhere, sayGrantedElsewhere } from '../../src/halves/granted-elsewhere';
import { newApp, newStack } from '../support';

test('what is said anywhere in an app is known everywhere in it, once', () => {
  const app = newApp();
  sayGrantedElsewhere(newStack(app, 'A'), 'arn:aws:ecr:us-east-1:111111111111:repository/a');
  sayGrantedElsewhere(newStack(app, 'B'), 'arn:aws:ecr:us-east-1:111111111111:repository/*');
  sayGrantedElsewhere(newStack(app, 'C'), 'arn:aws:ecr:us-east-1:111111111111:repository/a');
  expect(grantedElsewhere(app)).toEqual(['arn:aws:ecr:us-east-1:111111111111:repository/a', 'arn:aws:ecr:us-east-1:111111111111:repository/*']);
  expect(grantedElsewhere(newApp())).toEqual([]);
});

test('what is known only at deployment is left out', () => {
  const stack = newStack(newApp(), 'Stack');
  sayGrantedElsewhere(stack, `arn:aws:ecr:us-east-1:${Aws.ACCOUNT_ID}:repository/a`);
  expect(grantedElsewhere(stack)).toEqual([]);
});
