/** A panel of the dashboard: what it shows, in which unit, by which queries. */
interface Panel {
  readonly title: string;
  readonly description: string;
  /** Grafana's name of the unit. */
  readonly unit: 'reqps' | 's' | 'percentunit' | 'short' | 'bytes' | 'Bps' | 'ops';
  /** A query in PromQL, and what its series are called. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const selected = 'instance=~"$instance"';
const ofCluster = `${selected}, cluster=~"$cluster"`;
const rate = (metric: string, labels = selected): string => `rate(${metric}{${labels}}[$__rate_interval])`;
const quantile = (share: number, metric: string, by: string, labels = selected): string =>
  `histogram_quantile(${share}, sum by (${['le', by].filter(Boolean).join(', ')}) (${rate(`${metric}_bucket`, labels)}))`;

const rows: readonly Row[] = [
  {
    title: 'Callers',
    panels: [
      {
        title: 'Requests',
        description: 'GraphQL over HTTP by status; streams count once, when they end.',
        unit: 'reqps',
        queries: [[`sum by (status) (${rate('longshore_request_duration_seconds_count')})`, '{{status}}']],
      },
      {
        title: 'Latency of queries and mutations',
        description: 'Execution alone, of answers that were not given again.',
        unit: 's',
        queries: [
          [
            quantile(0.5, 'longshore_operation_duration_seconds', 'type', `${selected}, reused="false"`),
            '{{type}} p50',
          ],
          [
            quantile(0.99, 'longshore_operation_duration_seconds', 'type', `${selected}, reused="false"`),
            '{{type}} p99',
          ],
        ],
      },
      {
        title: 'Answers given again',
        description: 'Share of operations whose whole answer was reused, since nothing they had read has changed.',
        unit: 'percentunit',
        queries: [
          [
            `sum(${rate('longshore_operation_duration_seconds_count', `${selected}, reused="true"`)}) / sum(${rate('longshore_operation_duration_seconds_count')})`,
            'reused',
          ],
        ],
      },
      {
        title: 'Under way',
        description: 'Requests that are executed now, by replica. At the limits of the settings they are OVERLOADED.',
        unit: 'short',
        queries: [
          ['sum by (instance) (longshore_requests_in_flight{instance=~"$instance"})', '{{instance}}'],
          [
            'sum by (instance) (longshore_requests_waiting{instance=~"$instance"})',
            '{{instance}} waiting for their turn',
          ],
        ],
      },
      {
        title: 'Told to come back',
        description:
          'Requests of callers who asked for more than their share, of addresses that guess tokens, and those that could not be soon.',
        unit: 'reqps',
        queries: [[`sum by (outcome) (${rate('longshore_refused_requests_total')})`, '{{outcome}}']],
      },
      {
        title: 'Callers with costs',
        description: 'Callers who have not got back all that they have spent.',
        unit: 'short',
        queries: [[`sum(longshore_callers_with_costs{${selected}})`, 'callers']],
      },
    ],
  },
  {
    title: 'Streams',
    panels: [
      {
        title: 'Connections',
        description: 'WebSockets, event streams, terminals and transfers of files that are open.',
        unit: 'short',
        queries: ['web_sockets', 'event_streams', 'terminals', 'downloads', 'uploads'].map(
          (name) => [`sum(longshore_${name}{${selected}})`, name.replace('_', ' ')] as const,
        ),
      },
      {
        title: 'Draining',
        description: '1 while a replica is about to stop and moves its streams elsewhere.',
        unit: 'short',
        queries: [[`longshore_draining{${selected}}`, '{{instance}}']],
      },
      {
        title: 'Subscriptions',
        description: 'Streams of objects and of topics that somebody reads.',
        unit: 'short',
        queries: ['object_streams', 'topic_streams'].map(
          (name) => [`sum(longshore_${name}{${selected}})`, name.replace('_', ' ')] as const,
        ),
      },
    ],
  },
  {
    title: 'Event webhooks',
    panels: [
      {
        title: 'Events told',
        description: 'Events that receivers took, attempts that failed, and events that were given up.',
        unit: 'ops',
        queries: ['delivered', 'failed', 'dead_letters'].map(
          (name) => [`sum(${rate(`longshore_event_webhook_${name}_total`)})`, name.replace('_', ' ')] as const,
        ),
      },
      {
        title: 'Lag of receivers',
        description: 'How long the oldest event waits that a webhook was not told of, by webhook: the worst ten.',
        unit: 's',
        queries: [[`topk(10, max by (webhook) (longshore_event_webhook_lag_seconds{${selected}}))`, '{{webhook}}']],
      },
    ],
  },
  {
    title: 'Clusters',
    panels: [
      {
        title: 'Requests to clusters',
        description: 'By cluster and what came of them: ok, a status, or a word such as deadline.',
        unit: 'reqps',
        queries: [
          [
            `sum by (cluster, outcome) (${rate('longshore_cluster_request_duration_seconds_count', ofCluster)})`,
            '{{cluster}} {{outcome}}',
          ],
        ],
      },
      {
        title: 'Latency of clusters',
        description: '99th percentile of requests to each cluster.',
        unit: 's',
        queries: [[quantile(0.99, 'longshore_cluster_request_duration_seconds', 'cluster', ofCluster), '{{cluster}}']],
      },
      {
        title: 'Waiting',
        description: 'Requests to each cluster that are under way or wait for their turn.',
        unit: 'short',
        queries: [[`sum by (cluster) (longshore_cluster_requests_pending{${ofCluster}})`, '{{cluster}}']],
      },
      {
        title: 'Watches',
        description: 'Watches by state. Anything but live answers from an older state, and lists say so in problems.',
        unit: 'short',
        queries: [[`sum by (cluster, state) (longshore_watch_state{${ofCluster}})`, '{{cluster}} {{state}}']],
      },
      {
        title: 'Lists read again',
        description:
          'Kinds that were listed anew, at the start or because a watch could not go on, and odd frames of watches.',
        unit: 'ops',
        queries: [
          [`sum by (cluster) (${rate('longshore_relists_total', ofCluster)})`, '{{cluster}} lists'],
          [
            `sum by (cluster, oddity) (${rate('longshore_watch_odd_frames_total', ofCluster)})`,
            '{{cluster}} {{oddity}}',
          ],
        ],
      },
    ],
  },
  {
    title: 'What operations cost',
    panels: [
      {
        title: 'Requests to clusters per operation',
        description: 'Of queries and mutations that were executed.',
        unit: 'short',
        queries: [[perOperation('longshore_operation_cluster_requests_total'), '{{type}}']],
      },
      {
        title: 'Bytes from clusters',
        description: 'Bodies of answers that queries and mutations waited for.',
        unit: 'Bps',
        queries: [[`sum by (type) (${rate('longshore_operation_cluster_bytes_total')})`, '{{type}}']],
      },
      {
        title: 'Statements per operation',
        description: 'Statements sent to the database, of queries and mutations that were executed.',
        unit: 'short',
        queries: [[perOperation('longshore_operation_database_queries_total'), '{{type}}']],
      },
      {
        title: 'Rows from the database',
        description: 'Rows that queries and mutations were answered with.',
        unit: 'ops',
        queries: [[`sum by (type) (${rate('longshore_operation_database_rows_total')})`, '{{type}}']],
      },
      {
        title: 'Reads from memory',
        description: 'Reads of objects and lists that were answered from the cache.',
        unit: 'ops',
        queries: [[`sum by (type) (${rate('longshore_operation_cache_reads_total')})`, '{{type}}']],
      },
    ],
  },
  {
    title: 'Process',
    panels: [
      {
        title: 'CPU',
        description: 'Cores in use, by replica.',
        unit: 'short',
        queries: [[`sum by (instance) (${rate('longshore_process_cpu_seconds_total')})`, '{{instance}}']],
      },
      {
        title: 'Memory',
        description: 'Resident memory and used heap, by replica.',
        unit: 'bytes',
        queries: [
          [`longshore_process_resident_memory_bytes{${selected}}`, '{{instance}} resident'],
          [`longshore_nodejs_heap_size_used_bytes{${selected}}`, '{{instance}} heap'],
        ],
      },
      {
        title: 'Delay of the event loop',
        description: '99th percentile, by replica. Everything waits that long.',
        unit: 's',
        queries: [[`longshore_nodejs_eventloop_lag_p99_seconds{${selected}}`, '{{instance}}']],
      },
      {
        title: 'Spans',
        description: 'Spans that the collector of traces took, and did not take.',
        unit: 'ops',
        queries: [[`sum by (outcome) (${rate('longshore_trace_spans_total')})`, '{{outcome}}']],
      },
    ],
  },
];

function perOperation(metric: string): string {
  return `sum by (type) (${rate(metric)}) / sum by (type) (${rate('longshore_operation_duration_seconds_count', `${selected}, reused="false"`)})`;
}

const datasource = { type: 'prometheus', uid: '$datasource' };
const panelWidth = 8;
const panelHeight = 8;
const perLine = 24 / panelWidth;

/** A Grafana dashboard of `/metrics`, as Grafana imports it. */
export function renderDashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({ id: panels.length + 1, type: 'row', title: row.title, gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    for (const [place, panel] of row.panels.entries()) {
      const x = (place % perLine) * panelWidth;
      const below = Math.floor(place / perLine) * panelHeight;
      panels.push(renderPanel(panel, panels.length + 1, { x, y: y + below, w: panelWidth, h: panelHeight }));
    }
    y += Math.ceil(row.panels.length / perLine) * panelHeight;
  }
  const dashboard = {
    title: 'Longshore',
    uid: 'longshore',
    description: 'Callers, streams, clusters, cost and process of Longshore gateways.',
    tags: ['longshore'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
        labelVariable('instance', 'Replica', 'longshore_requests_in_flight'),
        labelVariable('cluster', 'Cluster', 'longshore_cluster_requests_pending'),
      ],
    },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function labelVariable(name: string, label: string, metric: string): object {
  return {
    ...{ name, label, datasource, type: 'query', query: `label_values(${metric}, ${name})`, refresh: 2 },
    ...{ multi: true, includeAll: true, allValue: '.*', current: { text: 'All', value: '$__all' } },
  };
}

function renderPanel({ title, description, unit, queries }: Panel, id: number, gridPos: object): object {
  return {
    ...{ id, type: 'timeseries', title, description, gridPos, datasource },
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 10, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(([expr, legendFormat], place) => ({
      ...{ refId: String.fromCharCode(65 + place), datasource, expr, legendFormat },
    })),
  };
}
