import type { Cluster, Clusters } from './cluster.ts';

/** Everybody who keeps something for each cluster there is; see `Clusters.follow`. */
export interface ClusterFollowers {
  readonly follow: Clusters['follow'];
  join(cluster: Cluster): void;
  leave(name: string): void;
}

/** `all` tells which clusters there are at the moment when somebody begins to follow; `safely` keeps one's failure from the others. */
export function createClusterFollowers(
  all: () => readonly Cluster[],
  safely: (cluster: Cluster, call: () => void) => void,
): ClusterFollowers {
  const followers = new Set<{
    readonly join: (cluster: Cluster, gone: AbortSignal) => void;
    readonly gone: Map<string, { readonly cluster: Cluster; readonly controller: AbortController }>;
  }>();
  type Follower = typeof followers extends Set<infer One> ? One : never;

  function join({ gone, join: tell }: Follower, cluster: Cluster): void {
    const controller = new AbortController();
    gone.set(cluster.name, { cluster, controller });
    safely(cluster, () => tell(cluster, controller.signal));
  }

  function leave({ gone }: Follower, name: string): void {
    const followed = gone.get(name);
    gone.delete(name);
    if (followed) safely(followed.cluster, () => followed.controller.abort());
  }

  return {
    follow(tell) {
      const follower: Follower = { join: tell, gone: new Map() };
      followers.add(follower);
      for (const cluster of all()) join(follower, cluster);
      return () => {
        followers.delete(follower);
        for (const name of [...follower.gone.keys()]) leave(follower, name);
      };
    },
    join: (cluster) => {
      for (const follower of [...followers]) join(follower, cluster);
    },
    leave: (name) => {
      for (const follower of [...followers]) leave(follower, name);
    },
  };
}
