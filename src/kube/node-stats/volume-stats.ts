/** How full the volume behind a claim is, as the kubelet of a node that has it mounted measured it. What a driver does not tell is undefined. */
export interface VolumeStats {
  readonly namespace: string;
  /** Name of the PersistentVolumeClaim. */
  readonly claim: string;
  readonly usedBytes: number | undefined;
  readonly capacityBytes: number | undefined;
  /** What is left for users who are not root. */
  readonly availableBytes: number | undefined;
  readonly inodes: number | undefined;
  readonly inodesUsed: number | undefined;
  /** RFC 3339; undefined where it is not said. */
  readonly measuredAt: string | undefined;
}

/** The volumes behind claims in a kubelet's summary (stats/v1alpha1 Summary), whatever else is in it. Pure. */
export function readVolumeStats(summary: unknown): readonly VolumeStats[] {
  return listIn(summary, 'pods').flatMap((pod) =>
    listIn(pod, 'volume').flatMap((volume): VolumeStats[] => {
      const ref = valueIn(volume, 'pvcRef');
      const [namespace, claim] = [valueIn(ref, 'namespace'), valueIn(ref, 'name')];
      if (typeof namespace !== 'string' || typeof claim !== 'string') return [];
      const time = valueIn(volume, 'time');
      return [
        {
          namespace,
          claim,
          usedBytes: countIn(volume, 'usedBytes'),
          capacityBytes: countIn(volume, 'capacityBytes'),
          availableBytes: countIn(volume, 'availableBytes'),
          inodes: countIn(volume, 'inodes'),
          inodesUsed: countIn(volume, 'inodesUsed'),
          measuredAt: typeof time === 'string' && !Number.isNaN(Date.parse(time)) ? time : undefined,
        },
      ];
    }),
  );
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const found = valueIn(value, key);
  return Array.isArray(found) ? found : [];
}

/** Of network file systems without limits some drivers tell more than a number can hold exactly: that says nothing. */
function countIn(value: unknown, key: string): number | undefined {
  const found = valueIn(value, key);
  return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
}
