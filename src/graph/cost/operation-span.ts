import { currentSpan, type TraceSpan } from '../../kernel/tracing.ts';
import type { OperationReport } from './use-cost.ts';

/**
 * The span of one query or mutation, named by OpenTelemetry's conventions for GraphQL. The document is not in it: what stands in its
 * literals may be secret.
 */
export function startOperationSpan({ type, name }: Pick<OperationReport, 'type' | 'name'>): TraceSpan | undefined {
  return currentSpan()?.child(type, 'internal', { 'graphql.operation.type': type, 'graphql.operation.name': name });
}

export function endOperationSpan(span: TraceSpan, report: OperationReport): void {
  span.add({
    'user.id': report.principalId,
    'longshore.request_id': report.requestId,
    'longshore.reused': report.isReused,
    'longshore.cache_reads': report.cacheReads,
    'longshore.cluster_requests': report.clusterRequests,
    'longshore.cluster_bytes': report.clusterBytes,
    'longshore.database_queries': report.databaseQueries,
    'longshore.database_rows': report.databaseRows,
  });
  if (report.hasErrors) span.fail('graphql');
  span.end();
}
