import { parseObject } from '../decode/parse-object.ts';
import { takeIn } from '../intake.ts';
import type { KubeObject, Origin } from '../kube-object.ts';
import { tellsUpdateTime } from '../update-time.ts';

/** One line of a watch. */
export interface WatchFrame {
  readonly type: string;
  readonly object: object;
}

/** Undefined for what is no frame. */
export function parseFrame(bytes: Buffer, from: Origin): WatchFrame | undefined {
  try {
    const frame: unknown = tellsUpdateTime(from) ? JSON.parse(bytes.toString()) : parseObject(bytes, 'object');
    if (typeof frame !== 'object' || frame === null || !('type' in frame) || !('object' in frame)) return undefined;
    const { type, object } = frame;
    return typeof type === 'string' && typeof object === 'object' && object !== null ? { type, object } : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no object of Kubernetes. */
export function takeInOrUndefined(object: object, from: Origin): KubeObject<unknown> | undefined {
  try {
    return takeIn(object, from);
  } catch {
    return undefined;
  }
}

/** What a bookmark says; empty where it says nothing. */
export function versionOf(object: object): string {
  const metadata = 'metadata' in object ? object.metadata : undefined;
  const hasVersion = typeof metadata === 'object' && metadata !== null && 'resourceVersion' in metadata;
  return hasVersion && typeof metadata.resourceVersion === 'string' ? metadata.resourceVersion : '';
}
