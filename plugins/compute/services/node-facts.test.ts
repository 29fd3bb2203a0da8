import { describe, expect, it } from 'vitest';
import { makeNode } from '../testing/make-objects.ts';
import {
  instanceTypeOf,
  internalIPOf,
  isNodeReady,
  isNodeSchedulable,
  nodeStateOf,
  nodeTypeOf,
  regionOf,
  rolesOf,
  zoneOf,
} from './node-facts.ts';

const labelled = (labels: object) => makeNode({ metadata: { labels } });

describe('rolesOf', () => {
  it.each([
    [
      'labels of roles, sorted',
      { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' },
      ['control-plane', 'worker'],
    ],
    ['the old label', { 'kubernetes.io/role': 'agent' }, ['agent']],
    ['a role once', { 'kubernetes.io/role': 'worker', 'node-role.kubernetes.io/worker': '' }, ['worker']],
    ['no role from an empty one (refused)', { 'node-role.kubernetes.io/': '', 'kubernetes.io/role': '' }, []],
  ])('reads %s', (_name, labels, roles) => {
    expect(rolesOf(labelled(labels))).toEqual(roles);
  });
});

describe('zoneOf, regionOf and instanceTypeOf', () => {
  it('read the labels of today before those of old', () => {
    const node = labelled({
      'topology.kubernetes.io/zone': 'a',
      'failure-domain.beta.kubernetes.io/zone': 'b',
      'failure-domain.beta.kubernetes.io/region': 'eu',
      'node.kubernetes.io/instance-type': 'm5',
    });
    expect([zoneOf(node), regionOf(node), instanceTypeOf(node)]).toEqual(['a', 'eu', 'm5']);
  });
  it('are unknown without labels', () => {
    const node = makeNode({});
    expect([zoneOf(node), regionOf(node), instanceTypeOf(node)]).toEqual([undefined, undefined, undefined]);
  });
});

describe('isNodeReady', () => {
  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', false],
  ])('takes a condition Ready that is %s as %s', (status, expected) => {
    expect(isNodeReady(makeNode({ status: { conditions: [{ type: 'Ready', status }] } }))).toBe(expected);
  });
});

describe('isNodeSchedulable', () => {
  it('is true unless the node is cordoned', () => {
    expect(isNodeSchedulable(makeNode({ spec: {} }))).toBe(true);
  });
  it('is false for a cordoned node (CMP-20, refused)', () => {
    expect(isNodeSchedulable(makeNode({ spec: { unschedulable: true } }))).toBe(false);
  });
});

describe('nodeTypeOf', () => {
  it.each([
    ['control-plane', 'MASTER'],
    ['master', 'MASTER'],
    ['worker', 'WORKER'],
    ['', 'WORKER'],
    ['control-planes', 'WORKER'],
  ])('takes a node with the role "%s" for a %s (CMP-19)', (role, type) => {
    expect(nodeTypeOf(labelled({ [`node-role.kubernetes.io/${role}`]: '' }))).toBe(type);
  });
});

it.each([
  ['no labels', {}],
  ['roles of no name', { 'node-role.kubernetes.io/': '', 'kubernetes.io/role': '' }],
  ['a role of its own', { 'node-role.kubernetes.io/Master': '', 'kubernetes.io/role': 'control plane' }],
])('a node with %s is refused the type MASTER (CMP-19, bad input)', (_what, labels) => {
  expect(nodeTypeOf(labelled(labels))).toBe('WORKER');
});

describe('nodeStateOf', () => {
  it.each([
    ['a word that Kubernetes has not', [{ type: 'Ready', status: 'true' }]],
    ['no word', [{ type: 'Ready' }]],
    [
      'other conditions alone',
      [
        { type: 'ready', status: 'True' },
        { type: 'DiskPressure', status: 'True' },
      ],
    ],
  ])('knows nothing of a node that says %s (CMP-20, bad input)', (_what, conditions) => {
    expect(nodeStateOf(makeNode({ status: { conditions } }))).toBe('UNKNOWN');
    expect(isNodeReady(makeNode({ status: { conditions } }))).toBe(false);
  });

  it.each([
    ['True', 'READY'],
    ['False', 'NOT_READY'],
    ['Unknown', 'UNKNOWN'],
    [undefined, 'UNKNOWN'],
  ])('takes a condition Ready of %s for %s (CMP-20)', (status, state) => {
    const conditions = status === undefined ? [] : [{ type: 'Ready', status }];
    expect(nodeStateOf(makeNode({ status: { conditions } }))).toBe(state);
  });
});

it('tells the address inside the network of the nodes, and none where there is none (CMP-20)', () => {
  const addresses = [
    { type: 'Hostname', address: 'n1' },
    { type: 'InternalIP', address: '10.0.0.1' },
    { type: 'InternalIP', address: 'fd00::1' },
  ];
  expect(internalIPOf(makeNode({ status: { addresses } }))).toBe('10.0.0.1');
  expect(internalIPOf(makeNode({}))).toBeUndefined();
});
