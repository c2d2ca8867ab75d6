import { partitionIn } from '../../../src/access/template/partition';

test.each([
  ['us-east-1', 'aws', 'amazonaws.com'],
  ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
  ['<AWS::Region>', '<AWS::Partition>', '<AWS::URLSuffix>'],
])('the partition of %s', (region, name, urlSuffix) => {
  expect(partitionIn(region)).toMatchObject({ name, urlSuffix });
});
