import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { SecurityLevel } from './security-levels.ts';

/** A pod as the checks look at it. */
export interface CheckedPod {
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly spec: JsonObject;
  /** The pod's own securityContext. */
  readonly security: JsonObject;
  /** Init containers, containers and ephemeral containers, in this order. */
  readonly containers: readonly JsonObject[];
  /** It has nothing to say about what only Linux knows. Known as of 1.25. */
  readonly isWindows: boolean;
  /** Its users are not those of the host: root inside is nobody outside. Known as of 1.35. */
  readonly hasOwnUsers: boolean;
  /** The minor version of Kubernetes by whose rules it is judged; infinite for the newest. */
  readonly minor: number;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of the Pod Security Standards. */
export interface PodCheck {
  /** Checks run in the order of their ids, those of the weaker level first. */
  readonly id: string;
  /** The minor version that brought the rule; 0 unless said otherwise. */
  readonly since?: number;
  readonly level: Exclude<SecurityLevel, 'privileged'>;
  /** The rule of the weaker level that this one takes the place of. */
  readonly replaces?: string;
  check(pod: CheckedPod): Violation | undefined;
}

export function readPod(metadata: unknown, spec: JsonObject, minor: number): CheckedPod {
  return {
    annotations: asObject(asObject(metadata)?.annotations) ?? {},
    spec,
    security: asObject(spec.securityContext) ?? {},
    containers: [
      ...asObjectList(spec.initContainers),
      ...asObjectList(spec.containers),
      ...asObjectList(spec.ephemeralContainers),
    ],
    isWindows: minor >= 25 && asString(asObject(spec.os)?.name) === 'windows',
    hasOwnUsers: minor >= 35 && spec.hostUsers === false,
    minor,
  };
}

/** `container "a"`, or `containers "a", "b"`. */
export function quoted(names: readonly string[], noun = 'container'): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** Each value once, in order. */
export function quotedSet(values: readonly string[]): string {
  return [...new Set(values)]
    .sort()
    .map((value) => `"${value}"`)
    .join(', ');
}

/** Who set something: the pod, containers, or both; empty for nobody. */
export function setters(isPod: boolean, containers: readonly string[]): string {
  return [...(isPod ? ['pod'] : []), ...(containers.length === 0 ? [] : [quoted(containers)])].join(' and ');
}
