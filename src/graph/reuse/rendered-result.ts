import type { ExecutionResult } from 'graphql';

/** A result that knows its own bytes: whoever sends it asks `stringify`, as Yoga does. */
export type RenderedResult = ExecutionResult & { readonly stringify: (result?: unknown) => Uint8Array };

/** The data is parsed only where somebody looks at it: over HTTP nobody does. */
export function renderedResult(bytes: Uint8Array): RenderedResult {
  let data: ExecutionResult['data'];
  return {
    get data() {
      data ??= (JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()) as ExecutionResult)
        .data;
      return data as NonNullable<typeof data>;
    },
    stringify: () => bytes,
  };
}

export function isRendered(result: ExecutionResult): result is RenderedResult {
  return 'stringify' in result;
}
