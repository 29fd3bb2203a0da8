import type { TraceAttributes, TraceSpan, Tracing } from './tracing.ts';

export interface RecordedSpan {
  readonly name: string;
  /** Names of the spans it lies in, the outermost first. */
  readonly within: readonly string[];
  readonly attributes: TraceAttributes;
  readonly failure?: string | undefined;
  readonly isEnded: boolean;
}

/** Keeps every span in memory, in the order of their starts; for tests. The n-th has the number n as its span id. */
export function createRecordedTracing(): Tracing & { readonly spans: readonly RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  function open(name: string, within: readonly string[], given: TraceAttributes): TraceSpan {
    let attributes = given;
    let failure: string | undefined;
    let isEnded = false;
    const number = spans.push({
      name,
      within,
      get attributes() {
        return attributes;
      },
      get failure() {
        return failure;
      },
      get isEnded() {
        return isEnded;
      },
    });
    return {
      get traceparent() {
        return isEnded ? undefined : `00-${'1'.repeat(32)}-${number.toString(16).padStart(16, '0')}-01`;
      },
      child: (child, _kind, more = {}) => (isEnded ? undefined : open(child, [...within, name], more)),
      add(more) {
        attributes = { ...attributes, ...more };
      },
      fail(type) {
        failure = type;
      },
      end() {
        isEnded = true;
      },
    };
  }
  return { spans, start: (name, _kind, attributes) => open(name, [], attributes) };
}
