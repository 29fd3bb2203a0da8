import { describe, expect, it } from 'vitest';
import { namespaceQuotaReconciler } from './namespace-quota-reconciler.ts';

const now = Date.parse('2026-05-01T12:00:00Z');

/** What comes of a look at a namespace that is not there, whose quota was written down so long ago. */
function lookAtAbsent(ageMs: number) {
  const row = { cluster: 'dev', namespace: 'shop', quota: { pods: '3' }, createdAt: new Date(now - ageMs) };
  const services = {
    clusters: { get: () => ({ state: 'READY', reader: () => ({ get: async () => undefined }) }) },
    namespaceQuotas: async () => [row],
  };
  const context = { service: () => services, clock: { now: () => now }, signal: new AbortController().signal };
  return namespaceQuotaReconciler.reconcile('dev shop', context as never);
}

describe('namespaceQuotaReconciler', () => {
  it('looks again within seconds for a namespace that is just being made (CMP-33)', async () => {
    expect(await lookAtAbsent(50)).toEqual({ kind: 'again', afterMs: 2_000 });
  });

  it('looks every ten minutes for one that has been gone for long (CMP-33)', async () => {
    expect(await lookAtAbsent(3_600_000)).toEqual({ kind: 'again', afterMs: 600_000 });
  });
});
