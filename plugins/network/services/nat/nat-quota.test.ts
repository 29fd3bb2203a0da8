import { workspaceLabel } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { gateway } from '../../testing/make-nat.ts';
import { natQuotaOf, requireNatQuota } from './nat-quota.ts';

const mine = { labels: { [workspaceLabel]: 'mine' } };
const owner = { uuid: 'mine', workspace: null };

function contextOf(limit: number | null) {
  const items = [
    gateway('a', 'one', { metadata: mine }),
    gateway('b', 'two', { metadata: mine }),
    gateway('c', 'three'),
  ];
  return {
    services: { profiles: { at: () => ({ get: () => limit }) } },
    cluster: () => ({ reader: () => ({ list: () => ({ items, problems: [] }) }) }),
  } as never;
}

describe('the quota of NAT gateways (NET-39)', () => {
  it('counts those of the workspace alone', async () => {
    expect(await natQuotaOf('c1', owner, contextOf(3))).toEqual({ cluster: 'c1', used: 2, limit: 3 });
  });

  it.each([3, null])('lets one more be made where %s are allowed', async (limit) => {
    await expect(requireNatQuota('c1', owner, contextOf(limit))).resolves.toBeUndefined();
  });

  it('lets none be made where all are used up (refused)', async () => {
    await expect(requireNatQuota('c1', owner, contextOf(2))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: "There are 2 NAT gateways in cluster 'c1' already, of 2 that the workspace may have.",
    });
  });
});
