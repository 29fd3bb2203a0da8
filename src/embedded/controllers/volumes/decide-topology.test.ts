import { describe, expect, it } from 'vitest';
import type { Node } from '../kubernetes-shapes.ts';
import { decideTopology, type Topology } from './decide-topology.ts';

const zone = 'topology.kubernetes.io/zone';
const rack = 'example.com/rack';
const node = (name: string, labels: Topology): Node => ({ metadata: { name, labels }, spec: {} }) as Node;
const nodes = [node('one', { [zone]: 'a', [rack]: '1' }), node('two', { [zone]: 'b', [rack]: '2' })];
const term = (...expressions: readonly (readonly [string, ...string[]])[]) => ({
  matchLabelExpressions: expressions.map(([key, ...values]) => ({ key, values })),
});

describe('decideTopology', () => {
  it.each([
    { name: 'everywhere where nothing is said', terms: [], chosen: undefined, is: undefined },
    { name: 'in the zone of the node that was chosen', terms: [], chosen: nodes[1], is: { [zone]: 'b' } },
    {
      name: 'in the first zone that is allowed',
      terms: [term([zone, 'a', 'b'])],
      chosen: undefined,
      is: { [zone]: 'a' },
    },
    { name: 'in one with nodes', terms: [term([zone, 'c', 'b'])], chosen: undefined, is: { [zone]: 'b' } },
    {
      name: 'where the class says, if no node is there',
      terms: [term([zone, 'c'])],
      chosen: undefined,
      is: { [zone]: 'c' },
    },
    {
      name: 'in an allowed place of the node that was chosen, by all its labels',
      terms: [term([zone, 'a']), term([zone, 'b'], [rack, '1', '2'])],
      chosen: nodes[1],
      is: { [zone]: 'b', [rack]: '2' },
    },
  ])('puts a volume $name', ({ terms, chosen, is }) => {
    expect(decideTopology({ allowedTopologies: terms }, nodes, chosen)).toEqual({ topology: is });
  });

  it('puts none with a node that is nowhere where the class allows it (refused)', () => {
    const decided = decideTopology({ allowedTopologies: [term([zone, 'b'], [rack, '1'])] }, nodes, nodes[1]);
    expect(decided).toEqual({ problem: expect.stringContaining(`selected node '"two"' topology`) });
  });
});
