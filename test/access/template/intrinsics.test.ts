import { resolveValue, Scope } from '../../../src/access/template/intrinsics';

const scope: Scope = {
  reference: (name) => new Map(Object.entries<unknown>({ 'AWS::Region': 'us-east-1', 'Names': ['a', 'b'], 'Long': 'x'.repeat(600_000) })).get(name) ?? `<${name}>`,
  attribute: (logicalId, attribute) => `[${logicalId}|${attribute}]`,
  imported: (name) => `imported ${name}`,
  outputOf: (output) => JSON.stringify(output),
  mapped: (map, topKey, secondKey) => (map === 'Map' ? `${topKey}.${secondKey}` : undefined),
  isMadeUpName: (unknown) => unknown === '<Stack/Repository>',
  holds: (condition) => ({ IsSo: 'yes', IsNotSo: 'no' } as const)[condition] ?? 'maybe',
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
  ['Fn::Select by what is no number', { 'Fn::Select': [{ toString: null }, ['a', 'b']] }, '<Fn::Select>'],
  ['Fn::Select by an empty text', { 'Fn::Select': ['', ['a', 'b']] }, '<Fn::Select>'],
  ['Fn::Select from what is no list', { 'Fn::Select': [0, 'a'] }, '<Fn::Select>'],
  ['Fn::Split', { 'Fn::Split': [':', ARN] }, ['arn', 'aws', 'ecr', 'us-east-1', '111111111111', 'repository/web-app']],
  ['Fn::Select of Fn::Split', { 'Fn::Select': [4, { 'Fn::Split': [':', ARN] }] }, '111111111111'],
  ['Fn::Split around a pseudo parameter', { 'Fn::Select': [5, { 'Fn::Split': [':', 'arn:<AWS::Partition>:iam::<AWS::AccountId>:role/x'] }] }, 'role/x'],
  ['Fn::Split around a name that is made up', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'repository/<Stack/Repository>'] }] }, '<Stack/Repository>'],
  ['Fn::Split of a name that is made up', { 'Fn::Split': ['-', 'a-<Stack/Repository>'] }, '<Fn::Split>'],
  ['Fn::Split of a text that is not all known', { 'Fn::Split': [':', { Ref: 'Unknown' }] }, '<Fn::Split>'],
  ['Fn::Split without a text', { 'Fn::Split': [':'] }, '<Fn::Split>'],
  ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'of-${AWS::Region}' } }, 'imported of-us-east-1'],
  ['Fn::Sub of what is no name', { 'Fn::Sub': '${${Unknown}$' }, '${<Unknown>$'],
  ['Fn::Sub of a name that every object has', { 'Fn::Sub': ['${toString}', {}] }, '<toString>'],
  ['Fn::Sub of a text that grows beyond all measure', { 'Fn::Sub': '${Long}'.repeat(2) }, '<Fn::Sub>'],
  ['Fn::Join of a text that grows beyond all measure', { 'Fn::Join': ['', [{ Ref: 'Long' }, { Ref: 'Long' }]] }, '<Fn::Join>'],
  ['Fn::If of a condition that holds', { 'Fn::If': ['IsSo', { Ref: 'AWS::Region' }, 'b'] }, 'us-east-1'],
  ['Fn::If of a condition that does not', { 'Fn::If': ['IsNotSo', 'a', { Ref: 'AWS::Region' }] }, 'us-east-1'],
  ['Fn::If of a condition that may hold', { 'Fn::If': ['Condition', 'a', 'b'] }, '<Fn::If>'],
  ['Fn::If of nothing', { a: { 'Fn::If': ['IsSo', { Ref: 'AWS::NoValue' }, 'b'] } }, {}],
  ['Fn::If without arguments', { 'Fn::If': null }, '<Fn::If>'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'Name'] }, 'us-east-1.Name'],
  ['Fn::FindInMap of what is not there', { 'Fn::FindInMap': ['Other', 'a', 'b'] }, '<Fn::FindInMap>'],
  ['Fn::FindInMap of what is not there, with a default', { 'Fn::FindInMap': ['Other', 'a', 'b', { DefaultValue: { Ref: 'AWS::Region' } }] }, 'us-east-1'],
  ['Fn::FindInMap by what is unknown', { 'Fn::FindInMap': ['Map', { Ref: 'Unknown' }, 'Name', { DefaultValue: 'x' }] }, '<Fn::FindInMap>'],
  ['Fn::GetStackOutput', { 'Fn::GetStackOutput': { StackName: 'Owner', OutputName: 'Arn' } }, '{"stack":"Owner","output":"Arn"}'],
  ['Fn::GetStackOutput from elsewhere',
    { 'Fn::GetStackOutput': { StackName: 'Owner', OutputName: 'Arn', Region: { Ref: 'AWS::Region' }, RoleArn: 'role' } },
    '{"stack":"Owner","output":"Arn","region":"us-east-1","role":"role"}'],
  ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: [{ Ref: 'AWS::Region' }] } }, '{"a":["us-east-1"]}'],
  ['Fn::Length', { 'Fn::Length': { Ref: 'Names' } }, 2],
  ['Fn::Length of what is no list', { 'Fn::Length': 'text' }, '<Fn::Length>'],
  ['a function that is not computed', { 'Fn::Base64': 'a' }, '<Fn::Base64>'],
  ['a dynamic reference', 'name-{{resolve:ssm:/images/web:1}}', 'name-<{{resolve:ssm:/images/web:1}}>'],
  ['a dynamic reference that is put together', { 'Fn::Sub': '{{resolve:ssm:/${Unknown}/web}}' }, '<{{resolve:ssm:/Unknown/web}}>'],
  ['a property called like a function', { 'Fn::Join': ['', []], 'Other': 1 }, { 'Fn::Join': ['', []], 'Other': 1 }],
  ['AWS::NoValue', { a: { Ref: 'AWS::NoValue' }, b: ['x', { Ref: 'AWS::NoValue' }] }, { b: ['x'] }],
  ['something deep', { a: [{ b: { Ref: 'AWS::Region' } }] }, { a: [{ b: 'us-east-1' }] }],
])('%s', (_, value, expected) => {
  expect(resolveValue(value, scope)).toEqual(expected);
});

test('AWS::NoValue alone is nothing', () => {
  expect(resolveValue({ Ref: 'AWS::NoValue' }, scope)).toBeUndefined();
});
