import { type KindRef, type KubeObject, subjectOf, workspaceLabel } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { gateway } from '../../testing/make-nat.ts';
import { balancerTypeLabel } from '../balancers/balancer-classes.ts';
import { gatewayClassKind, gatewayKind } from '../balancers/gateway-kinds.ts';
import { vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { type NetworkResource, networkQuotaOf, networkQuotasOf, requireNetworkQuota } from './network-quotas.ts';

const mine = { labels: { [workspaceLabel]: 'mine' } };
const owner = { uuid: 'mine', workspace: null };
const balancer = (name: string, namespace: string, gatewayClassName: string) =>
  makeObject(gatewayKind, { metadata: { name, namespace }, spec: { gatewayClassName } });
const objects: readonly KubeObject[] = [
  gateway('a', 'one', { metadata: mine }),
  gateway('b', 'two', { metadata: mine }),
  gateway('c', 'three'),
  makeObject(vpcKind, { metadata: { name: 'net', ...mine } }),
  makeObject(gatewayClassKind, { metadata: { name: 'open', labels: { [balancerTypeLabel]: 'public' } } }),
  balancer('outer', 'shop', 'open'),
  balancer('inner', 'shop', 'closed'),
  balancer('others', 'bank', 'open'),
] as readonly KubeObject[];

const cluster = (served: readonly KindRef[] = []) =>
  ({
    name: 'c1',
    serves: (kind: KindRef) => served.length === 0 || served.some((each) => subjectOf(each) === subjectOf(kind)),
    reader: () => ({
      list: ({ kind }: KindRef) => ({ items: objects.filter((each) => each.kind === kind), problems: [] }),
    }),
  }) as never;

const contextOf = (limit: number | null) =>
  ({
    services: { profiles: { at: () => ({ get: () => limit }) } },
    service: () => ({
      bindingOf: (_cluster: string, namespace: string) =>
        namespace === 'shop' ? { workspaceUuid: 'mine' } : undefined,
    }),
  }) as never;

describe('quotas of the network (NET-23, NET-29, NET-39)', () => {
  it.each([
    ['VPC', 1, 0],
    ['NAT_GATEWAY', 2, 1],
    ['LOAD_BALANCER', 2, 1],
    ['PUBLIC_ADDRESS', 1, 1],
  ] as const)('count of %s those of the workspace alone, and those of none together', async (resource, used, free) => {
    expect(await networkQuotaOf(resource, cluster(), owner, contextOf(3))).toEqual({
      cluster: 'c1',
      resource,
      used,
      limit: 3,
    });
    expect(await networkQuotaOf(resource, cluster(), undefined, contextOf(null))).toMatchObject({
      used: free,
      limit: null,
    });
  });

  it('are told of what a cluster has the engine for', async () => {
    const told = async (served: readonly KindRef[]): Promise<readonly NetworkResource[]> =>
      (await networkQuotasOf([cluster(served)], owner, contextOf(null))).map(({ resource }) => resource);
    expect(await told([gatewayKind as KindRef])).toEqual(['LOAD_BALANCER', 'PUBLIC_ADDRESS']);
    expect(await told([vpcKind as KindRef])).toEqual(['VPC']);
  });

  it.each([3, null])('let one more be made where %s are allowed', async (limit) => {
    await expect(requireNetworkQuota('NAT_GATEWAY', cluster(), owner, contextOf(limit))).resolves.toBeUndefined();
  });

  it('let none be made where all are used up, nor several where they do not all fit (refused)', async () => {
    const words =
      "There are 2 NAT gateways in cluster 'c1' already, of 2 that the workspace may have: 1 more is too many.";
    await expect(requireNetworkQuota('NAT_GATEWAY', cluster(), owner, contextOf(2))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      message: words,
    });
    await expect(requireNetworkQuota('LOAD_BALANCER', cluster(), owner, contextOf(3), 2)).rejects.toMatchObject({
      message: expect.stringContaining('2 more are too many'),
    });
  });
});
