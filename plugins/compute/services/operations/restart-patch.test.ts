import { expect, it } from 'vitest';
import { restartPatch } from './restart-patch.ts';

it('restarts as kubectl rollout restart does (CMP-72)', () => {
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-31T12:00:00.000Z' };
  expect(restartPatch(Date.UTC(2026, 0, 31, 12))).toEqual({ spec: { template: { metadata: { annotations } } } });
});
