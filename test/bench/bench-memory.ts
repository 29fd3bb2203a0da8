import type { Bench, BenchRow } from './bench-row.ts';
import { readLargeCluster } from './read-large-cluster.ts';

/** What a pod of a large cluster holds in the gateway, indexes included, against the bytes of its JSON. */
export const benchMemory: Bench = {
  name: 'memory',
  async run() {
    const { pods, jsonBytes, plainBytes, heldBytes, heldAfterRelistBytes, heldAfterBurstBytes } =
      await readLargeCluster();
    const row = (name: string, bytes: number): BenchRow => ({
      name: `memory: a pod ${name}`,
      value: bytes / pods,
      unit: 'bytes',
      yardstick: `its JSON, managed fields included (${(jsonBytes / pods).toFixed(0)} bytes)`,
      ratio: bytes / jsonBytes,
    });
    return [
      row('that is only parsed', plainBytes),
      row('in the cache', heldBytes),
      row('in the cache, all changed by a relist', heldAfterRelistBytes),
      row('in the cache, a quarter changed by events', heldAfterBurstBytes),
    ];
  },
};
