import { expect } from 'vitest';
import { serviceLabel } from '../engines/engine.ts';
import type { ManyReleased, ManyServices } from './release-many.ts';

/** All pods of all services are there, each service came behind those that it needs, and a cluster was asked no more than that takes. */
export function expectOrderly({ gateway, releases, requests }: ManyReleased, many: ManyServices): void {
  expect(releases).toHaveLength(many.services);
  const byId = new Map(releases.map((release) => [release.id, release]));
  let deepest = 1;
  const depths = new Map<string, number>();
  for (const { id, serviceName, state, dependsOn, startedAt, progress, groups } of releases) {
    expect({ serviceName, state, ...progress }).toEqual({
      ...{ serviceName, state: 'SUCCEEDED', updatedPods: many.pods, totalPods: many.pods },
    });
    expect(groups.map((group) => group.state)).toEqual(groups.map(() => 'SUCCEEDED'));
    // Those of a level stand behind those of the levels above.
    const depth = 1 + Math.max(0, ...dependsOn.map((needed) => depths.get(needed) ?? Number.NaN));
    depths.set(id, depth);
    deepest = Math.max(deepest, depth);
    for (const needed of dependsOn) {
      const finishedAt = byId.get(needed)?.finishedAt ?? '';
      expect(
        finishedAt <= startedAt,
        `${serviceName} began at ${startedAt}, what it needs ended at ${finishedAt}`,
      ).toBe(true);
    }
  }
  expect(deepest).toBe(many.levels);
  const { store } = gateway.cluster;
  const pods = store
    .list(store.resource('', 'pods'), 'many')
    .filter(({ metadata }) => metadata.labels?.[serviceLabel] !== undefined && !metadata.deletionTimestamp);
  expect(pods).toHaveLength(many.services * many.pods);
  // A workload is made with its first group, and grows with each of the others; behind each it is asked for past all caches.
  const grouped = releases.reduce((sum, { groups }) => sum + groups.length, 0);
  expect(requests).toBe(2 * grouped);
}
