import { describe, expect, it } from 'vitest';
import { deletionKeyOf, parseDeletionKey } from './deletion-key.ts';
import { placeOfQuotaKey, quotaKeyOf } from './quota/quota-key.ts';

describe('keys of loops over namespaces', () => {
  it.each(['embedded', 'far away', 'a/b', ' '])('lead back to the namespace in cluster %j', (cluster) => {
    const place = { cluster, namespace: 'shop' };
    expect(placeOfQuotaKey(quotaKeyOf(place))).toEqual(place);
    const deleted = { ...place, uid: '5d8f0c1e-7a55-4a63-9d3e-0b8c6c6f2f10', atMs: 1_700_000_000_123 };
    expect(parseDeletionKey(deletionKeyOf(deleted))).toEqual(deleted);
  });
});
