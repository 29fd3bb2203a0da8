import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type FleetWorld, startFleetWorld } from './testing/fleet-world.ts';

const unitLabel = 'example.com/unit';
const zones = ['embedded-a', 'embedded-b'];
let world: FleetWorld;
/** Of a workspace that is held to `aks-public`. */
let workspaceId: string;

beforeAll(async () => {
  world = await startFleetWorld({
    embedded: { engines: ['cluster-api', 'kube-ovn'], nodes: 1 },
    pluginSettings: {
      core: {
        deploymentUnitLabel: unitLabel,
        regions: [
          {
            name: 'embedded',
            zones: zones.map((name) => ({ name, deploymentUnits: [`${name}-1`, `${name}-2`] })),
          },
        ],
      },
    },
  });
  const items = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  world.putClass('zoned', {}, [
    { name: 'vSwitches', required: false, schema: { openAPIV3Schema: { type: 'array', items } } },
  ]);
  workspaceId = await makeWorkspace('shop', 'aks-public');
}, 60_000);
afterAll(() => world?.stop());

async function makeWorkspace(identifier: string, profile: string): Promise<string> {
  const place = { identifier, displayName: identifier, region: 'embedded', networkType: 'VPC', zones, profile };
  const made = await world.call('createWorkspace', place, 'workspace { id }');
  if (!made.workspace) throw new Error(JSON.stringify(made));
  return made.workspace.id;
}

