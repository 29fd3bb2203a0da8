/** A claim that the pods of an object mount, and where it says so. */
export interface MountedClaim {
  readonly name: string;
  readonly path: readonly (string | number)[];
}

/** Claims that a pod, or the template of a workload, names. The object is whatever a text lets through. Pure. */
export function mountedClaims(object: unknown): readonly MountedClaim[] {
  const found = places.flatMap((place) => {
    const volumes = valueAt(object, [...place, 'volumes']);
    if (!Array.isArray(volumes)) return [];
    return volumes.flatMap((volume: unknown, index) => {
      const name = valueAt(volume, ['persistentVolumeClaim', 'claimName']);
      const path = [...place, 'volumes', index, 'persistentVolumeClaim', 'claimName'];
      return typeof name === 'string' && name !== '' ? [{ name, path }] : [];
    });
  });
  return found.filter(({ name }, index) => found.findIndex((each) => each.name === name) === index);
}

/** Where specs of pods stand: in a pod, in what makes pods, in what makes Jobs. */
const places = [['spec'], ['spec', 'template', 'spec'], ['spec', 'jobTemplate', 'spec', 'template', 'spec']] as const;

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return at;
}
