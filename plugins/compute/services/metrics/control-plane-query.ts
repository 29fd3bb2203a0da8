import type { MetricUnit } from './usage-metrics.ts';
import { commonMatchers, type QueryOptions } from './usage-query.ts';

/** What the API server and etcd tell of themselves (CMP-17). */
export const controlPlaneMetrics = {
  API_REQUEST_RATE: 'Requests that the API server answers.',
  API_ERROR_RATIO: 'The part of them that it answers with 500 or above.',
  API_LATENCY_P50: 'Half of its answers come faster; without watches and sessions, which last.',
  API_LATENCY_P99: 'All but a hundredth of its answers come faster.',
  ETCD_DATABASE_SIZE: 'Size of etcd’s database, of its largest member.',
  ETCD_LEADER_CHANGES: 'How often etcd has got another leader within a step.',
  ETCD_SYNC_P99: 'All but a hundredth of etcd’s writes are on its disk faster.',
} as const;

export type ControlPlaneMetric = keyof typeof controlPlaneMetrics;

export const unitOfControlPlane: Readonly<Record<ControlPlaneMetric, MetricUnit>> = {
  API_REQUEST_RATE: 'PER_SECOND',
  API_ERROR_RATIO: 'RATIO',
  API_LATENCY_P50: 'SECONDS',
  API_LATENCY_P99: 'SECONDS',
  ETCD_DATABASE_SIZE: 'BYTES',
  ETCD_LEADER_CHANGES: 'COUNT',
  ETCD_SYNC_P99: 'SECONDS',
};

/** PromQL for one number of the control plane. */
export function controlPlaneQuery(metric: ControlPlaneMetric, options: QueryOptions): string {
  const select = (series: string, ...matchers: readonly string[]) =>
    `${series}{${[...commonMatchers(options), ...matchers].join(', ')}}`;
  const rate = (selector: string) => `rate(${selector}[${options.rateSeconds}s])`;
  const quantile = (part: number, selector: string) => `histogram_quantile(${part}, sum by (le) (${rate(selector)}))`;
  const answers = select('apiserver_request_duration_seconds_bucket', 'verb!~"WATCH|CONNECT"');
  switch (metric) {
    case 'API_REQUEST_RATE':
      return `sum(${rate(select('apiserver_request_total'))})`;
    case 'API_ERROR_RATIO': {
      const all = `sum(${rate(select('apiserver_request_total'))})`;
      // Where there never was an error there is no series of errors.
      return `(sum(${rate(select('apiserver_request_total', 'code=~"5.."'))}) or 0 * ${all}) / ${all}`;
    }
    case 'API_LATENCY_P50':
      return quantile(0.5, answers);
    case 'API_LATENCY_P99':
      return quantile(0.99, answers);
    case 'ETCD_DATABASE_SIZE':
      return `max(${select('etcd_mvcc_db_total_size_in_bytes')})`;
    case 'ETCD_LEADER_CHANGES':
      return `max(increase(${select('etcd_server_leader_changes_seen_total')}[${options.rateSeconds}s]))`;
    case 'ETCD_SYNC_P99':
      return quantile(0.99, select('etcd_disk_wal_fsync_duration_seconds_bucket'));
  }
}
