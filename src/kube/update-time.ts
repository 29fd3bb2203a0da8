import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';

/** The newest time of an object's managed fields, UTC milliseconds. No field of the object, and not in its JSON. */
const updateTime: unique symbol = Symbol('updateTime');

/** Kinds whose consoles show when they were last written (CMP-95). Elsewhere status is written all the time, and managed fields are not even parsed. */
export function tellsUpdateTime({ group, kind }: Pick<KindRef, 'group' | 'kind'>): boolean {
  return group === '' && (kind === 'ConfigMap' || kind === 'Secret');
}

/** Keeps the newest time of managed fields, which leave at intake; nothing where there is none. */
export function keepUpdateTime(object: object, managedFields: unknown): void {
  if (!Array.isArray(managedFields)) return;
  let value = Number.NEGATIVE_INFINITY;
  for (const entry of managedFields as readonly { readonly time?: unknown }[]) {
    const time = typeof entry?.time === 'string' ? Date.parse(entry.time) : Number.NaN;
    if (time > value) value = time;
  }
  if (value !== Number.NEGATIVE_INFINITY) Object.defineProperty(object, updateTime, { value, enumerable: false });
}

/** When an object was last written as far as its cluster tells, UTC milliseconds. Undefined for kinds that are not `tellsUpdateTime`. */
export function updateTimeOf(object: Pick<KubeObject, 'metadata'>): number | undefined {
  return (object as { readonly [updateTime]?: number })[updateTime];
}
