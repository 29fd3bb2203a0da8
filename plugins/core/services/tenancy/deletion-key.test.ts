import { describe, expect, it } from 'vitest';
import { deletionKeyOf, parseDeletionKey } from './deletion-key.ts';
import { placeOfQuotaKey, quotaKeyOf } from './quota/quota-key.ts';

describe('keys of loops over namespaces', () => {
  it.each(['embedded', 'far away', 'a/b', ' '])('lead back to the namespace in cluster %j', (cluster) => {
    const place = { cluster, namespace: 'shop' };
    expect(placeOfQuotaKey(quotaKeyOf(place))).toEqual(place);
    const deleted = { ...place, atMs: 1_700_000_000_123 };
    expect(parseDeletionKey(deletionKeyOf(deleted))).toEqual(deleted);
  });
});
