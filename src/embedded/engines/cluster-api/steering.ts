const prefix = 'embedded.longshore.dev/';

/** What annotations of a machine ask of its simulated host. */
export interface Steering {
  /** Why it is never provisioned; told as the end of all tries. */
  readonly failure: string | undefined;
  /** It is never provisioned, and nobody says why. */
  readonly hangs: boolean;
  /** How many machines of the group this is meant for, in the order in which they are first seen; all unless said. */
  readonly firstMachines: number | undefined;
  /** Simulated seconds until the host is there; those of its template unless said. */
  readonly provisionSeconds: number | undefined;
  /** Why it is never taken away. */
  readonly deletionFailure: string | undefined;
}

export function readSteering(annotations: Readonly<Record<string, string>> | undefined): Steering {
  const read = (name: string): string | undefined => annotations?.[`${prefix}${name}`] || undefined;
  const count = (name: string): number | undefined => {
    const value = read(name);
    return value !== undefined && /^\d{1,6}$/.test(value) ? Number(value) : undefined;
  };
  return {
    failure: read('fail-provisioning'),
    hangs: read('hang-provisioning') === 'true',
    firstMachines: count('first-machines'),
    provisionSeconds: count('provision-seconds'),
    deletionFailure: read('fail-deletion'),
  };
}

/** Remembers which machines of a group were among the first, however many have come and gone since. */
export interface FirstMachines {
  includes(group: string, uid: string, count: number): boolean;
}

export function createFirstMachines(): FirstMachines {
  const groups = new Map<string, Set<string>>();
  return {
    includes(group, uid, count) {
      const seen = groups.get(group) ?? new Set();
      groups.set(group, seen);
      if (seen.size < count) seen.add(uid);
      return seen.has(uid);
    },
  };
}
