import type { ManifestMisfit, Profile } from 'longshore/sdk';

export type Path = readonly (string | number)[];

/** A manifest of a workload as rules look at it; its values may be anything that the cluster's schema lets through. */
export interface SeenWorkload {
  readonly object: unknown;
  /** The kind in profiles. */
  readonly word: KindWord;
  readonly kind: string;
  /** Where the spec of its pods lies. */
  readonly podSpec: Path;
  readonly profile: Profile;
}

export type KindWord = 'DEPLOYMENT' | 'STATEFUL_SET' | 'DAEMON_SET' | 'JOB' | 'CRON_JOB' | 'POD' | 'TAPP';

/** A rule of workloads, whichever way they come: by form or by YAML. Paths point into the object. */
export type WorkloadRule = (seen: SeenWorkload) => readonly ManifestMisfit[];

export interface SeenContainer {
  readonly container: unknown;
  readonly path: Path;
  readonly name: string;
  readonly isInit: boolean;
}

export function containersOf({ object, podSpec }: SeenWorkload): readonly SeenContainer[] {
  return ['initContainers', 'containers'].flatMap((field) => {
    const path = [...podSpec, field];
    return itemsAt(object, path).map((container, index) => ({
      container,
      path: [...path, index],
      name: String(valueAt(container, ['name']) ?? index),
      isInit: field === 'initContainers',
    }));
  });
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, step) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, step)
        ? (found as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
}

/** The items of a list; none where there is no list. */
export function itemsAt(value: unknown, path: Path): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}

/** Whether a field says anything. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
