import { at, changed, Edit, editing, Location, Steps } from './edit';
import { Fault } from './fault';
import { ACCOUNT, OTHER_REGION, otherAccount, REGION, replaced } from './texts';

/** A policy document in a resource. */
export interface Document {
  readonly location: Location;
  readonly steps: Steps;
  /** What it is: `repository policy`, `trust policy`. */
  readonly kind: string;
}

/** A statement in a document. */
interface Place extends Document {
  readonly index: number;
  readonly statement: any;
}

/** An action that serves no pull. */
const USELESS = 'ecr:ListImages';

/** Everything that one may get wrong in the statements of a document. */
export function statementFaults(document: Document): Fault[] {
  const statements: any[] = [at(document.location.resource.properties, [...document.steps, 'Statement'])].flat();
  return statements
    .map((statement, index) => ({ ...document, statement, index }))
    .filter(({ statement, kind }) => kind !== 'identity policy' || concernsImages(statement))
    .flatMap((place) => [
      ...wholeFaults(place),
      ...actionFaults(place),
      ...principalFaults(place),
      ...conditionFaults(place),
      ...resourceFaults(place),
    ]);
}

/** Policies of roles say much that has nothing to do with images. */
function concernsImages({ Action: actions, NotAction: not }: any): boolean {
  return not !== undefined || [actions].flat().some((action: string) => action === '*' || action.startsWith('ecr:'));
}

function wholeFaults(place: Place): Fault[] {
  return [
    faultOf(place, 'drop a statement', '', [], () => undefined),
    faultOf(place, place.statement.Effect === 'Allow' ? 'deny what was allowed' : 'allow what was denied', '', ['Effect'],
      (effect) => (effect === 'Allow' ? 'Deny' : 'Allow')),
  ];
}

function actionFaults(place: Place): Fault[] {
  const name = place.statement.NotAction === undefined ? 'Action' : 'NotAction';
  const actions: string[] = [place.statement[name]].flat();
  return [
    ...actions.length < 2 ? [] : actions.map((action, index) => faultOf(place, `drop one of ${name}`, action, [name, index], () => undefined)),
    ...actions.map((action, index) => faultOf(place, `replace one of ${name}`, action, Array.isArray(place.statement[name]) ? [name, index] : [name],
      () => (place.kind === 'trust policy' ? 'sts:TagSession' : USELESS))),
    faultOf(place, `${name} becomes its opposite`, '', [], ({ [name]: value, ...rest }) => ({ ...rest, [name === 'Action' ? 'NotAction' : 'Action']: value })),
  ];
}

function principalFaults(place: Place): Fault[] {
  const { Principal: principal } = place.statement;
  if (principal === undefined || typeof principal === 'string') {
    return [];
  }
  return Object.entries<any>(principal).flatMap(([type, values]) => {
    const list: any[] = [values].flat();
    const stepsTo = (index: number) => ['Principal', type, ...Array.isArray(values) ? [index] : []];
    return [
      ...list.length < 2 ? [] : list.map((value, index) => faultOf(place, 'drop a principal', textOf(value), stepsTo(index), () => undefined)),
      ...list.flatMap((value, index) => (type === 'Service'
        ? [faultOf(place, 'let another service in', textOf(value), stepsTo(index), () => 'ec2.application-autoscaling.amazonaws.com')]
        : value === '*' ? [] : alterations(place, 'let another account in', textOf(value), stepsTo(index), value, ACCOUNT, otherAccount))),
      ...type === 'AWS' && values !== '*' ? [faultOf(place, 'let everybody in', '', ['Principal'], () => ({ AWS: '*' }))] : [],
    ];
  });
}

const NEGATED: Readonly<Record<string, string>> = {
  'StringEquals': 'StringNotEquals',
  'StringNotEquals': 'StringEquals',
  'StringLike': 'StringNotLike',
  'ArnLike': 'ArnNotLike',
  'ArnEquals': 'ArnNotEquals',
  'ForAnyValue:StringLike': 'ForAnyValue:StringNotLike',
  'ForAnyValue:StringEquals': 'ForAnyValue:StringNotEquals',
};

