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
  readonly isWindows: boolean;
  /** Its users are not those of the host: root inside is nobody outside. */
  readonly hasOwnUsers: boolean;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

/** One rule of the Pod Security Standards, as of their newest version. */
export interface PodCheck {
  readonly id: string;
  readonly level: Exclude<SecurityLevel, 'privileged'>;
  /** The rule of the weaker level that this one takes the place of. */
  readonly replaces?: string;
  check(pod: CheckedPod): Violation | undefined;
}

export function readPod(metadata: unknown, spec: JsonObject): CheckedPod {
  return {
    annotations: asObject(asObject(metadata)?.annotations) ?? {},
    spec,
    security: asObject(spec.securityContext) ?? {},
    containers: [
      ...asObjectList(spec.initContainers),
      ...asObjectList(spec.containers),
      ...asObjectList(spec.ephemeralContainers),
    ],
    isWindows: asString(asObject(spec.os)?.name) === 'windows',
    hasOwnUsers: spec.hostUsers === false,
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
