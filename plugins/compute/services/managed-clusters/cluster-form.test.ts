import fc from 'fast-check';
import { parseCidr } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { profileNamed } from '../../testing/profile-named.ts';
import { checkClusterForm } from './check-cluster-form.ts';
import { checkNetworks } from './check-networks.ts';
import { checkNodes } from './check-nodes.ts';
import { chooseVersion } from './choose-version.ts';
import { demandOf, effectOnQuotas, moreThan, publicIpCount, tellExceeded } from './cluster-demand.ts';
import type { ClusterForm, NodesForm } from './cluster-form.ts';
import { limitsOf, mostWorkers } from './cluster-limits.ts';
import { clusterManifest } from './cluster-manifest.ts';
import type { ClusterClassObject } from './kinds.ts';
import { planExpansion } from './plan-expansion.ts';
import { nameGroups, withoutOverwritten } from './plan-groups.ts';

const limits = (name: string) => limitsOf(profileNamed(name));
const ecs = limits('ecs');
const aks = limits('aks-public');
const flavor = { cores: 4, memoryGiB: 8 };
const row = (more: Partial<NodesForm> = {}): NodesForm => ({
  zone: 'a',
  flavor,
  systemDisk: { sizeGiB: 100 },
  namePrefix: 'web',
  count: 1,
  ...more,
});
const ecsForm = (more: Partial<ClusterForm> = {}): ClusterForm => ({
  name: 'east',
  settings: { sshKeyPair: 'ops', nodeNetwork: { mode: 'AUTO' }, networkZone: 'z1' },
  ...more,
});
const aksForm = (more: Partial<ClusterForm> = {}): ClusterForm => ({
  name: 'east',
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  nodes: [row()],
  settings: { vSwitches: [{ zone: 'a', id: 'v-1' }], securityGroup: 'sg-1', maxPodsPerNode: 64 },
  ...more,
});
const cskForm = (more: Partial<ClusterForm> = {}): ClusterForm => ({
  name: 'east',
  settings: { vpc: 'v', subnet: 's', eip: { mode: 'SET_LATER' } },
  ...more,
});
const told = (issues: readonly { readonly path: readonly (string | number)[]; readonly code: string }[]) =>
  issues.map(({ path, code }) => `${path.join('.')} ${code}`);

