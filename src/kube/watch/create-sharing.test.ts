import { describe, expect, it } from 'vitest';
import { originOf, takeIn } from '../intake.ts';
import type { KubeObject } from '../kube-object.ts';
import { podKind } from '../testing/test-cluster.ts';
import { createSharing } from './create-sharing.ts';

interface Spec {
  readonly env: { name: string }[];
}

function pod(name: string, owner: string): KubeObject & { readonly spec: Spec } {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }];
  const spec = { env: [{ name: `of ${owner}` }] };
  return takeIn(
    { metadata: { name, uid: name, labels: { owner }, ownerReferences }, spec },
    originOf('c', podKind),
  ) as never;
}

describe('createSharing', () => {
  it('lets objects of one owner hold the same parts, frozen, and their own metadata', () => {
    const sharing = createSharing();
    const [first, other, second] = [pod('a', 'x'), pod('b', 'y'), pod('c', 'x')];
    for (const one of [first, other, second]) sharing.share(one, undefined);
    expect(second.spec).toBe(first.spec);
    expect(second.metadata.labels).toBe(first.metadata.labels);
    expect(second.metadata).not.toBe(first.metadata);
    expect(other.spec).not.toBe(first.spec);
    expect(() => second.spec.env.push({ name: 'x' })).toThrow(TypeError);
    expect(() => {
      (second.metadata.labels as Record<string, string>).owner = 'z';
    }).toThrow(TypeError);
    expect(second).toEqual(pod('c', 'x'));
  });

  it('takes from an earlier version of the object before any other', () => {
    const sharing = createSharing();
    const [sibling, earlier, later] = [pod('a', 'x'), pod('b', 'x'), pod('b', 'x')];
    sharing.share(sibling, undefined);
    sharing.share(later, earlier);
    expect(later.spec).toBe(earlier.spec);
    expect(Object.isFrozen(earlier.spec)).toBe(true);
  });

  it('remembers no more owners than it may', () => {
    const sharing = createSharing(2);
    const first = pod('a', 'x');
    for (const one of [first, pod('b', 'y'), pod('c', 'z')]) sharing.share(one, undefined);
    const late = pod('d', 'x');
    sharing.share(late, undefined);
    expect(late.spec).not.toBe(first.spec);
    expect(late.spec).toEqual(first.spec);
  });
});