const row = (zone: string, unit: number, more: object = {}) => ({
  ...{ count: 1, zone, deploymentUnit: `${zone}-${unit}`, namePrefix: `${zone.slice(-1)}${unit}` },
  ...{ flavor: { cores: 4, memoryGiB: 8 }, systemDisk: { sizeGiB: 100 }, ...more },
});
const form = (name: string, more: object = {}): object => ({
  ...{ cluster: 'embedded', namespace: 'fleet', clusterClass: 'zoned', name, workspaceId, securityGroup: 'sg-1' },
  ...{ vSwitches: zones.map((zone) => ({ zone, id: `vsw-${zone}` })), maxPodsPerNode: 64 },
  ...{ podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16', kubernetesVersion: '1.35.2' },
  // Cell-based units: each zone has its own.
  nodes: [row('embedded-a', 1), row('embedded-a', 2), row('embedded-b', 1)],
  ...more,
});
const create = (name: string, more: object = {}): Promise<Answer> =>
  world.call('createManagedCluster', form(name, more));
const codes = ({ issues }: Answer): string[] => issues.map(({ path, code }: Answer) => `${path.join('.')} ${code}`);

describe('a cluster of a workspace', () => {
  it('is not made without one, nor before it has a network, where the profile asks for both (CMP-02) (refused)', async () => {
    expect(await create('east')).toMatchObject({ reason: 'WORKSPACE_WITHOUT_NETWORK' });
    const { workspaceId: _none, ...plain } = form('east') as { workspaceId: string };
    expect(await world.call('createManagedCluster', { ...plain, profile: 'aks-public' })).toMatchObject({
      reason: 'WORKSPACE_REQUIRED',
    });
  });

  it('keeps its networks apart from the VPC that the workspace is bound to (CMP-02) (refused)', async () => {
    const vpc = { clusters: ['embedded'], workspaceId, name: 'shop', cidr: '172.16.0.0/12' };
    const made = await world.call('createVpc', vpc, 'results { ok vpc { id } error { message } }');
    const { results } = made;
    expect(results, JSON.stringify(made)).toMatchObject([{ ok: true }]);
    const networkId = results[0].vpc.id;
    await world
      .soon(() =>
        world.call('bindWorkspaceNetwork', { id: workspaceId, version: 1, networkId }, 'workspace { networkId }'),
      )
      .toMatchObject({ workspace: { networkId } });
    const inside = await create('east', { podCidr: '172.20.0.0/16', serviceCidr: '172.16.0.0/20' });
    expect(codes(inside)).toEqual(['podCidr overlaps', 'serviceCidr overlaps']);
    expect(inside.message).toContain("the VPC 'shop' (172.16.0.0/12)");
  });

  it.each([
    ['a zone that the workspace has not', [row('embedded-a', 1, { zone: 'mars' })], 'nodes.0.zone unknown_zone'],
    [
      'a unit of another zone',
      [row('embedded-a', 1, { deploymentUnit: 'embedded-b-1' })],
      'nodes.0.deploymentUnit unknown_unit',
    ],
    [
      'no unit where a zone has two',
      [row('embedded-a', 1, { deploymentUnit: null })],
      'nodes.0.deploymentUnit required',
    ],
    [
      'a system disk below 100 GiB',
      [row('embedded-a', 1, { systemDisk: { sizeGiB: 99 } })],
      'nodes.0.systemDisk.sizeGiB too_small',
    ],
  ])('is laid out over its zones and units: %s is refused (CMP-02, CMP-18, CMP-23)', async (_what, nodes, expected) => {
    expect(codes(await create('east', { nodes }))).toContain(expected);
  });

  it('has nodes in the units and zones that the form laid out (CMP-02, CMP-18)', async () => {
    const begun = await create('east');
    expect(begun).toMatchObject({ __typename: 'CreateManagedClusterSuccess' });
    await world.soon(() => world.status(begun.operation.id)).toBe('SUCCEEDED');
    const groups = await world.managed('east', 'machineGroups { name zone deploymentUnit }');
    expect(groups.machineGroups).toEqual([
      { name: 'a1', zone: 'embedded-a', deploymentUnit: 'embedded-a-1' },
      { name: 'a2', zone: 'embedded-a', deploymentUnit: 'embedded-a-2' },
      { name: 'b1', zone: 'embedded-b', deploymentUnit: 'embedded-b-1' },
    ]);
    const places = async () => {
      const { clusterNodes } = await world.ask(
        '{ clusterNodes(filter: { cluster: "east" }) { nodes { type labels { key value } } } }',
      );
      const labelOf = (node: Answer, key: string) => node.labels.find((each: Answer) => each.key === key)?.value;
      return clusterNodes.nodes
        .filter(({ type }: Answer) => type === 'WORKER')
        .map((node: Answer) => `${labelOf(node, 'topology.kubernetes.io/zone')} ${labelOf(node, unitLabel)}`)
        .sort();
    };
    await world.soon(places).toEqual(['embedded-a embedded-a-1', 'embedded-a embedded-a-2', 'embedded-b embedded-b-1']);
  });

  it('is the only one of the workspace, and is not deleted, where the profile says so (CMP-09, CMP-13) (refused)', async () => {
    const apart = { podCidr: '10.200.0.0/16', serviceCidr: '10.97.0.0/16' };
    expect(await create('west', apart)).toMatchObject({ reason: 'TOO_MANY_CLUSTERS' });
    expect(codes(await create('west', { podCidr: '10.244.128.0/17' }))).toEqual([
      'podCidr overlaps',
      'serviceCidr overlaps',
    ]);
    const { id } = await world.managed('east');
    expect(await world.call('deleteManagedCluster', { id, confirm: 'east' })).toMatchObject({
      reason: 'CLUSTER_NOT_DELETABLE',
    });
  });
});

describe('a cluster with namespaces of a workspace', () => {
  it('is not deleted before they are unbound (CMP-13) (refused)', async () => {
    const other = await makeWorkspace('office', 'default');
    const id = await world.provide('plain');
    const namespaces = [{ cluster: 'plain', namespace: 'office' }];
    await world.call('createNamespace', { cluster: 'plain', name: 'office' }, 'warnings');
    await world
      .soon(() => world.call('bindNamespaces', { id: other, namespaces }, 'warnings'))
      .toMatchObject({ __typename: 'BindNamespacesSuccess' });
    expect(await world.call('deleteManagedCluster', { id, confirm: 'plain' })).toMatchObject({ code: 'IN_USE' });
    expect(await world.call('unbindNamespaces', { id: other, namespaces }, 'warnings')).toMatchObject({
      __typename: 'UnbindNamespacesSuccess',
    });
    const deletion = await world.call('deleteManagedCluster', { id, confirm: 'plain', dryRun: true });
    expect(deletion).toMatchObject({ __typename: 'DeleteManagedClusterSuccess' });
  });
});
