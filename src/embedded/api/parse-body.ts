import { parse } from 'yaml';
import { isJsonObject, type JsonObject } from '../machinery/json.ts';
import { parseProtobufBody, protobufType } from './parse-protobuf-body.ts';
import { badRequest, unsupportedMediaType } from './status-error.ts';

const accepted = ['application/json', 'application/yaml'];

/** The media type without its parameters, in small letters. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** The body as a JSON object; an absent body is undefined. Throws `StatusError` 400 or 415. */
export function parseObjectBody(body: Buffer, contentType: string | undefined): JsonObject | undefined {
  if (body.length === 0) return undefined;
  const type = mediaTypeOf(contentType);
  if (type === protobufType) return parseProtobufBody(body);
  if (type !== '' && !accepted.includes(type)) throw unsupportedMediaType(accepted);
  const value = type === 'application/yaml' ? parseYaml(body) : parseJson(body);
  if (!isJsonObject(value)) throw badRequest('the body of the request must be an object');
  return value;
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw badRequest(
      `the object provided is unrecognized: couldn't get version/kind; json parse error: ${wordsOf(error)}`,
    );
  }
}

/** YAML, which includes JSON. */
export function parseYaml(body: Buffer): unknown {
  try {
    // The last of several equal keys counts; who must not have them is refused elsewhere.
    return parse(body.toString('utf8'), { strict: true, uniqueKeys: false });
  } catch (error) {
    throw badRequest(`error decoding YAML: ${wordsOf(error)}`);
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
