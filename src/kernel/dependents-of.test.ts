import { describe, expect, it } from 'vitest';
import { dependentsOf } from './dependents-of.ts';
import type { PluginManifest } from './manifest.ts';
import { optionalService, serviceRef } from './service-ref.ts';

const orders = serviceRef<object>('release.orders');

describe('dependentsOf', () => {
  it('follows requirements and services, but not what is optional', () => {
    const enabled = [
      { name: 'a', services: [orders] },
      { name: 'b', requires: { a: '*' } },
      { name: 'c', uses: { orders } },
      { name: 'd', requires: { c: '*' } },
      { name: 'e', optional: { a: '*' }, uses: { orders: optionalService(orders) } },
    ].map((parts): PluginManifest => ({ version: '1.0.0', description: 'For a test.', ...parts }));
    expect(dependentsOf(['a'], enabled)).toEqual(['b', 'c', 'd']);
    expect(dependentsOf(['e'], enabled)).toEqual([]);
  });
});