describe('the form of a new cluster', () => {
  it.each([
    ['csk', cskForm(), 'CMP-01'],
    ['aks-public', aksForm(), 'CMP-02'],
    ['ecs', ecsForm(), 'CMP-03'],
    ['tcs', { name: 'east', settings: {}, nodes: [row({ count: 3 })] }, 'CMP-04'],
  ])('of the profile %s is taken as its manual has it (%s, %s)', (profile, form) => {
    expect(checkClusterForm(form as ClusterForm, limits(profile), undefined)).toEqual([]);
  });

  it.each([
    ['asks csk for nodes (CMP-01)', 'csk', cskForm({ nodes: [row()] }), ['nodes not_offered']],
    [
      'asks csk for a range of Services (CMP-01)',
      'csk',
      cskForm({ serviceCidr: '10.0.0.0/16' }),
      ['serviceCidr not_offered'],
    ],
    [
      'has no network in csk (CMP-01)',
      'csk',
      cskForm({ settings: {} }),
      ['vpc required', 'subnet required', 'eip required'],
    ],
    [
      'names no elastic IP to use (CMP-01)',
      'csk',
      cskForm({ settings: { vpc: 'v', subnet: 's', eip: { mode: 'USE_EXISTING' } } }),
      ['eip.id required'],
    ],
    ['has no nodes in aks (CMP-02)', 'aks-public', aksForm({ nodes: [] }), ['nodes required']],
    [
      'says no zone of a node in aks (CMP-02)',
      'aks-public',
      aksForm({ nodes: [row({ zone: null })] }),
      ['nodes.0.zone required'],
    ],
    [
      'has a prefix with a digit first (CMP-02)',
      'aks-public',
      aksForm({ nodes: [row({ namePrefix: '1a' })] }),
      ['nodes.0.namePrefix invalid'],
    ],
    [
      'has a prefix of one letter (CMP-02)',
      'aks-public',
      aksForm({ nodes: [row({ namePrefix: 'a' })] }),
      ['nodes.0.namePrefix too_short'],
    ],
    [
      'has a system disk of 99 GiB (CMP-23)',
      'aks-public',
      aksForm({ nodes: [row({ systemDisk: { sizeGiB: 99 } })] }),
      ['nodes.0.systemDisk.sizeGiB too_small'],
    ],
    [
      'has a data disk of 39 GiB (CMP-23)',
      'aks-public',
      aksForm({ nodes: [row({ dataDisk: { sizeGiB: 39 } })] }),
      ['nodes.0.dataDisk.sizeGiB too_small'],
    ],
    ['has 2 masters (CMP-03)', 'ecs', ecsForm({ controlPlane: { count: 2 } }), ['controlPlane.count not_offered']],
    ['has 7 masters (CMP-03)', 'ecs', ecsForm({ controlPlane: { count: 7 } }), ['controlPlane.count not_offered']],
    [
      'has 2 masters where any odd number is offered (CMP-03)',
      'default',
      { name: 'east', settings: {}, controlPlane: { count: 2 } },
      ['controlPlane.count not_offered'],
    ],
    [
      'has a flavour of 2 cores (CMP-03)',
      'ecs',
      ecsForm({ controlPlane: { flavor: { cores: 2, memoryGiB: 8 } } }),
      ['controlPlane.flavor.cores too_small'],
    ],
    [
      'has a flavour of 4 GiB (CMP-03)',
      'ecs',
      ecsForm({ nodes: [row({ flavor: { cores: 4, memoryGiB: 4 } })] }),
      ['nodes.0.flavor.memoryGiB too_small'],
    ],
    [
      'has 31 workers with one master (CMP-03)',
      'ecs',
      ecsForm({ controlPlane: { count: 1 }, nodes: [row({ count: 31 })] }),
      ['nodes too_big'],
    ],
    [
      'has 101 workers with five masters (CMP-03)',
      'ecs',
      ecsForm({ controlPlane: { count: 5 }, nodes: [row({ count: 60 }), row({ zone: 'b', count: 41 })] }),
      ['nodes too_big'],
    ],
    ['has 0 nodes in a row (CMP-03)', 'ecs', ecsForm({ nodes: [row({ count: 0 })] }), ['nodes.0.count too_small']],
    [
      'has 1001 Mbps (CMP-03)',
      'ecs',
      ecsForm({ settings: { ...ecsForm().settings, publicIpBandwidthMbps: 1_001 } }),
      ['publicIpBandwidthMbps too_big'],
    ],
    [
      'has another runtime (CMP-03)',
      'ecs',
      ecsForm({ settings: { ...ecsForm().settings, containerRuntime: 'docker' } }),
      ['containerRuntime not_offered'],
    ],
    [
      'has another version (CMP-03)',
      'ecs',
      ecsForm({ kubernetesVersion: '1.18.0' }),
      ['kubernetesVersion not_offered'],
    ],
    [
      'keeps logs of 65537 GiB (CMP-03)',
      'ecs',
      ecsForm({ settings: { ...ecsForm().settings, logStorage: { sizeGiB: 65_537 } } }),
      ['logStorage.sizeGiB too_big'],
    ],
    [
      'asks tcs for machines of 0 cores (CMP-04)',
      'tcs',
      { name: 'east', settings: {}, nodes: [row({ flavor: { cores: 0, memoryGiB: 8 } })] },
      ['nodes.0.flavor.cores too_small'],
    ],
    [
      'asks tcs for no machines at all in a row (CMP-04)',
      'tcs',
      { name: 'east', settings: {}, nodes: [row({ count: 0 })] },
      ['nodes.0.count too_small'],
    ],
    ['has no name in tcs (CMP-04)', 'tcs', { name: '', settings: {}, nodes: [row()] }, ['name invalid_name']],
    ['has a name with capitals', 'ecs', ecsForm({ name: 'East' }), ['name invalid_name']],
  ])('is refused where it %s', (_what, profile, form, expected) => {
    const issues = told(checkClusterForm(form as ClusterForm, limits(profile), undefined));
    expect(
      issues.map((each, at) => (expected[at]?.endsWith(' invalid') ? each.replace(/ \S+$/, ' invalid') : each)),
    ).toEqual(expected);
  });

  it('takes as many workers as the masters allow, and no more (CMP-03, CMP-14)', () => {
    expect([1, 3, 5].map((masters) => mostWorkers(ecs, masters, 'CREATION'))).toEqual([30, 100, 100]);
    expect([1, 3, 5].map((masters) => mostWorkers(ecs, masters, 'EXPANSION'))).toEqual([30, 250, 500]);
    expect(mostWorkers(limits('tcs'), 1, 'CREATION')).toBeNull();
  });

  it('asks for a unit where its zone has several, and for none where it has one (CMP-02)', () => {
    const zones = [
      { name: 'a', deploymentUnits: ['a1'] },
      { name: 'b', deploymentUnits: ['b1', 'b2'] },
    ];
    const at = (more: Partial<NodesForm>) => told(checkNodes([row(more)], aks, zones));
    expect(at({ zone: 'a' })).toEqual([]);
    expect(at({ zone: 'b' })).toEqual(['nodes.0.deploymentUnit required']);
    expect(at({ zone: 'b', deploymentUnit: 'b2' })).toEqual([]);
    expect(at({ zone: 'b', deploymentUnit: 'a1' })).toEqual(['nodes.0.deploymentUnit unknown_unit']);
    expect(at({ zone: 'c' })).toEqual(['nodes.0.zone unknown_zone']);
  });

  it('counts public addresses: masters, the default router, a default load balancer (CMP-06)', () => {
    expect([publicIpCount(3, true), publicIpCount(3, false), publicIpCount(1, true)]).toEqual([5, 2, 3]);
  });
});

