import type { OperationReport } from '../../graph/cost/use-cost.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Metrics } from './create-metrics.ts';

/**
 * Adds what each query and mutation cost to the metrics, and logs the slow ones with all of it. Metrics have the type for a label and nothing
 * that callers choose: names would be as many as somebody likes.
 */
export function createOperationReporter(options: {
  readonly metrics: Metrics;
  readonly logger: Logger;
  /** In ms; what takes longer is logged. */
  readonly slowMs: number;
}): (report: OperationReport) => void {
  const { metrics, logger, slowMs } = options;
  const labels = ['type'] as const;
  const durations = metrics.histogram('longshore_operation_duration_seconds', 'Execution of queries and mutations.', [
    'type',
    'reused',
  ]);
  const clusterRequests = metrics.counter(
    'longshore_operation_cluster_requests_total',
    'Requests to clusters that queries and mutations made.',
    labels,
  );
  const clusterBytes = metrics.counter(
    'longshore_operation_cluster_bytes_total',
    'Bytes that clusters answered queries and mutations with.',
    labels,
  );
  const databaseQueries = metrics.counter(
    'longshore_operation_database_queries_total',
    'Statements that queries and mutations sent to the database.',
    labels,
  );
  const databaseRows = metrics.counter(
    'longshore_operation_database_rows_total',
    'Rows that the database answered queries and mutations with.',
    labels,
  );
  const cacheReads = metrics.counter(
    'longshore_operation_cache_reads_total',
    'Reads of queries and mutations that were answered from the cache.',
    labels,
  );

  return (report) => {
    const { type } = report;
    durations.observe({ type, reused: String(report.isReused) }, report.durationMs / 1_000);
    if (!report.isReused) {
      clusterRequests.inc({ type }, report.clusterRequests);
      clusterBytes.inc({ type }, report.clusterBytes);
      databaseQueries.inc({ type }, report.databaseQueries);
      databaseRows.inc({ type }, report.databaseRows);
      cacheReads.inc({ type }, report.cacheReads);
    }
    if (report.durationMs >= slowMs) logger.warn({ operation: report }, 'a slow operation');
  };
}
