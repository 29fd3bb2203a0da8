import { hkdfSync } from 'node:crypto';

/** Keys that are made from the platform's secret key, always the same for the same purpose. */
export interface KeyRing {
  /**
   * 32 bytes for one purpose alone, e.g. `compute/alarm-webhook/<uuid>` (HKDF, RFC 5869). Who has one learns nothing of the
   * others. Another secret key gives other keys.
   */
  derive(purpose: string): Uint8Array;
}

export function createKeyRing(secretKey: Uint8Array): KeyRing {
  return {
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', secretKey, 'longshore', purpose, 32)),
  };
}
