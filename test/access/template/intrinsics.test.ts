import { resolveValue, Scope } from '../../../src/access/template/intrinsics';

const scope: Scope = {
  reference: (name) => ({ 'AWS::Region': 'us-east-1', 'Names': ['a', 'b'] } as Record<string, unknown>)[name] ?? `<${name}>`,
  attribute: (logicalId, attribute) => `[${logicalId}|${attribute}]`,
  imported: (name) => `imported ${name}`,
};

const ARN = 'arn:aws:ecr:us-east-1:111111111111:repository/web-app';

test.each<[string, unknown, unknown]>([
  ['a text', 'text', 'text'],
  ['a number', 5, 5],
  ['null', null, null],
  ['an empty object', {}, {}],
  ['Ref', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['Ref to a list', { Ref: 'Names' }, ['a', 'b']],
  ['Ref to what is unknown', { Ref: 'Parameter' }, '<Parameter>'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Role', 'Arn'] }, '[Role|Arn]'],
  ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Nested.Outputs.Arn' }, '[Nested|Outputs.Arn]'],
  ['Fn::GetAtt without an attribute', { 'Fn::GetAtt': 'Role' }, '<Fn::GetAtt>'],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-us-east-1-1'],
  ['Fn::Join of a reference to a list', { 'Fn::Join': [',', { Ref: 'Names' }] }, 'a,b'],
  ['Fn::Join of what is no list', { 'Fn::Join': [',', { Ref: 'Unknown' }] }, '<Fn::Join>'],
  ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}/${Role.Arn}/${!Literal}/${ Unknown }' }, 'us-east-1/[Role|Arn]/${Literal}/<Unknown>'],
  ['Fn::Sub with variables', { 'Fn::Sub': ['${Name}-${AWS::Region}', { Name: { 'Fn::Join': ['', ['x', 'y']] } }] }, 'xy-us-east-1'],
  ['Fn::Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
  ['Fn::Select beyond the end', { 'Fn::Select': [2, ['a', 'b']] }, '<Fn::Select>'],
  ['Fn::Select from what is no list', { 'Fn::Select': [0, 'a'] }, '<Fn::Select>'],
  ['Fn::Split', { 'Fn::Split': [':', ARN] }, ['arn', 'aws', 'ecr', 'us-east-1', '111111111111', 'repository/web-app']],
  ['Fn::Select of Fn::Split', { 'Fn::Select': [4, { 'Fn::Split': [':', ARN] }] }, '111111111111'],
  ['Fn::Split around a pseudo parameter', { 'Fn::Select': [5, { 'Fn::Split': [':', 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/x'] }] }, 'role/x'],
  ['Fn::Split of a text that is not all known', { 'Fn::Split': [':', { Ref: 'Unknown' }] }, '<Fn::Split>'],
  ['Fn::Split without a text', { 'Fn::Split': [':'] }, '<Fn::Split>'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'of-${AWS::Region}' } }, 'imported of-us-east-1'],
  ['a function that is not computed', { 'Fn::If': ['Condition', 'a', 'b'] }, '<Fn::If>'],
  ['a property called like a function', { 'Fn::Join': ['', []], 'Other': 1 }, { 'Fn::Join': ['', []], 'Other': 1 }],
  ['AWS::NoValue', { a: { Ref: 'AWS::NoValue' }, b: ['x', { Ref: 'AWS::NoValue' }] }, { b: ['x'] }],
  ['something deep', { a: [{ b: { Ref: 'AWS::Region' } }] }, { a: [{ b: 'us-east-1' }] }],
])('%s', (_, value, expected) => {
  expect(resolveValue(value, scope)).toEqual(expected);
});

test('AWS::NoValue alone is nothing', () => {
  expect(resolveValue({ Ref: 'AWS::NoValue' }, scope)).toBeUndefined();
});