describe('more nodes for a cluster', () => {
  const cluster = {
    metadata: { name: 'east', uid: 'u' },
    spec: {
      topology: {
        controlPlane: { replicas: 1 },
        workers: { machineDeployments: [{ class: 'default', name: 'web', replicas: 29 }] },
      },
    },
  } as unknown as Parameters<typeof planExpansion>[1];
  const there = {
    deployments: [],
    clusterClass: {
      metadata: { name: 'base', namespace: 'fleet', uid: 'c' },
      spec: { variables: [], workers: { machineDeployments: [{ class: 'default' }] } },
    } as unknown as ClusterClassObject,
    zones: undefined,
    unitLabel: 'unit',
  };
  const more = (...nodes: Partial<NodesForm>[]) =>
    planExpansion(nodes as NodesForm[], cluster, there, { ...ecs, flavorMin: null } as never);

  it('are as many as its control plane may have (CMP-14)', () => {
    expect(told(more({ count: 1, namePrefix: 'web' }).issues)).toEqual([]);
  });
  it.each([
    ['one worker too many', [{ count: 2, namePrefix: 'web' }], 'nodes too_big'],
    [
      'rows that are too many together',
      [
        { count: 1, namePrefix: 'web' },
        { count: 1, namePrefix: 'db', zone: 'b' },
      ],
      'nodes too_big',
    ],
    ['no rows', [], 'nodes required'],
    ['a row of 0', [{ count: 0, namePrefix: 'web' }], 'nodes.0.count too_small'],
  ])('are refused for %s (CMP-14) (refused, bad input)', (_what, nodes, expected) => {
    expect(told(more(...nodes).issues)).toContain(expected);
  });
});

