import { type Context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import type { TraceAttributes, TraceKind, TraceSpan } from '../../kernel/tracing.ts';

const kinds: Readonly<Record<TraceKind, SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** Starts a span below the context's; undefined where its trace is not sampled. */
export function startSpan(
  tracer: Tracer,
  parent: Context,
  name: string,
  kind: TraceKind,
  attributes: TraceAttributes,
): TraceSpan | undefined {
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes: withoutUndefined(attributes) }, parent);
  return span.isRecording() ? describe(tracer, parent, span) : undefined;
}

function describe(tracer: Tracer, parent: Context, span: Span): TraceSpan {
  const inside = trace.setSpan(parent, span);
  const { traceId, spanId } = span.spanContext();
  return {
    get traceparent() {
      // Only what is sampled comes here, hence the flag.
      return span.isRecording() ? `00-${traceId}-${spanId}-01` : undefined;
    },
    child: (name, kind, attributes = {}) =>
      span.isRecording() ? startSpan(tracer, inside, name, kind, attributes) : undefined,
    add(attributes) {
      span.setAttributes(withoutUndefined(attributes));
    },
    fail(type) {
      span.setAttribute('error.type', type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
    end: () => span.end(),
  };
}

const withoutUndefined = (attributes: TraceAttributes): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
