import { createHmac } from 'node:crypto';

/**
 * HMAC-SHA256 of what an input wants done, the same for the same fields in any order, however it was agreed to. Only the hash is
 * kept beside an idempotency key, and it needs the platform's key: inputs may carry secrets, and a short one could be guessed from
 * a plain hash.
 */
export function hashInput(input: object, key: Uint8Array): string {
  return createHmac('sha256', key)
    .update(stableJson({ ...input, idempotencyKey: undefined, confirm: undefined, acknowledge: undefined }))
    .digest('hex');
}

function stableJson(value: unknown): string {
  if (typeof value === 'bigint') return JSON.stringify(`${value}n`);
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${stableJson(field)}`);
  return `{${fields.join(',')}}`;
}
