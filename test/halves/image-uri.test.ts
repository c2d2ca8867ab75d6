import { Fn, Lazy, Stage, Token } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { forgetFunctions, functionsRunning, ImageUri } from '../../src/halves/image-uri';
import { CONSUMER, newApp, newRepository, newStack, OTHER } from '../support';

const role = 'arn:aws:iam::111122223333:role/app';

function functionWith(scope: Construct, id: string, code: lambda.CfnFunction.CodeProperty | any): lambda.CfnFunction {
  return new lambda.CfnFunction(scope, id, { role, packageType: 'Image', code });
}

test('the URI resolves to its text, and shows whose it is', () => {
  const stack = newStack(newApp(), 'Stack');
  const uri = new ImageUri(stack, '111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app');

  expect(Token.isUnresolved(`${uri}`)).toBe(true);
  expect(stack.resolve(`${uri}:1`)).toBe('111122223333.dkr.ecr.us-east-1.amazonaws.com/web-app:1');
  expect(uri.repository).toBe(stack);
});

describe('functions are found by the URI that the repository handed out', () => {
  test('in every Stage, in whatever form the URI is carried', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(new Stage(app, 'Stage'), 'Consumer', CONSUMER);
    const functions = [
      functionWith(consumer, 'Tag', { imageUri: repository.repositoryUriForTag('1') }),
      functionWith(consumer, 'Lazy', { imageUri: Lazy.string({ produce: () => repository.repositoryUriForTag('2') }) }),
      functionWith(consumer, 'Joined', { imageUri: Fn.join(':', [repository.repositoryUri, '3']) }),
      functionWith(consumer, 'LazyCode', Lazy.any({ produce: () => ({ imageUri: repository.repositoryUriForDigest() }) })),
    ];

    expect(functionsRunning(repository)).toEqual(functions);
  });

  test('not by text, nor by another repository, nor by code that is no image', () => {
    const app = newApp();
    const repository = newRepository(app);
    const other = newRepository(newStack(app, 'Second'), { repositoryName: 'other' });
    const consumer = newStack(app, 'Consumer', OTHER);
    functionWith(consumer, 'Text', { imageUri: '999999999999.dkr.ecr.us-east-1.amazonaws.com/web-app:1' });
    const ofOther = functionWith(consumer, 'Other', { imageUri: other.repositoryUriForTag('1') });
    new lambda.CfnFunction(consumer, 'Inline', { role, code: { zipFile: Fn.sub('exports.handler = () => "${AWS::Region}"') } });

    expect(functionsRunning(repository)).toEqual([]);
    expect(functionsRunning(other)).toEqual([ofOther]);
  });

  test('in one index, made anew once it is forgotten', () => {
    const app = newApp();
    const repository = newRepository(app);
    const consumer = newStack(app, 'Consumer', CONSUMER);
    expect(functionsRunning(repository)).toEqual([]);
    const late = functionWith(consumer, 'Late', { imageUri: repository.repositoryUriForTag('1') });
    expect(functionsRunning(repository)).toEqual([]);

    forgetFunctions(consumer);
    expect(functionsRunning(repository)).toEqual([late]);
  });
});
