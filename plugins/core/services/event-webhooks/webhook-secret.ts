import { createHmac } from 'node:crypto';
import type { KeyRing } from 'longshore/sdk';

/** Which secrets of a webhook count: the present one, and for a while the one before. */
export interface SecretGenerations {
  readonly uuid: string;
  readonly secretGeneration: number;
  readonly secretRotatedAt: Date | null;
}

/** 32 bytes made from the platform's key: the same on every replica, and kept nowhere. */
const keyOf = (keys: KeyRing, uuid: string, generation: number): Uint8Array =>
  keys.derive(`core/event-webhook/${uuid}/${generation}`);

/** As Standard Webhooks writes a symmetric secret: `whsec_` and base64. */
export function presentSecret(keys: KeyRing, { uuid, secretGeneration }: SecretGenerations): string {
  return `whsec_${Buffer.from(keyOf(keys, uuid, secretGeneration)).toString('base64')}`;
}

/**
 * The headers of Standard Webhooks: HMAC-SHA256 of `<id>.<timestamp>.<body>`, in base64 behind `v1,`; two of them, present first,
 * while the secret before a rotation still counts.
 */
export function signedHeaders(
  keys: KeyRing,
  webhook: SecretGenerations,
  {
    id,
    body,
    nowMs,
    overlapMs,
  }: { readonly id: string; readonly body: string; readonly nowMs: number; readonly overlapMs: number },
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const { uuid, secretGeneration, secretRotatedAt } = webhook;
  const isOverlapping = secretRotatedAt !== null && nowMs - secretRotatedAt.getTime() < overlapMs;
  const generations = isOverlapping ? [secretGeneration, secretGeneration - 1] : [secretGeneration];
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signatures = generations.map((generation) => {
    const mac = createHmac('sha256', keyOf(keys, uuid, generation)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
