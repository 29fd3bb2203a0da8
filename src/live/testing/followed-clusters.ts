import type { FollowedCluster } from '../create-kind-hub.ts';
import type { FollowedClusters } from '../create-object-streams.ts';

/** Clusters that come and go by hand. */
export interface TestClusters extends FollowedClusters {
  add(cluster: FollowedCluster): void;
  remove(name: string): void;
}

export function followable(clusters: readonly FollowedCluster[]): TestClusters {
  const served = new Map<string, { readonly cluster: FollowedCluster; readonly gone: AbortController[] }>();
  const followers = new Set<(cluster: FollowedCluster, gone: AbortSignal) => void>();

  function tell(name: string, follower: (cluster: FollowedCluster, gone: AbortSignal) => void): AbortController {
    const entry = served.get(name);
    if (!entry) throw new Error(`no cluster '${name}'`);
    const gone = new AbortController();
    entry.gone.push(gone);
    follower(entry.cluster, gone.signal);
    return gone;
  }
  const test: TestClusters = {
    add(cluster) {
      served.set(cluster.name, { cluster, gone: [] });
      for (const follower of followers) tell(cluster.name, follower);
    },
    remove(name) {
      const gone = served.get(name)?.gone ?? [];
      served.delete(name);
      for (const each of gone) each.abort();
    },
    follow(join) {
      followers.add(join);
      const own = [...served.keys()].map((name) => tell(name, join));
      return () => {
        followers.delete(join);
        for (const each of own) each.abort();
      };
    },
  };
  for (const cluster of clusters) test.add(cluster);
  return test;
}
