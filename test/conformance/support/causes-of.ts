import type { Answer } from './cluster-client.ts';
import type { Json } from './json.ts';

/** `field: message` of every cause of a refusal. */
export function causesOf({ body }: Answer): string[] {
  return (body?.details?.causes ?? []).map(({ field, message }: Json) => `${field}: ${message}`);
}
