import type { RequestContext } from '../request-context.ts';

/** Yoga hands out a copy of the context, and a copy does not tell what is read from it. */
export function recordingContext(contextValue: unknown): unknown {
  const { self } = contextValue as Partial<RequestContext>;
  self?.reads.begin();
  return self ?? contextValue;
}
