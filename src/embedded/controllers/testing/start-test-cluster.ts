import { builtInResources } from '../../registry/built-in-resources.ts';
import { createClusterStore } from '../../store/create-cluster-store.ts';
import type { ClusterObject, ClusterStore, DeleteOptions, LogSource } from '../../store/types.ts';
import type { ClusterContext } from '../cluster-context.ts';
import type { CoreEvent, Deployment, Pod } from '../kubernetes-shapes.ts';
import { startControllers } from '../start-controllers.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

/** A whole cluster on a clock that the test moves. */
export interface TestCluster {
  readonly store: ClusterStore;
  readonly clock: ManualClock;
  readonly logs: LogSource;
  /** What controllers share, engines among them. */
  readonly context: ClusterContext;
  /** What controllers complained of; a healthy test leaves it empty. */
  readonly complaints: readonly string[];
  create(group: string, plural: string, object: object): ClusterObject;
  get<T extends ClusterObject>(group: string, plural: string, name: string, namespace?: string): T;
  find<T extends ClusterObject>(group: string, plural: string, name: string, namespace?: string): T | undefined;
  list<T extends ClusterObject>(group: string, plural: string, namespace?: string): T[];
  /** Reads, changes a copy, writes. */
  change(group: string, plural: string, name: string, edit: (draft: Draft) => void): void;
  remove(group: string, plural: string, name: string, options?: DeleteOptions): void;
  pods(): Pod[];
  events(reason?: string): CoreEvent[];
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests edit plain JSON
type Draft = any;

export interface TestClusterOptions {
  readonly nodes?: number;
  readonly speed?: number;
}

/** Starts the controllers on the real store; the namespace of all helpers is `default` unless said otherwise. */
export function startTestCluster(options: TestClusterOptions = {}): TestCluster {
  const clock = createManualClock();
  const complaints: string[] = [];
  const complain = (details: object, message: string): void => {
    const { err, ...rest } = details as { err?: unknown };
    complaints.push(`${message} ${JSON.stringify(rest)} ${err instanceof Error ? (err.stack ?? err.message) : ''}`);
  };
  const { store } = createClusterStore({
    clock,
    hasControllers: true,
    resources: builtInResources,
    onListenerError: (error) => complain({ err: error }, 'listener'),
  });
  const controllers = startControllers({
    store,
    clock,
    nodes: options.nodes ?? 3,
    speed: options.speed ?? 1,
    logger: { info: () => undefined, warn: complain, error: complain },
    random: createChance(),
  });
  clock.advance(0);

  const cluster: TestCluster = {
    store,
    clock,
    logs: controllers.logs,
    context: controllers.context,
    complaints,
    create(group, plural, object) {
      const { metadata, ...rest } = object as { metadata: object };
      const resource = store.resource(group, plural);
      return store.create(resource, { ...rest, metadata: { namespace: 'default', ...metadata } });
    },
    get(group, plural, name, namespace = 'default') {
      const object = cluster.find(group, plural, name, namespace);
      if (object === undefined) throw new Error(`${plural} ${namespace}/${name} is not there`);
      return object as never;
    },
    find: (group, plural, name, namespace = 'default') =>
      store.get(store.resource(group, plural), namespace, name) as never,
    list: (group, plural, namespace) => store.list(store.resource(group, plural), namespace) as never,
    change(group, plural, name, edit) {
      const draft = structuredClone(cluster.get(group, plural, name));
      edit(draft);
      store.update(store.resource(group, plural), draft);
    },
    remove(group, plural, name, deletion) {
      store.delete(store.resource(group, plural), 'default', name, deletion);
    },
    pods: () => cluster.list<Pod>('', 'pods', 'default'),
    events: (reason) =>
      cluster
        .list<CoreEvent>('', 'events', 'default')
        .filter((event) => reason === undefined || event.reason === reason),
    stop: () => controllers.stop(),
  };
  return cluster;
}

/** A Deployment of one container, with whatever the test wants different. */
export function testDeployment(name: string, replicas: number, template: object = {}, spec: object = {}): object {
  return {
    metadata: { name, labels: { app: name } },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: testTemplate(name, template), ...spec },
  };
}

/** A pod template with the label `app`; `podSpec` and `annotations` of `changes` are merged in. */
export function testTemplate(
  name: string,
  changes: { podSpec?: object; annotations?: object; container?: object } = {},
): object {
  return {
    metadata: {
      labels: { app: name },
      ...(changes.annotations === undefined ? {} : { annotations: changes.annotations }),
    },
    spec: {
      containers: [{ name: 'main', image: `registry.local/${name}:v1`, ...changes.container }],
      ...changes.podSpec,
    },
  };
}

/** Whether the Deployment's rollout is over, as `kubectl rollout status` sees it. */
export function isRolledOut({ metadata, spec, status }: Deployment): boolean {
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === status?.updatedReplicas &&
    status?.availableReplicas === status?.updatedReplicas
  );
}

/** The same run of luck every time. */
function createChance(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
