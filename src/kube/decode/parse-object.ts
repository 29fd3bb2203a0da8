import { randomUUID } from 'node:crypto';
import { endOfValue } from './end-of-value.ts';

const managedFields = Buffer.from('"managedFields":[');
const marker = randomUUID();

/**
 * Parses the JSON of one object, or of a frame that has one as its member `object`, without the managed fields of its
 * metadata: nobody reads them, and they are a quarter of a pod. They are passed over by their brackets and not parsed.
 * Throws a `SyntaxError` where it is no JSON.
 */
export function parseObject(bytes: Buffer, member?: 'object'): unknown {
  const at = bytes.indexOf(managedFields);
  const from = at + managedFields.length - 1;
  const to = at < 0 ? -1 : endOfValue(bytes, from);
  if (to < 0) return JSON.parse(bytes.toString());
  const parsed: unknown = JSON.parse(`${bytes.toString('utf8', 0, from)}"${marker}"${bytes.toString('utf8', to)}`);
  // A member of that name somewhere else, e.g. in a template, is the object's own and stays.
  const metadata = memberOf(member === undefined ? parsed : memberOf(parsed, member), 'metadata');
  if (metadata?.managedFields !== marker) return JSON.parse(bytes.toString());
  metadata.managedFields = undefined;
  return parsed;
}

function memberOf(parsed: unknown, name: string): { managedFields?: unknown } | undefined {
  if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, name)) return undefined;
  const value: unknown = Reflect.get(parsed, name);
  return typeof value === 'object' && value !== null ? value : undefined;
}
