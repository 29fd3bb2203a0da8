import { describe, expect, it } from 'vitest';
import { computeSettings } from '../../settings.ts';
import {
  type ControlPlaneMetric,
  controlPlaneMetrics,
  controlPlaneQuery,
  unitOfControlPlane,
} from './control-plane-query.ts';

const url = 'https://prometheus.example';
const [given] = computeSettings.parse({ prometheus: [{ cluster: 'east', url }] }).prometheus;
if (!given) throw new Error('there are no settings');
const options = { labels: given.labels, matchers: { cluster: 'ea"st' }, rateSeconds: 300 };
const place = 'cluster="ea\\"st"';

describe('queries of the control plane (CMP-17)', () => {
  it.each([
    ['API_REQUEST_RATE', `sum(rate(apiserver_request_total{${place}}[300s]))`],
    [
      'API_ERROR_RATIO',
      `(sum(rate(apiserver_request_total{${place}, code=~"5.."}[300s])) or 0 * sum(rate(apiserver_request_total{${place}}[300s]))) / sum(rate(apiserver_request_total{${place}}[300s]))`,
    ],
    [
      'API_LATENCY_P99',
      `histogram_quantile(0.99, sum by (le) (rate(apiserver_request_duration_seconds_bucket{${place}, verb!~"WATCH|CONNECT"}[300s])))`,
    ],
    ['ETCD_DATABASE_SIZE', `max(etcd_mvcc_db_total_size_in_bytes{${place}})`],
    ['ETCD_LEADER_CHANGES', `max(increase(etcd_server_leader_changes_seen_total{${place}}[300s]))`],
  ] as const)('ask for %s', (metric, expected) => expect(controlPlaneQuery(metric, options)).toBe(expected));

  it('have a unit each', () => {
    for (const metric of Object.keys(controlPlaneMetrics) as ControlPlaneMetric[]) {
      expect(unitOfControlPlane[metric]).toBeDefined();
    }
  });
});
