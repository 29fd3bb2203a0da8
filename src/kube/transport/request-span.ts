import { currentSpan, type TraceSpan } from '../../kernel/tracing.ts';
import type { KubeRequest } from './cluster-transport.ts';

/**
 * The span of one request to a cluster, repeated tries and waiting for a turn included; of a stream, until its headers are there. Query
 * and body are not in it.
 */
export function startRequestSpan(cluster: string, request: KubeRequest): TraceSpan | undefined {
  const method = request.method ?? 'GET';
  const { kind } = request;
  return currentSpan()?.child(kind === undefined ? method : `${method} ${kind.plural}`, 'client', {
    'http.request.method': method,
    'url.path': request.path,
    'k8s.cluster.name': cluster,
    'k8s.namespace.name': request.namespace,
    'longshore.kind': kind && (kind.group === '' ? kind.kind : `${kind.group}/${kind.kind}`),
    'longshore.operation_id': request.operationId,
  });
}

/** `outcome` is `ok`, the status of a refusal, or a word such as `deadline`. */
export function endRequestSpan(span: TraceSpan, outcome: string): void {
  const status = Number(outcome);
  if (status > 0) span.add({ 'http.response.status_code': status });
  if (outcome !== 'ok') span.fail(outcome);
  span.end();
}
