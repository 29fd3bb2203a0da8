import { type KindRef, subjectOf } from 'longshore/sdk';
import type { AskedClaim } from './judge-claim.ts';

/** What a manifest of a workload asks for of storage; read defensively, since a text may say anything. */
export interface WorkloadStorage {
  readonly podSpec: readonly string[];
  /** Claims that its pods mount by name. */
  readonly mounted: readonly { readonly claim: string; readonly path: Path }[];
  /** Claims that it makes for its pods, each with where its spec stands. */
  readonly templates: readonly {
    readonly name: unknown;
    readonly spec: AskedClaim;
    readonly path: Path;
    readonly isEphemeral: boolean;
  }[];
  /** Whether its pods say themselves where they run. */
  readonly isPlaced: boolean;
  readonly serviceName: unknown;
}
type Path = readonly (string | number)[];

const template = ['spec', 'template', 'spec'];
const podSpecs: Readonly<Record<string, readonly string[]>> = {
  'core/Pod': ['spec'],
  'apps/Deployment': template,
  'apps/StatefulSet': template,
  'apps/DaemonSet': template,
  'apps/ReplicaSet': template,
  'batch/Job': template,
  'batch/CronJob': ['spec', 'jobTemplate', ...template],
  'apps.kruise.io/CloneSet': template,
  'apps.kruise.io/StatefulSet': template,
};

/** Kinds whose manifests may ask for storage. */
export const storageUserSubjects: readonly string[] = Object.keys(podSpecs);

export function storageOf(kind: KindRef, object: unknown): WorkloadStorage {
  const podSpec = podSpecs[subjectOf(kind)] ?? template;
  const volumes = itemsAt(object, [...podSpec, 'volumes']);
  const claims = ['spec', 'volumeClaimTemplates'];
  const ephemeral = volumes.flatMap((volume, index) => {
    const spec = valueAt(volume, ['ephemeral', 'volumeClaimTemplate', 'spec']);
    const path = [...podSpec, 'volumes', index];
    return spec === undefined
      ? []
      : [{ name: valueAt(volume, ['name']), spec: spec as AskedClaim, path, isEphemeral: true }];
  });
  const own = itemsAt(object, claims).map((made, index) => ({
    name: valueAt(made, ['metadata', 'name']),
    spec: asObject(valueAt(made, ['spec'])),
    path: [...claims, index],
    isEphemeral: false,
  }));
  return {
    podSpec,
    mounted: volumes.flatMap((volume, index) => {
      const claim = valueAt(volume, ['persistentVolumeClaim', 'claimName']);
      return typeof claim === 'string' ? [{ claim, path: [...podSpec, 'volumes', index] }] : [];
    }),
    templates: [...own, ...ephemeral],
    isPlaced: isPlaced(valueAt(object, podSpec)),
    serviceName: valueAt(object, ['spec', 'serviceName']),
  };
}

/** By a zone, or by one node: both are in one zone. */
function isPlaced(podSpec: unknown): boolean {
  const isPlace = (key: unknown) =>
    typeof key === 'string' && (key.endsWith('/zone') || key === 'kubernetes.io/hostname' || key === 'metadata.name');
  if (valueAt(podSpec, ['nodeName']) !== undefined) return true;
  if (Object.keys(asObject(valueAt(podSpec, ['nodeSelector']))).some(isPlace)) return true;
  const required = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'];
  return itemsAt(podSpec, required).some((term) =>
    [...itemsAt(term, ['matchExpressions']), ...itemsAt(term, ['matchFields'])].some((rule) =>
      isPlace(valueAt(rule, ['key'])),
    ),
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[step] : undefined),
    value,
  );
}

function itemsAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> & AskedClaim =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
