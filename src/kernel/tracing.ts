import { AsyncLocalStorage } from 'node:async_hooks';

/** Values of one span; names are OpenTelemetry's semantic conventions, or begin with `longshore.`. */
export type TraceAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Who takes part: a caller's request (`server`), one to another system (`client`), or neither. */
export type TraceKind = 'server' | 'client' | 'internal';

/** One step of a sampled trace. What is not sampled has none, and costs nothing. */
export interface TraceSpan {
  /** W3C Trace Context of it, for who is asked on its behalf; undefined once it has ended. */
  readonly traceparent: string | undefined;
  /** Starts a step inside it; undefined once it has ended, so that what goes on for ever does not join it. */
  child(name: string, kind: TraceKind, attributes?: TraceAttributes): TraceSpan | undefined;
  add(attributes: TraceAttributes): void;
  /** Marks it as failed. The type is a code or the name of an error's class, never its words: they may quote what callers sent. */
  fail(type: string): void;
  end(): void;
}

/** Starts traces; who does not sample one gets undefined. */
export interface Tracing {
  start(
    name: string,
    kind: TraceKind,
    attributes: TraceAttributes,
    /** W3C `traceparent` that came along; what cannot be read counts as none. */
    traceparent?: string,
  ): TraceSpan | undefined;
}

export const noTracing: Tracing = { start: () => undefined };

const current = new AsyncLocalStorage<TraceSpan>();

/** Runs a function, and what it starts, inside a span; as it is where there is none. */
export function inSpan<T>(span: TraceSpan | undefined, run: () => T): T {
  return span === undefined ? run() : current.run(span, run);
}

/** The span that the present chain of callbacks belongs to; undefined where nobody traces it. */
export function currentSpan(): TraceSpan | undefined {
  return current.getStore();
}
