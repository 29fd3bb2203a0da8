import type { SecretObject } from 'longshore/plugins/core';
import type { ValidationIssue } from 'longshore/sdk';
import { type DataEntry, type DataEntryInput, readEntries } from './data-entries.ts';
import { dockerConfigKey } from './registry-credentials.ts';
import { readContent, type SecretContentInput } from './secret-content.ts';

/** What shall be changed of a Secret: single keys, or the content of its type as a whole. */
export interface SecretChange extends SecretContentInput {
  readonly set?: readonly DataEntryInput[] | null | undefined;
  readonly remove?: readonly string[] | null | undefined;
}

/** Keys that a type has by definition: set by its own form, which checks them, and never removed. */
const ownKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': [dockerConfigKey],
};

const contentFields = ['registryCredentials', 'dockerConfigJson', 'tls'] as const;

/** What does not fit the type of the Secret. */
export function checkFit(change: SecretChange, { type = 'Opaque' }: SecretObject): readonly ValidationIssue[] {
  const own = ownKeys[type] ?? [];
  const reserved = (path: (string | number)[], key: string) =>
    own.includes(key)
      ? [
          {
            path,
            code: 'reserved_key',
            message: `A Secret of type ${type} gets its key ${JSON.stringify(key)} by its own form`,
          },
        ]
      : [];
  const given = contentFields.filter((field) => change[field] !== null && change[field] !== undefined);
  const tooMany = given
    .slice(1)
    .map((field) => ({ path: [field], code: 'too_many', message: 'Give the content once, in one way' }));
  const wrong = given.flatMap((field) => {
    if (readContent({ [field]: change[field] }).rawType === type) return [];
    return [
      {
        path: [field],
        code: 'wrong_type',
        message: `A Secret of type ${type} has no ${field}: its type never changes`,
      },
    ];
  });
  return [
    ...tooMany,
    ...wrong,
    ...(change.set ?? []).flatMap(({ key }, index) => reserved(['set', index, 'key'], key)),
    ...(change.remove ?? []).flatMap((key, index) => reserved(['remove', index], key)),
  ];
}

/** All keys that get a value. */
export function entriesOfChange(change: SecretChange): readonly DataEntry[] {
  const hasContent = contentFields.some((field) => change[field] !== null && change[field] !== undefined);
  return [...readEntries(change.set ?? []), ...(hasContent ? readContent({ ...change, opaque: null }).entries : [])];
}

/** Bytes of all values after the change. */
export function secretBytesAfter(object: SecretObject, set: readonly DataEntry[], remove: readonly string[]): number {
  const changed = new Set([...set.map(({ key }) => key), ...remove]);
  const kept = Object.entries(object.data ?? {}).filter(([key]) => !changed.has(key));
  const sizes = [...kept.map(([, { bytes }]) => bytes), ...set.map(({ bytes }) => bytes.byteLength)];
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/**
 * The object with a mark on what was given another value: of a Secret only lengths are known, and another value may be as long as the one
 * before.
 */
export function markReplaced<T extends SecretObject>(
  after: T,
  before: SecretObject,
  set: readonly DataEntry[],
): object {
  const replaced = new Set(set.flatMap(({ key }) => (Object.hasOwn(before.data ?? {}, key) ? [key] : [])));
  const data = Object.entries(after.data ?? {}).map(([key, sealed]) => [
    key,
    replaced.has(key) ? { ...sealed, isReplaced: true } : sealed,
  ]);
  return { ...after, data: Object.fromEntries(data) };
}
