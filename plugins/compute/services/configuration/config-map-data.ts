import { isUtf8 } from 'node:buffer';
import type { ConfigMapObject } from '../../api.ts';
import { configMapKeys } from '../config-map-entries.ts';
import type { DataEntry } from './data-entries.ts';

/** Both maps of a ConfigMap, or of a merge patch on one, where null takes a key away. */
export interface ConfigMapData {
  readonly data: Readonly<Record<string, string | null>>;
  readonly binaryData: Readonly<Record<string, string | null>>;
}

/** Where kubectl would put them: text under `data`, what is no UTF-8 under `binaryData`. */
export function dataOfEntries(entries: readonly DataEntry[]): ConfigMapData {
  const data: [string, string][] = [];
  const binaryData: [string, string][] = [];
  for (const { key, bytes } of entries) {
    if (isUtf8(bytes)) data.push([key, bytes.toString('utf8')]);
    else binaryData.push([key, bytes.toString('base64')]);
  }
  return { data: Object.fromEntries(data), binaryData: Object.fromEntries(binaryData) };
}

/** A merge patch (RFC 7386) that sets some keys and takes others away, wherever they stand now. */
export function patchOfEntries(set: readonly DataEntry[], remove: readonly string[]): ConfigMapData {
  const { data, binaryData } = dataOfEntries(set);
  const none = Object.fromEntries([...set.map(({ key }) => key), ...remove].map((key) => [key, null]));
  return { data: { ...none, ...data }, binaryData: { ...none, ...binaryData } };
}

/** Bytes of all values once some keys are set and others are gone. */
export function bytesAfter(object: ConfigMapObject, set: readonly DataEntry[], remove: readonly string[]): number {
  const changed = new Set([...set.map(({ key }) => key), ...remove]);
  const kept = configMapKeys(object).filter(({ key }) => !changed.has(key));
  return [...kept.map(({ byteLength }) => byteLength), ...set.map(({ bytes }) => bytes.byteLength)].reduce(
    (sum, bytes) => sum + bytes,
    0,
  );
}
