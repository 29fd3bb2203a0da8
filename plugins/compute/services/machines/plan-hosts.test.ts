import { describe, expect, it } from 'vitest';
import { isCleared, stateOfHost } from './host-facts.ts';
import { planHosts } from './plan-hosts.ts';

const shop = '11111111-2222-4333-8444-555555555555';
const cluster = (workspace?: string) =>
  ({
    metadata: {
      name: 'east',
      uid: 'abcdef01-0000-4000-8000-000000000000',
      annotations: workspace ? { 'longshore.dev/workspace': workspace } : {},
    },
    spec: { topology: { workers: { machineDeployments: [{ class: 'c', name: 'machines', replicas: 1 }] } } },
  }) as never;
const clusterClass = (...names: readonly string[]) =>
  ({
    metadata: { name: 'base' },
    spec: { variables: names.map((name) => ({ name })), workers: { machineDeployments: [{ class: 'metal' }] } },
  }) as never;
const host = (name: string, more: { labels?: object; annotations?: object; spec?: object; status?: object } = {}) =>
  ({
    metadata: { name, labels: more.labels ?? {}, annotations: more.annotations ?? {} },
    spec: { online: true, ...more.spec },
    status: { operationalStatus: 'OK', provisioning: { state: 'available' }, ...more.status },
  }) as never;
const withPassword = (secret: string) => ({ annotations: { 'longshore.dev/root-password-secret': secret } });
const both = clusterClass('hostSelector', 'rootPasswordSecret');

function plan(names: readonly string[], hosts: readonly unknown[], more: object = {}) {
  const { of = cluster(), ...rest } = more as { of?: never };
  return planHosts(names, of, {
    hosts: hosts as never,
    promised: new Set(),
    clusterClass: both,
    taken: [],
    ...rest,
  });
}
const codes = ({ issues }: ReturnType<typeof planHosts>) => issues.map(({ path, code }) => `${path.join('.')} ${code}`);

describe('machines that are there already', () => {
  it('become a group of their own, which finds them by a mark (CMP-24)', () => {
    expect(plan(['a', 'b'], [host('a'), host('b'), host('c')])).toEqual({
      issues: [],
      hosts: [
        { name: 'a', mark: 'abcdef01-machines-2' },
        { name: 'b', mark: 'abcdef01-machines-2' },
      ],
      groups: [
        {
          class: 'metal',
          name: 'machines-2',
          replicas: 2,
          variables: {
            overrides: [
              {
                name: 'hostSelector',
                value: { matchLabels: { 'longshore.dev/machine-group': 'abcdef01-machines-2' } },
              },
            ],
          },
        },
      ],
    });
  });

  it('with different new passwords become different groups (CMP-24, CMP-26)', () => {
    const { groups, hosts } = plan(
      ['a', 'b', 'c'],
      [host('a', withPassword('one')), host('b'), host('c', withPassword('one'))],
    );
    expect(groups.map(({ name, replicas, variables }) => [name, replicas, variables?.overrides?.[1]?.value])).toEqual([
      ['machines-2', 2, 'one'],
      ['machines-3', 1, undefined],
    ]);
    expect(hosts.map(({ name, mark }) => `${name} ${mark}`)).toEqual([
      'a abcdef01-machines-2',
      'c abcdef01-machines-2',
      'b abcdef01-machines-3',
    ]);
  });

  it.each([
    ['another workspace', host('a', { labels: { 'longshore.dev/workspace': 'other' } }), {}, 'unknown_machine'],
    ['no workspace, for a cluster of one', host('a'), { of: cluster(shop) }, 'unknown_machine'],
    ['use', host('a', { spec: { consumerRef: { kind: 'Metal3Machine', name: 'm' } } }), {}, 'not_available'],
    ['cleaning', host('a', { status: { provisioning: { state: 'deprovisioning' } } }), {}, 'not_available'],
    ['error', host('a', { status: { operationalStatus: 'error' } }), {}, 'not_available'],
    ['promise to another expansion', host('a'), { promised: new Set(['a']) }, 'not_available'],
    [
      'need of a password',
      host('a', withPassword('p')),
      { clusterClass: clusterClass('hostSelector') },
      'capability_missing',
    ],
  ])('are refused while one is in %s (CMP-24)', (_what, found, more, code) => {
    expect(codes(plan(['a'], [found], more))).toEqual([`existingMachines.0 ${code}`]);
  });

  it('of the workspace of the cluster may be used (CMP-24)', () => {
    const own = host('a', { labels: { 'longshore.dev/workspace': shop } });
    expect(plan(['a'], [own], { of: cluster(shop) }).issues).toEqual([]);
  });

  it('are no nodes of a cluster whose class cannot be told of them (CMP-24) (refused)', () => {
    for (const other of [clusterClass(), undefined]) {
      expect(() => plan(['a'], [host('a')], { clusterClass: other })).toThrow('takes none that are there');
    }
    expect(plan([], [], { clusterClass: clusterClass() })).toEqual({ issues: [], groups: [], hosts: [] });
  });

  it('are 100 at once at the most (CMP-24)', () => {
    const names = Array.from({ length: 101 }, (_each, at) => `m${at}`);
    expect(
      codes(
        plan(
          names,
          names.map((name) => host(name)),
        ),
      ),
    ).toEqual(['existingMachines too_big']);
  });
});

describe('a host of the pool', () => {
  it.each([
    [undefined, 'UNKNOWN'],
    ['inspecting', 'PREPARING'],
    ['ready', 'AVAILABLE'],
    ['externally provisioned', 'IN_USE'],
    ['powering off before delete', 'LEAVING'],
    ['something new', 'UNKNOWN'],
  ])('whose provisioning is %s is %s (CMP-24)', (state, expected) => {
    expect(stateOfHost(host('a', { status: { provisioning: { state } } }))).toBe(expected);
  });

  it('is cleared from when its node went until somebody uses it again (CMP-24)', () => {
    const cleared = { annotations: { 'longshore.dev/cleared-at': '2026-01-01T00:00:00Z' } };
    expect(isCleared(host('a', cleared))).toBe(true);
    expect(isCleared(host('a', { ...cleared, status: { provisioning: { state: 'deprovisioning' } } }))).toBe(false);
    expect(isCleared(host('a', { ...cleared, spec: { consumerRef: { name: 'm' } } }))).toBe(false);
    expect(isCleared(host('a'))).toBe(false);
  });
});
