import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import { origin } from '../../kube/kube-object.ts';
import type { AnyKubeObject } from './kubernetes-object-ref.ts';
import { watchClusterRights } from './watch-cluster-rights.ts';

function pod(namespace: string, cluster = 'far'): AnyKubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace, uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    [origin]: { cluster, group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
  };
}

function setUp(allowed: Set<string>) {
  const clock = createManualClock();
  const controller = new AbortController();
  const asked: (string | undefined)[] = [];
  const far = {
    name: 'far',
    identity: 'impersonate' as const,
    canRead: (_principal: unknown, _kind: unknown, namespace: string | undefined) => {
      asked.push(namespace);
      return namespace !== undefined && allowed.has(namespace);
    },
  };
  const near = { name: 'near', identity: 'gateway' as const, canRead: () => true };
  const rights = watchClusterRights({
    clusters: [far, near],
    principal: systemPrincipal,
    clock,
    signal: controller.signal,
  });
  if (!rights) throw new Error('a cluster impersonates');
  let changes = 0;
  rights.onChange(() => {
    changes += 1;
  });
  return { clock, controller, asked, rights, changes: () => changes };
}

describe('watchClusterRights', () => {
  it('hides what was not asked yet, asks once per kind and namespace, and shows it in the next view', () => {
    const { rights, clock, asked, changes } = setUp(new Set(['shop']));
    const first = rights.view();
    expect([first(pod('shop')), first(pod('shop')), first(pod('bank'))]).toEqual([false, false, false]);
    clock.advance(0);
    expect(asked).toEqual(['shop', 'bank']);
    expect(changes()).toBe(1);
    expect([rights.view()(pod('shop')), rights.view()(pod('bank'))]).toEqual([true, false]);
    expect(first(pod('shop'))).toBe(false);
  });

  it('takes back what the cluster does not allow any more within ten seconds (P22)', () => {
    const allowed = new Set(['shop']);
    const { rights, clock } = setUp(allowed);
    rights.view()(pod('shop'));
    clock.advance(0);
    allowed.delete('shop');
    clock.advance(10_000);
    expect(rights.view()(pod('shop'))).toBe(false);
  });

  it('asks no more once the stream has ended', () => {
    const { rights, clock, controller, asked } = setUp(new Set());
    rights.view()(pod('shop'));
    clock.advance(0);
    controller.abort();
    clock.advance(60_000);
    expect(asked).toEqual(['shop']);
  });

  it('leaves clusters alone that see the gateway', () => {
    const { rights } = setUp(new Set());
    expect(rights.view()(pod('shop', 'near'))).toBe(true);
    const only = [{ name: 'near', identity: 'gateway' as const, canRead: () => true }];
    const options = { principal: systemPrincipal, clock: createManualClock(), signal: new AbortController().signal };
    expect(watchClusterRights({ clusters: only, ...options })).toBeUndefined();
  });
});
