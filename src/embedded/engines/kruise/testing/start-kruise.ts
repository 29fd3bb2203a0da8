import type { CoreEvent, Pod } from '../../../controllers/kubernetes-shapes.ts';
import { createManualClock, type ManualClock } from '../../../controllers/testing/manual-clock.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../start-embedded-cluster.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { kruiseEngine } from '../engine.ts';
import { type AdvancedStatefulSet, type CloneSet, group } from '../kinds.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests edit plain JSON
type Json = any;

/** A cluster with the engine, on a clock that the test moves; everything is in the namespace `default`. */
export interface KruiseCluster {
  readonly cluster: EmbeddedCluster;
  readonly clock: ManualClock;
  create(ofGroup: string, plural: string, object: object): ClusterObject;
  cloneSet(name?: string): CloneSet;
  statefulSet(name?: string): AdvancedStatefulSet;
  /** Reads, changes a copy, writes. */
  change(ofGroup: string, plural: string, name: string, edit: (draft: Json) => void): void;
  /** Pods that are not ending, by name. */
  pods(): Pod[];
  pod(name: string): Pod | undefined;
  list<T extends ClusterObject>(ofGroup: string, plural: string): T[];
  events(reason: string): CoreEvent[];
  stop(): Promise<void>;
}

export async function startKruise(options: { readonly nodes?: number } = {}): Promise<KruiseCluster> {
  const clock = createManualClock();
  const cluster = await startEmbeddedCluster({ clock, engines: [kruiseEngine], nodes: options.nodes ?? 1 });
  const { store } = cluster;
  const list = <T extends ClusterObject>(ofGroup: string, plural: string): T[] =>
    store.list(store.resource(ofGroup, plural), 'default') as T[];
  const find = (ofGroup: string, plural: string, name: string): ClusterObject | undefined =>
    store.get(store.resource(ofGroup, plural), 'default', name);
  const demand = (ofGroup: string, plural: string, name: string): ClusterObject => {
    const found = find(ofGroup, plural, name);
    if (found === undefined) throw new Error(`${plural} ${name} is not there`);
    return found;
  };
  clock.advance(10);
  return {
    cluster,
    clock,
    list,
    create: (ofGroup, plural, object) => store.create(store.resource(ofGroup, plural), object),
    cloneSet: (name = 'web') => demand(group, 'clonesets', name) as CloneSet,
    statefulSet: (name = 'db') => demand(group, 'statefulsets', name) as AdvancedStatefulSet,
    change(ofGroup, plural, name, edit) {
      const draft: Json = structuredClone(demand(ofGroup, plural, name));
      edit(draft);
      store.update(store.resource(ofGroup, plural), draft);
    },
    pods: () =>
      list<Pod>('', 'pods')
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1)),
    pod: (name) => find('', 'pods', name) as Pod | undefined,
    events: (reason) => list<CoreEvent>('', 'events').filter((event) => event.reason === reason),
    stop: () => cluster.stop(),
  };
}

/** A CloneSet named `web` with one container `main`. */
export function cloneSetOf(spec: Json = {}, image = 'registry.local/web:1'): object {
  return {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'main', image }] },
      },
      ...spec,
    },
  };
}

export function imagesOf(pods: readonly Pod[]): string[] {
  return pods.map(({ spec }) => spec.containers[0]?.image ?? '').sort();
}
