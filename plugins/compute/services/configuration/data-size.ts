import type { ValidationIssue } from 'longshore/sdk';

/** Bytes of all values of one ConfigMap or Secret together (`MaxSecretSize` of core/v1): no cluster keeps more. */
export const maxDataBytes = 1_048_576;

/** What is wrong with the size of an object; `path` is where its values stand in the input. */
export function checkDataSize(bytes: number, path: readonly (string | number)[]): readonly ValidationIssue[] {
  if (bytes <= maxDataBytes) return [];
  const message = `All values together may have ${maxDataBytes} bytes (1 MiB) at the most, got ${bytes}`;
  return [{ path, code: 'too_big', message }];
}