function conditionFaults(place: Place): Fault[] {
  return Object.entries<any>(place.statement.Condition ?? {}).flatMap(([operator, keys]) => Object.entries<any>(keys).flatMap(([key, values]) => {
    const list: any[] = [values].flat();
    const steps = ['Condition', operator, key];
    const stepsTo = (index: number) => [...steps, ...Array.isArray(values) ? [index] : []];
    return [
      faultOf(place, 'drop a condition', `${operator} ${key}`, Object.keys(keys).length > 1 ? steps : ['Condition', operator], () => undefined),
      ...NEGATED[operator] === undefined ? [] : [faultOf(place, 'negate a condition', `${operator} ${key}`, ['Condition'], ({ [operator]: one, ...rest }) => (
        { ...rest, [NEGATED[operator]]: { ...rest[NEGATED[operator]], ...one } }))],
      ...list.length < 2 ? [] : list.map((value, index) => faultOf(place, 'drop a value of a condition', `${key} ${textOf(value)}`, stepsTo(index), () => undefined)),
      ...list.flatMap((value, index) => valueFaults(place, key, value, stepsTo(index))),
    ];
  }));
}

function valueFaults(place: Place, key: string, value: unknown, steps: Steps): Fault[] {
  const what = `${key} ${textOf(value)}`;
  return [
    ...alterations(place, 'another account in a condition', what, steps, value, ACCOUNT, otherAccount),
    ...alterations(place, 'another Region in a condition', what, steps, value, REGION, () => OTHER_REGION),
    ...alterations(place, 'another name in a condition', what, steps, value, /:(role|function|project)\/?(?=[^"]*[a-z])[^"]*(?=")/, (match) => `${match}-x`),
    ...alterations(place, 'another organization in a condition', what, steps, value, /o-[a-z0-9]{10}/, () => 'o-zzzzzzzzzz'),
    ...alterations(place, 'another OU in a condition', what, steps, value, /\/ou-[a-z0-9-]+/, () => '/ou-ab12-99999999'),
  ];
}

function resourceFaults(place: Place): Fault[] {
  const name = place.statement.NotResource === undefined ? 'Resource' : 'NotResource';
  const { [name]: values } = place.statement;
  if (values === undefined) {
    return [];
  }
  const list: any[] = [values].flat();
  const stepsTo = (index: number) => [name, ...Array.isArray(values) ? [index] : []];
  return [
    ...list.length < 2 ? [] : list.map((value, index) => faultOf(place, `drop one of ${name}`, textOf(value), stepsTo(index), () => undefined)),
    faultOf(place, `${name} becomes its opposite`, '', [], ({ [name]: value, ...rest }) => ({ ...rest, [name === 'Resource' ? 'NotResource' : 'Resource']: value })),
    ...list.flatMap((value, index) => (value === '*'
      ? [faultOf(place, 'narrow a resource', '*', stepsTo(index), () => 'arn:aws:ecr:us-east-1:999999999999:repository/other')]
      : [
        ...typeof value === 'string' ? [] : [faultOf(place, 'another resource', textOf(value), stepsTo(index), () => 'arn:aws:ecr:us-east-1:999999999999:repository/other')],
        ...alterations(place, 'another account in a resource', textOf(value), stepsTo(index), value, ACCOUNT, otherAccount),
        ...alterations(place, 'another Region in a resource', textOf(value), stepsTo(index), value, REGION, () => OTHER_REGION),
        ...alterations(place, 'another repository in a resource', textOf(value), stepsTo(index), value, /repository\/[^"]*/, (match) => match.replace('repository/', 'repository/x-')),
      ])),
  ];
}

/** A fault by which a text in a value is another one, if the value has such a text. */
function alterations(
  place: Place, kind: string, what: string, steps: Steps, value: unknown, pattern: RegExp, by: (match: string) => string,
): Fault[] {
  const after = replaced(value, pattern, by);
  return after === undefined ? [] : [faultOf(place, kind, what, steps, () => after)];
}

function faultOf({ location, steps, kind: document, index, statement }: Place, kind: string, what: string, inStatement: Steps, edit: Edit): Fault {
  const { resource } = location;
  const isList = Array.isArray(at(resource.properties, [...steps, 'Statement']));
  const toStatement = [...steps, 'Statement', ...isList ? [index] : []];
  const change = (to: Steps, by: Edit): Fault['apply'] => (templates) => changed(templates, location, editing(to, by));
  return {
    kind: `${document}: ${kind}`,
    what: [`${resource.path} ${steps.join('.')} ${statement.Sid ?? `#${index + 1}`}`, what].filter(Boolean).join(': '),
    apply: change([...toStatement, ...inStatement], edit),
    statement: { without: change(toStatement, () => undefined), denied: change([...toStatement, 'Effect'], () => 'Deny') },
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
