import { isJsonObject } from '../machinery/json.ts';
import { jsonKindOf } from '../machinery/json-kind.ts';
import { embeddedStructOf } from './embedded-structs.ts';
import { localNameOf, packageOf } from './type-names.ts';
import { type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** How the value came: as a document of its own, or as a merged object, which the real server decodes by other words. */
export type DecodeManner = 'json' | 'merged' | 'applied';

/** The name of a field, the key of a map, or an index. */
export type Step = string | number;

export interface WrongType {
  readonly type: TypeExpression;
  readonly value: unknown;
  readonly manner: DecodeManner;
  readonly place: readonly Step[];
  /** The structures on the way to the place. */
  readonly owners: readonly TypeInfo[];
}

const goNames: Readonly<Record<string, string>> = {
  boolean: 'bool',
  double: 'float64',
  number: 'float64',
  byte: '[]uint8',
  time: 'string',
  'micro-time': 'string',
};

/** What decodes itself to a number unless it is a text. */
export const numberOrText: TypeExpression = { kind: 'named', name: 'int32' };

/** The real server's sentence about a value that is not of the type. */
export function wordsOfWrongType({ type, value, manner, place, owners }: WrongType): string {
  const go = goTypeOf(type, place);
  if (manner === 'merged') return mergedWords(type, value, go);
  const what = typeof value === 'number' && /^u?int/.test(go) ? `number ${value}` : jsonKindOf(value);
  const isConverted = manner === 'applied' && typeof value === 'number' && go === 'int32' && type !== numberOrText;
  if (isConverted) return 'cannot convert float64 to int32';
  if (manner === 'applied') return `json: cannot unmarshal ${what} into Go value of type ${go}`;
  const owner = owners.at(-1);
  const field = `${owner === undefined ? '' : localNameOf(owner.name)}.${printFields(place, owners)}`;
  return `json: cannot unmarshal ${what} into Go struct field ${field} of type ${go}`;
}

function mergedWords(type: TypeExpression, value: unknown, go: string): string {
  const kind = mergedKindOf(value);
  if (type.kind === 'list') return `cannot restore slice from ${kind}`;
  if (type.kind === 'map') return `cannot restore map from ${kind}`;
  if (typeInfo(type.name) !== undefined) return `cannot restore struct from: ${kind}`;
  const isConvertible = (go === 'string' && kind === 'int64') || (/^int/.test(go) && kind === 'float64');
  return isConvertible ? `cannot convert ${kind} to ${go}` : `unrecognized type: ${go}`;
}

function mergedKindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (Array.isArray(value)) return 'slice';
  return isJsonObject(value) ? 'map' : jsonKindOf(value);
}

function goTypeOf(type: TypeExpression, place: readonly Step[]): string {
  if (type.kind === 'list') return `[]${goTypeOf(type.of, place)}`;
  if (type.kind === 'map') return `map[string]${goTypeOf(type.of, place)}`;
  if (typeInfo(type.name) !== undefined) return `${packageOf(type.name).version}.${localNameOf(type.name)}`;
  if (type.name === 'quantity') return 'resource.Quantity';
  if (type.name === 'int-or-string') return 'intstr.IntOrString';
  // The one kind of text in all metadata that has a name of its own.
  if (type.name === 'string' && place.at(-1) === 'uid') return 'types.UID';
  return goNames[type.name] ?? type.name;
}

export function wordsOfBase64(text: string): string {
  const wrong = text.search(/[^A-Za-z0-9+/=]/);
  return `illegal base64 data at input byte ${wrong < 0 ? Math.floor(text.length / 4) * 4 : wrong}`;
}

/** `spec.containers[0].name` */
export function printPlace(place: readonly Step[]): string {
  let text = '';
  for (const step of place) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** The same as type errors write it: fields of structures alone, and what embeds them. */
function printFields(place: readonly Step[], owners: readonly TypeInfo[]): string {
  const names: string[] = [];
  let depth = 0;
  for (const step of place) {
    const owner = owners[depth];
    // What is no field of the next structure is an index, or the key of a map.
    if (typeof step === 'number' || owner === undefined || !owner.fields.has(step)) continue;
    const struct = embeddedStructOf(owner.name, step);
    if (struct !== undefined) names.push(struct);
    names.push(step);
    depth += 1;
  }
  return names.join('.');
}
