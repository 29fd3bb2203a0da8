import type { KubeMetrics } from '../../kube/kube-metrics.ts';
import type { Metrics } from './create-metrics.ts';

/** What the clusters' room reports, as Prometheus metrics. */
export function kubeMetrics(metrics: Metrics): KubeMetrics {
  const states = new Map<string, { cluster: string; kind: string; state: string }>();
  const watches = metrics.gaugeOf('longshore_watch_state', 'State of each watch: 1 for the state it is in.', [
    'cluster',
    'kind',
    'state',
  ]);
  const requests = metrics.histogram('longshore_cluster_request_duration_seconds', 'Requests to clusters.', [
    'cluster',
    'verb',
    'outcome',
  ]);
  const relists = metrics.counter('longshore_relists_total', 'Lists read for the cache.', ['cluster', 'kind']);
  const oddFrames = metrics.counter('longshore_watch_odd_frames_total', 'Frames of a watch that were not usable.', [
    'cluster',
    'kind',
    'oddity',
  ]);
  const pending = metrics.gaugeOf('longshore_cluster_requests_pending', 'Requests to a cluster under way or waiting.', [
    'cluster',
  ]);
  return {
    watchState(cluster, kind, state) {
      const key = `${cluster}\u0000${kind}`;
      const before = states.get(key);
      if (before) watches.remove(before);
      const now = { cluster, kind, state: String(state) };
      states.set(key, now);
      watches.set(now, 1);
    },
    request: (cluster, verb, outcome, durationMs) => requests.observe({ cluster, verb, outcome }, durationMs / 1000),
    pending: (cluster, count) => pending.set({ cluster }, count),
    relist: (cluster, kind) => relists.inc({ cluster, kind }),
    oddFrame: (cluster, kind, oddity) => oddFrames.inc({ cluster, kind, oddity }),
  };
}