describe('rows of nodes', () => {
  const rows = fc.array(
    fc.record({
      zone: fc.constantFrom('a', 'b', null),
      deploymentUnit: fc.constantFrom('u1', 'u2', null),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 12 },
  );
  it('for the same zone and unit leave the last one alone (CMP-02)', () => {
    fc.assert(
      fc.property(rows, (nodes) => {
        const kept = withoutOverwritten(nodes);
        const places = kept.map(({ zone, deploymentUnit }) => `${zone}/${deploymentUnit}`);
        expect(new Set(places).size).toBe(places.length);
        for (const each of nodes) {
          const same = nodes.filter(
            (other) => other.zone === each.zone && other.deploymentUnit === each.deploymentUnit,
          );
          expect(kept).toContain(same.at(-1));
        }
      }),
    );
  });
  it('get names of their own that a label takes', () => {
    const named = fc.array(
      fc.record({ count: fc.constant(1), namePrefix: fc.constantFrom('web', 'web-2', 'a'.repeat(63), '') }),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(named, (nodes) => {
        const names = nameGroups(nodes, ['web']);
        expect(new Set([...names, 'web']).size).toBe(nodes.length + 1);
        for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
  });
});

describe('the version of a new cluster', () => {
  it.each([
    [undefined, ['1.18'], null, 'v1.18.0'],
    ['1.18', ['1.18'], ['v1.18.20', 'v1.18.3', 'v1.19.0'], 'v1.18.20'],
    [undefined, null, ['v1.34.1', 'v1.35.2'], 'v1.35.2'],
    ['v1.35.2', null, null, 'v1.35.2'],
    ['1.16.6', ['1.16.6'], null, 'v1.16.6'],
  ])('asked for %s, offered %j, served %j is %s (CMP-01, CMP-03)', (wanted, offered, served, version) => {
    expect(chooseVersion(wanted, offered, served)).toEqual({ version, issues: [] });
  });
  it.each([
    ['1.19.0', ['1.18'], null, 'not_offered'],
    ['1.18.0', ['1.18'], ['v1.35.2'], 'not_offered'],
    ['latest', null, null, 'invalid_version'],
  ])('asked for %s, offered %j, served %j is refused as %s', (wanted, offered, served, code) => {
    expect(chooseVersion(wanted, offered, served).issues).toMatchObject([{ path: ['kubernetesVersion'], code }]);
  });
});

describe('networks of a new cluster', () => {
  const taken = [{ cidr: '10.0.0.0/16', of: "the VPC 'shop'" }];
  it.each([
    [{ podCidr: '10.0.128.0/17' }, ['podCidr overlaps']],
    [{ podCidr: '10.244.0.0/16', serviceCidr: '10.244.4.0/24' }, ['serviceCidr overlaps']],
    [{ serviceCidr: '10.0.0.0/8' }, ['serviceCidr overlaps']],
    [{ podCidr: '10.244.1.7/16' }, ['podCidr invalid_cidr']],
    [{ podCidr: 'pods' }, ['podCidr invalid_cidr']],
    [{ podCidr: '10.244.0.0/30' }, ['podCidr invalid_cidr']],
    [{ podCidr: 'fd00::/48' }, ['podCidr not_offered']],
    [{ podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' }, []],
    [{}, []],
  ])('%j are told as %j (CMP-02)', (networks, expected) => {
    expect(told(checkNetworks(networks, taken))).toEqual(expected);
  });
  it('that are taken never share an address with one that was there (CMP-02)', () => {
    const cidr = fc
      .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 8, max: 26 }))
      .map(([address, prefix]) => {
        const first = Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
        return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`;
      });
    fc.assert(
      fc.property(cidr, cidr, cidr, (podCidr, serviceCidr, vpc) => {
        const networks = [podCidr, serviceCidr, vpc].map((text) => parseCidr(text));
        const meets = networks.some((one, at) =>
          networks.slice(at + 1).some((other) => one && other && !(one.last < other.first || other.last < one.first)),
        );
        expect(checkNetworks({ podCidr, serviceCidr }, [{ cidr: vpc, of: 'the VPC' }]).length > 0).toBe(meets);
      }),
    );
  });
});

describe('the quota of a management namespace', () => {
  const wanted = { MACHINES: 4, CLUSTERS: 1, VCPUS: 16, MEMORY_GIB: 32, VOLUMES: 8, VOLUME_GIB: 560 };
  const none = { MACHINES: 0, CLUSTERS: 0, VCPUS: 0, MEMORY_GIB: 0, VOLUMES: 0, VOLUME_GIB: 0 };
  it('tells each item that is exceeded with what is left of it (CMP-05)', () => {
    const there = [{ ...none, VCPUS: 7, VOLUMES: 10 }];
    const effects = effectOnQuotas(wanted, there, [
      {
        hard: { 'longshore.dev/vcpus': '20', 'longshore.dev/volumes': '10', 'count/machines.cluster.x-k8s.io': '9' },
        used: { 'count/machines.cluster.x-k8s.io': '3' },
      },
    ]);
    expect(effects.map(({ item, remaining, isExceeded }) => [item, remaining, isExceeded])).toEqual([
      ['MACHINES', 6, false],
      ['VCPUS', 13, true],
      ['VOLUMES', 0, true],
    ]);
    expect(tellExceeded(effects)).toContain('vCPU available 13, asked for 16; volumes available 0, asked for 8');
  });
  it('refuses nothing that is not asked for, and nothing without a quota (CMP-05)', () => {
    expect(effectOnQuotas(wanted, [], [])).toEqual([]);
    const effects = effectOnQuotas(none, [{ ...none, VCPUS: 99 }], [{ hard: { 'longshore.dev/vcpus': '20' } }]);
    expect(tellExceeded(effects)).toBeUndefined();
    expect(moreThan(wanted, wanted)).toEqual(none);
  });
});

describe('the Cluster that a form becomes', () => {
  const classWith = (...names: string[]) =>
    ({
      metadata: { name: 'base', namespace: 'fleet', uid: 'u' },
      spec: { variables: names.map((name) => ({ name })), workers: { machineDeployments: [{ class: 'default' }] } },
    }) as unknown as ClusterClassObject;
  const place = (...names: string[]) => ({
    namespace: 'fleet',
    clusterClass: classWith(...names),
    version: 'v1.35.2',
    workspace: undefined,
    unitLabel: 'unit',
    description: undefined,
  });

  it('says each field that its class has no variable for, and drops none (CMP-02)', () => {
    const form = aksForm({ settings: { ...aksForm().settings, serviceMesh: true, rootPasswordSecret: 'login' } });
    const { issues } = clusterManifest(form, aks, place('nodeFlavor', 'systemDisk', 'securityGroup'));
    expect(told(issues)).toEqual([
      'vSwitches capability_missing',
      'maxPodsPerNode capability_missing',
      'serviceMesh capability_missing',
      'rootPasswordSecret capability_missing',
    ]);
  });

  it('has a group for each zone and unit, and nothing of what is switched off (CMP-02)', () => {
    const form = aksForm({
      nodes: [
        row({ count: 9 }),
        row({ zone: 'b', deploymentUnit: 'b1', namePrefix: 'db', count: 2 }),
        row({ count: 3 }),
      ],
      settings: { ...aksForm().settings, serviceMesh: false, logService: { isEnabled: false } },
    });
    const names = ['nodeFlavor', 'systemDisk', 'securityGroup', 'vSwitches', 'maxPodsPerNode'];
    const { issues, manifest } = clusterManifest(form, aks, place(...names));
    expect(issues).toEqual([]);
    expect(manifest.spec.topology.workers?.machineDeployments).toEqual([
      expect.objectContaining({
        name: 'db',
        failureDomain: 'b',
        replicas: 2,
        metadata: expect.objectContaining({ labels: { unit: 'b1' } }),
      }),
      expect.objectContaining({ name: 'web', failureDomain: 'a', replicas: 3 }),
    ]);
    expect(manifest.spec.topology.variables?.map(({ name }) => name)).toEqual([
      'vSwitches',
      'securityGroup',
      'maxPodsPerNode',
    ]);
    expect(manifest.spec.topology.controlPlane?.replicas).toBe(1);
  });

  it('has the disks that the profile names where nobody did, as far as the class knows them (CMP-03)', () => {
    const names = ['sshKeyPair', 'networkZone', 'systemDisk'];
    const { issues, manifest } = clusterManifest(ecsForm(), ecs, place(...names));
    expect(issues).toEqual([]);
    expect(manifest.spec.topology.controlPlane).toMatchObject({
      replicas: 3,
      metadata: { annotations: { 'longshore.dev/disks': '40' } },
      variables: { overrides: [{ name: 'systemDisk', value: { sizeGiB: 40 } }] },
    });
    expect(manifest.spec.topology.workers?.machineDeployments).toMatchObject([{ name: 'workers', replicas: 1 }]);
    expect(demandOf(manifest as never)).toMatchObject({ MACHINES: 4, CLUSTERS: 1, VOLUMES: 4, VOLUME_GIB: 160 });
  });
});
