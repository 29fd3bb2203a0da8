import type { V1ConfigMap, V1Pod } from '@kubernetes/client-node';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock, type ManualClock } from '../../kernel/manual-clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { createClusters } from '../create-clusters.ts';
import type { DeclaredKind } from '../declared-kind.ts';
import { kindRef } from '../kind-ref.ts';
import type { AfterWrite, KubeCluster, KubeClusters } from '../kube-cluster.ts';
import type { KubeMetrics } from '../kube-metrics.ts';
import { noMetrics } from '../kube-metrics.ts';
import type { FakeApi } from './start-fake-api.ts';

export const podKind = kindRef<V1Pod>({ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true });
export const configMapKind = kindRef<V1ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  isNamespaced: true,
});

export const admin: Principal = {
  id: 'dev:alice',
  name: 'alice',
  kind: 'USER',
  groups: ['team-shop'],
  roles: ['ADMIN'],
  namespaces: [],
  expiresAt: undefined,
};

export interface TestCluster extends AsyncDisposable {
  readonly clusters: KubeClusters;
  readonly cluster: KubeCluster;
  readonly clock: ManualClock;
  /** Requests that are under way. */
  readonly pending: number;
}

/** One cluster over a fake API, by a clock that the test moves. */
export function connect(
  api: FakeApi,
  options: {
    readonly kinds?: readonly DeclaredKind[];
    readonly settings?: Partial<ClusterSettings>;
    readonly metrics?: Partial<KubeMetrics>;
    readonly random?: () => number;
    readonly user?: object;
    readonly beforeWrite?: () => void;
    readonly afterWrite?: AfterWrite;
  } = {},
): TestCluster {
  const clock = createManualClock(Date.now());
  let pending = 0;
  const clusters = createClusters({
    clusters: [{ name: 'fake', source: { kubeconfigText: api.kubeconfig('fake', options.user) }, ...options.settings }],
    kinds: options.kinds ?? [{ kind: podKind }],
    clock,
    logger: silentLogger,
    metrics: { ...noMetrics, ...options.metrics, pending: (_cluster, count) => (pending = count) },
    random: options.random ?? (() => 0),
    ...(options.beforeWrite ? { beforeWrite: options.beforeWrite } : {}),
    ...(options.afterWrite ? { afterWrite: options.afterWrite } : {}),
  });
  const [cluster] = clusters.all;
  if (cluster === undefined) throw new Error('there is no cluster');
  return {
    clusters,
    cluster,
    clock,
    get pending() {
      return pending;
    },
    [Symbol.asyncDispose]: () => clusters.stop(),
  };
}

/**
 * Moves the clock in steps until a condition holds. Between the steps sockets get the real time they need, so that
 * requests that are answered take no time by the clock, and only those that are not run into their deadlines.
 */
export async function advanceUntil(
  test: TestCluster,
  condition: () => boolean,
  stepMs = 250,
  limitMs = 600_000,
): Promise<void> {
  for (let elapsedMs = 0; elapsedMs <= limitMs; elapsedMs += stepMs) {
    for (let turn = 0; turn < 3 || (test.pending > 0 && turn < 30); turn += 1) {
      if (condition()) return;
      await new Promise((resolve) => (turn < 3 ? setImmediate(resolve) : setTimeout(resolve, 1)));
    }
    test.clock.advance(stepMs);
  }
  throw new Error(`the condition did not hold within ${limitMs} ms of the clock`);
}

export function pod(name: string, namespace = 'shop', more: Record<string, unknown> = {}): Record<string, unknown> {
  const { labels, ...rest } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) },
    spec: {},
    ...rest,
  };
}
