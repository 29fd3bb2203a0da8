import type { ValidationIssue } from 'longshore/sdk';
import { configKeysOf } from './config-keys.ts';
import type { DataEntryInput } from './data-entries.ts';

/** What is wrong with keys that shall go, beside those that shall be set. */
export function checkRemove(remove: readonly string[], set: readonly DataEntryInput[]): readonly ValidationIssue[] {
  const isSet = new Set(set.map(({ key }) => key));
  const named = new Set<string>();
  return remove.flatMap((key, index) => {
    const issue = (code: string, message: string) => [{ path: ['remove', index], code, message }];
    const name = JSON.stringify(key.slice(0, 253));
    if (named.has(key)) return issue('duplicate_key', `The key ${name} is named twice`);
    named.add(key);
    return isSet.has(key) ? issue('set_and_removed', `The key ${name} cannot be set and removed at once`) : [];
  });
}

/** Keys to remove that are not there. */
export function checkMissing(remove: readonly string[], object: { readonly kind: string }): readonly ValidationIssue[] {
  const known = new Set(configKeysOf(object));
  return remove.flatMap((key, index) =>
    known.has(key)
      ? []
      : [
          {
            path: ['remove', index],
            code: 'unknown_key',
            message: `The ${object.kind} has no key ${JSON.stringify(key.slice(0, 253))}`,
          },
        ],
  );
}

/** What is left of an object without some of its keys, as far as `deletionChecks` look at it. */
export function withoutKeys<T extends object>(object: T, remove: readonly string[]): object {
  const gone = new Set(remove);
  return { data: Object.fromEntries(configKeysOf(object).flatMap((key) => (gone.has(key) ? [] : [[key, null]]))) };
}
