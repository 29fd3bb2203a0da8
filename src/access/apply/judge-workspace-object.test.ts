import { describe, expect, it } from 'vitest';
import { type WorkspaceKind, workspaceLabel } from '../workspace-kinds.ts';
import { judgeWorkspaceObject } from './judge-workspace-object.ts';
import { printPath } from './read-manifest.ts';

const kind: WorkspaceKind = {
  kind: { group: 'kubeovn.io', version: 'v1', kind: 'Subnet', plural: 'subnets', isNamespaced: false },
  fields: { cidrBlock: 'any', namespaces: 'any', provider: ['ovn'] },
  namespaceFields: ['namespaces'],
};
const own = { workspaces: new Set(['w-1']), hasNamespace: (name: string) => name === 'shop' };
const subnet = (spec: unknown, workspace: unknown = 'w-1') => ({
  metadata: { name: 'front', labels: { [workspaceLabel]: workspace } },
  spec,
});
const refusals = (object: unknown): string[] =>
  judgeWorkspaceObject(kind, object, own).map(({ rule, path }) => `${rule} at ${printPath(path)}`);

describe('what members write of kinds that lie in no namespace', () => {
  it.each([
    ['what members may say', subnet({ cidrBlock: '10.0.0.0/24', namespaces: ['shop'] })],
    ['a value that the engine fills in', subnet({ provider: 'ovn' })],
    [
      'what is off, empty or zero',
      subnet({ vlan: '', mtu: 0, u2oInterconnection: false, acls: [], dhcp: { on: false } }),
    ],
    ['no spec at all', subnet(undefined)],
  ])('may say %s (CORE-17)', (_what, object) => {
    expect(refusals(object)).toEqual([]);
  });

  it.each([
    ['is of another workspace', subnet({}, 'w-2'), `workspace at metadata.labels["${workspaceLabel}"]`],
    [
      'is of no workspace',
      { metadata: { name: 'front' }, spec: {} },
      `workspace at metadata.labels["${workspaceLabel}"]`,
    ],
    ['names a workspace as a list', subnet({}, ['w-1']), `workspace at metadata.labels["${workspaceLabel}"]`],
    ['names a workspace as nothing', subnet({}, ''), `workspace at metadata.labels["${workspaceLabel}"]`],
    ['says what is for administrators', subnet({ vlan: 'vlan9' }), 'field at spec.vlan'],
    ['says what everything inherits', subnet(JSON.parse('{"constructor":"x"}')), 'field at spec.constructor'],
    ['says another value than those that are open', subnet({ provider: 'net1.shop' }), 'field at spec.provider'],
    ['takes in a namespace of others', subnet({ namespaces: ['shop', 'bank'] }), 'namespace at spec.namespaces[1]'],
    ['takes in what is no name', subnet({ namespaces: [7] }), 'namespace at spec.namespaces[0]'],
    ['has no spec that could be read', subnet('all'), 'manifest at spec'],
    ['is no object', 'all', 'manifest at '],
  ])('are refused what %s (refused, CORE-17)', (_what, object, expected) => {
    expect(refusals(object)).toEqual([expected]);
  });
});
