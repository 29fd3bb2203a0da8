import { currentSpan, type TraceSpan } from '../kernel/tracing.ts';

/**
 * The span of one statement, by OpenTelemetry's conventions for databases. Its text has places for values and never the values
 * themselves.
 */
export function startStatementSpan(text: string): TraceSpan | undefined {
  const span = currentSpan();
  if (span === undefined) return undefined;
  const operation = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  return span.child(operation, 'client', {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.text': text,
  });
}

export function failStatementSpan(span: TraceSpan, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') span.add({ 'db.response.status_code': code });
  span.fail(typeof code === 'string' ? code : 'unknown');
}
