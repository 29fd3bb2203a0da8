import type { ConfigMapObject } from '../api.ts';

export interface ConfigMapKeyFacts {
  readonly key: string;
  /** Of the value as a container sees it: UTF-8 text, or what the base64 stands for. */
  readonly byteLength: number;
  readonly isBinary: boolean;
}

/** Text and binary keys in one list, by key. */
export function configMapKeys(object: ConfigMapObject): ConfigMapKeyFacts[] {
  const text = Object.entries(object.data ?? {}).map(([key, value]) => ({
    key,
    byteLength: Buffer.byteLength(value, 'utf8'),
    isBinary: false,
  }));
  const binary = Object.entries(object.binaryData ?? {}).map(([key, value]) => ({
    key,
    byteLength: Buffer.byteLength(value, 'base64'),
    isBinary: true,
  }));
  return [...text, ...binary].sort((a, b) => (a.key < b.key ? -1 : 1));
}
