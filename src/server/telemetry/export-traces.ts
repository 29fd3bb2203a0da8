import { randomUUID } from 'node:crypto';
import { type Context, defaultTextMapGetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type ReadableSpan,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from '../../kernel/logger.ts';
import { version } from '../version.ts';
import type { Metrics } from './create-metrics.ts';
import type { OpenTracing } from './open-tracing.ts';
import { startSpan } from './otel-span.ts';

/** Spans that wait for the collector; what comes while all places are taken is dropped, requests are never held up. */
const maxQueued = 4_096;
const exportTimeoutMs = 10_000;
const everyMs = 1_000;
const partingMs = 2_000;
/** A collector that is away is told once in so many ms. */
const complaintMs = 300_000;

export interface TraceExportOptions {
  /** Base address of an OTLP/HTTP collector, such as `http://collector:4318`; or the whole one, which ends in `/v1/traces`. */
  readonly endpoint: string;
  /** Of traces that begin here; one that came along sampled is carried on. */
  readonly sampledPercent: number;
  /** `name=value`, sent to the collector. */
  readonly headers: readonly string[];
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** OpenTelemetry's SDK with a provider of its own: nothing of it is global, so that several gateways may run in one process. */
export function exportTraces(options: TraceExportOptions): OpenTracing {
  const exporter = new OTLPTraceExporter({
    url: tracesAddress(options.endpoint),
    headers: Object.fromEntries(options.headers.map(splitHeader)),
    timeoutMillis: exportTimeoutMs,
  });
  const processor = new BatchSpanProcessor({
    exporter: watched(exporter, options),
    maxQueueSize: maxQueued,
    scheduledDelayMillis: everyMs,
    maxExportBatchSize: 512,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'longshore',
      'service.version': version(),
      'service.instance.id': randomUUID(),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampledPercent / 100) }),
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: 2_000 },
  });
  const tracer = provider.getTracer('longshore', version());
  const propagator = new W3CTraceContextPropagator();
  const parentOf = (traceparent: string | undefined): Context =>
    traceparent === undefined ? ROOT_CONTEXT : propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);

  return {
    start: (name, kind, attributes, traceparent) => startSpan(tracer, parentOf(traceparent), name, kind, attributes),
    async close() {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, partingMs);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function tracesAddress(endpoint: string): string {
  const url = new URL(endpoint);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

function splitHeader(header: string): [string, string] {
  const at = header.indexOf('=');
  return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
}

/** Counts what the collector took and what it did not; the SDK itself says nothing of either. */
function watched(exporter: SpanExporter, { metrics, logger }: TraceExportOptions): SpanExporter {
  const sent = metrics.counter('longshore_trace_spans_total', 'Spans sent to the collector of traces.', ['outcome']);
  let complainedAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        const isTaken = result.code === 0;
        sent.inc({ outcome: isTaken ? 'sent' : 'failed' }, spans.length);
        if (!isTaken && performance.now() - complainedAt > complaintMs) {
          complainedAt = performance.now();
          // Its answer may hold anything, the address and the headers it was sent too.
          logger.warn({ reason: result.error?.name }, 'the collector of traces took nothing');
        }
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
