import { parse, YAMLParseError } from 'yaml';
import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { jsonKindOf } from '../machinery/json-kind.ts';
import type { ApiRequest } from './api-context.ts';
import { jsonErrorWords } from './json-error-words.ts';
import { parseProtobufBody, protobufType } from './parse-protobuf-body.ts';
import { badRequest, type StatusError, unsupportedMediaType } from './status-error.ts';

const summaryLength = 30;
const accepted = ['application/json', 'application/yaml'];

/** The media type without its parameters, in small letters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The body as a JSON object; an absent body is undefined, and null an empty object. Throws `StatusError` 400 or 415. */
export function parseObjectBody(
  body: Buffer,
  contentType: string | undefined,
  kind = 'Object',
): JsonObject | undefined {
  if (body.length === 0) return undefined;
  const type = mediaTypeOf(contentType);
  if (type === protobufType) return parseProtobufBody(body);
  if (type !== '' && !accepted.includes(type)) throw unsupportedMediaType(accepted);
  const value = type === 'application/yaml' ? parseYaml(body, kind) : parseJson(body, kind);
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  throw unrecognized(kind, `${noHeader}: ${cannotRead(value, typeHeader)}`, body);
}

/** The body of a request that has to have one, meant to be of this kind. Throws `StatusError` 400 or 415. */
export function requireObjectBody({ body, headers }: Pick<ApiRequest, 'body' | 'headers'>, kind: string): JsonObject {
  const parsed = parseObjectBody(body, headers['content-type'], kind);
  if (parsed === undefined) throw unrecognized(kind, `${noHeader}: unexpected end of JSON input`, body);
  return parsed;
}

export const noHeader = "couldn't get version/kind; json parse error";
const typeHeader =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function parseJson(body: Buffer, kind: string): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const words = jsonErrorWords(error, text);
    throw unrecognized(kind, `${noHeader}: ${words}`, body);
  }
}

function parseYaml(body: Buffer, kind: string): unknown {
  try {
    return readYaml(body);
  } catch (error) {
    throw unrecognized(kind, yamlErrorWords(error), body);
  }
}

/** YAML, which includes JSON. The last of several equal keys counts; who must not have them is refused elsewhere. */
export function readYaml(body: Buffer): unknown {
  return parse(body.toString('utf8'), { strict: true, uniqueKeys: false });
}

/** `yaml: line 1: …` */
export function yamlErrorWords(error: unknown): string {
  const line = error instanceof YAMLParseError ? (error.linePos?.[0].line ?? 1) : 1;
  const words = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  return `yaml: line ${line}: ${words.replace(/ at line \d+, column \d+:?$/, '')}`;
}

/** 400 for a body of which the kind cannot be told; `why` may quote the body, the message shows its beginning. */
export function unrecognized(kind: string, why: string, body: Buffer): StatusError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summaryOf(body)})`);
}

/** `json: cannot unmarshal array into Go value of type …` */
export function cannotRead(value: unknown, goType: string): string {
  return `json: cannot unmarshal ${jsonKindOf(value)} into Go value of type ${goType}`;
}

function summaryOf(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const text = body[0] === 0x7b ? body.toString('utf8') : body.toString('hex');
  return text.length > summaryLength ? `${text.slice(0, summaryLength)} ...` : text;
}
