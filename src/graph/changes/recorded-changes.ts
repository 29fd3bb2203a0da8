import type { RecordedChange, RecordedChanges } from '../../audit/operation-records.ts';
import { diffFields, type FieldChange, maxChanges } from './diff-fields.ts';

/** One thing before and after a write; undefined sides mean absent. */
export interface ChangedThing {
  readonly before: unknown;
  readonly after: unknown;
  /** Its global id, where it is not the operation's target. */
  readonly object?: string | undefined;
}

/**
 * What an operation record keeps of changes: the same as the answer tells, with whatever may be a secret masked by its length.
 * Records are kept for long and read by many, so names decide generously (P23): the value of a variable named `DB_PASSWORD`, a key
 * `token` of a ConfigMap, what an annotation repeats of a whole manifest.
 */
export function recordedChanges(things: readonly ChangedThing[]): RecordedChanges {
  const list: RecordedChange[] = [];
  let isCut = false;
  for (const { before, after, object } of things) {
    const changes = diffFields(before, after);
    isCut ||= changes.length >= maxChanges || list.length >= maxChanges;
    for (const change of changes.slice(0, maxChanges - list.length)) {
      list.push({ ...mask(change, before, after), ...(object === undefined ? {} : { object }) });
    }
  }
  return { list, isCut };
}

const secretName =
  /pass(word|wd|phrase)?$|pass(word|wd|phrase)|secret|token|credential|kubeconfig|(api|access|private|signing|encryption|auth)[-_.]?key|dsn$|connection[-_.]?string|htpasswd|dockercfg|dockerconfig/i;
/** Names that only point to a secret, or say how it is used. */
const pointerName =
  /^imagePullSecrets$|(secret|token|credential|password)[-_.]?(key[-_.]?)?(name|ref|refs|names|id|class|path|file|policy|type|expirationSeconds|namespace|reviews?)$/i;
const wholeManifest = /^(kubectl\.kubernetes\.io|.*\/)?last-applied-configuration$/;
/** What has a user and password in it, wherever it stands: `postgres://shop:hunter2@db/shop`. */
const credentialsInUrl = /[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i;

function mask(change: FieldChange, before: unknown, after: unknown): FieldChange {
  const keys = keysOf(change.path);
  const holder = change.operation === 'REMOVE' ? before : after;
  const isSecret = isSecretPlace(keys, holder);
  return { ...change, before: masked(change.before, isSecret), after: masked(change.after, isSecret) };
}

/** Whether what stands there may be a secret by its own name, or as the value of a variable by that one's. */
function isSecretPlace(keys: readonly string[], holder: unknown): boolean {
  const last = keys.at(-1) ?? '';
  if (last === 'value') {
    const entry = valueAt(holder, keys.slice(0, -1));
    if (isObject(entry) && typeof entry.name === 'string' && isSecretName(entry.name)) return true;
  }
  // The name of a Secret is none.
  return last !== 'name' && !pointerName.test(last) && keys.some(isSecretName);
}

const isSecretName = (name: string): boolean =>
  wholeManifest.test(name) || (secretName.test(name) && !pointerName.test(name));

/** Everything in it, where its place is secret; else what its own names say is secret. */
function masked(value: unknown, isSecret: boolean): unknown {
  if (typeof value === 'string') {
    return isSecret || credentialsInUrl.test(value) ? maskText(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => masked(item, isSecret));
  if (!isObject(value)) return value;
  const isNamed = typeof value.name === 'string' && isSecretName(value.name);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      masked(item, (isSecret && !pointerName.test(key)) || isSecretName(key) || (isNamed && key === 'value')),
    ]),
  );
}

const maskText = (text: string): string => `******** (${Buffer.byteLength(text)} bytes)`;

const keysOf = (path: string): readonly string[] =>
  path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

function valueAt(holder: unknown, keys: readonly string[]): unknown {
  let value = holder;
  for (const key of keys) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
