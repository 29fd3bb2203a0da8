import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeObject } from '../../api.ts';
import { makeNode } from '../../testing/make-objects.ts';
import { layoutOf } from './cluster-layout.ts';
import { layoutKindOf } from './layout-kind.ts';

const unitLabel = 'longshore.dev/deployment-unit';
const rules = { unitLabel, regionOfZone: () => undefined };

/** `city/centre/unit`, each of them optional; `!` for one that is not ready, `*` for one of the control plane. */
function node(word: string, index: number): NodeObject {
  const [region, zone, unit] = word.replace(/[!*]/g, '').split('/');
  const labels = {
    ...(region ? { 'topology.kubernetes.io/region': region } : {}),
    ...(zone ? { 'topology.kubernetes.io/zone': zone } : {}),
    ...(unit ? { [unitLabel]: unit } : {}),
    ...(word.includes('*') ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
  };
  const conditions = [{ type: 'Ready', status: word.includes('!') ? 'False' : 'True' }];
  return makeNode({
    metadata: { name: `n${index}`, labels },
    status: { allocatable: { cpu: '4', memory: '8Gi' }, conditions },
  });
}
const layout = (...words: string[]) => layoutOf(words.map(node), rules);

describe('the layout of a cluster (CMP-18)', () => {
  it.each([
    { kind: 'UNKNOWN', words: [] },
    { kind: 'UNKNOWN', words: ['//a', '//b'] },
    { kind: 'SINGLE_ZONE', words: ['east/e1', 'east/e1'] },
    { kind: 'SINGLE_ZONE', words: ['/e1', '/e1'] },
    { kind: 'TWO_DATA_CENTRES_ONE_CITY', words: ['east/e1', 'east/e2', 'east/e2'] },
    { kind: 'THREE_DATA_CENTRES_TWO_CITIES', words: ['east/e1', 'east/e2', 'west/w1'] },
    { kind: 'SEVERAL_ZONES', words: ['east/e1', 'east/e2', 'east/e3'] },
    { kind: 'SEVERAL_REGIONS', words: ['east/e1', 'west/w1'] },
    { kind: 'SEVERAL_REGIONS', words: ['east/e1', 'west/w1', 'south/s1'] },
    { kind: 'SEVERAL_REGIONS', words: ['east/e1', 'east/e2', 'west/w1', 'west/w2'] },
    { kind: 'SEVERAL_REGIONS', words: ['east/1', 'west/1'] },
    { kind: 'UNKNOWN', words: ['east/e1', '/e2'] },
  ])('of $words is $kind', ({ kind, words }) => {
    expect(layout(...words).kind).toBe(kind);
  });

  it('goes by the settings for the region of a zone whose nodes do not say it, and by the nodes where they do', () => {
    const regionOfZone = (zone: string) => (zone.startsWith('e') ? 'east' : undefined);
    const nodes = ['/e1', '/e2', 'west/e3'].map(node);
    const { kind, zones } = layoutOf(nodes, { unitLabel, regionOfZone });
    expect(kind).toBe('THREE_DATA_CENTRES_TWO_CITIES');
    expect(zones.map(({ region, name }) => `${region}/${name}`)).toEqual(['east/e1', 'east/e2', 'west/e3']);
  });

  it('is cell-based where there are two units or more, in whichever zones', () => {
    expect(layout('east/e1/a', 'east/e2/a').isCellBased).toBe(false);
    const { isCellBased, units, zones, nodesWithoutUnit } = layout('east/e1/a', 'east/e2/a', 'east/e2/b', 'east/e2');
    expect(isCellBased).toBe(true);
    expect(units.map(({ name, zones: of }) => [name, of])).toEqual([
      ['a', ['e1', 'e2']],
      ['b', ['e2']],
    ]);
    expect(zones.map(({ name, units: of }) => [name, of])).toEqual([
      ['e1', ['a']],
      ['e2', ['a', 'b']],
    ]);
    expect(nodesWithoutUnit).toBe(1);
  });

  it('tells of each zone its nodes, those that are ready, and what pods may have on them', () => {
    const { zones, unplaced } = layout('east/e1', 'east/e1!', 'east/e2*', 'east');
    expect(zones).toMatchObject([
      { name: 'e1', nodes: { length: 2 }, ready: 1, controlPlaneNodes: 0, cpuAllocatableMillicores: 8_000 },
      { name: 'e2', nodes: { length: 1 }, ready: 1, controlPlaneNodes: 1, memoryAllocatableBytes: 8 * 2 ** 30 },
    ]);
    expect(unplaced).toHaveLength(1);
  });
});

describe('what a cluster would lose (CMP-18)', () => {
  const zone = (name: string, ...words: string[]) => layout(...words).zones.find((each) => each.name === name)?.ifLost;

  it('of its units: those that have no ready node elsewhere', () => {
    expect(zone('e1', 'east/e1/a', 'east/e1/b', 'east/e2/a')?.units).toEqual(['b']);
    expect(zone('e1', 'east/e1/a', 'east/e2/a!')?.units).toEqual(['a']);
    expect(zone('e2', 'east/e1/a', 'east/e2/a!')?.units).toEqual([]);
  });

  it.each([
    { words: ['east/e1', 'east/e2'], fate: 'UNKNOWN' },
    { words: ['east/e1*', 'east/e2'], fate: 'LOSES_QUORUM' },
    { words: ['east/e1', 'east/e2*'], fate: 'KEEPS_QUORUM' },
    { words: ['east/e1*', 'east/e2*'], fate: 'LOSES_QUORUM' },
    { words: ['east/e1*', 'east/e2*', 'east/e2*'], fate: 'KEEPS_QUORUM' },
    { words: ['east/e1*', 'east/e1*', 'east/e2*'], fate: 'LOSES_QUORUM' },
    { words: ['east/e1*', 'east/e2*', 'east/e2*!'], fate: 'LOSES_QUORUM' },
    { words: ['east/e1*', 'east/e1*', 'east/e2*', 'east/e2*', 'west/w1*'], fate: 'KEEPS_QUORUM' },
  ])('of its control plane with e1 in $words: $fate', ({ words, fate }) => {
    expect(zone('e1', ...words)?.controlPlane).toBe(fate);
  });

  it('with a city: what is in all its zones', () => {
    const { regions } = layout('east/e1/a*', 'east/e2/b*', 'west/w1/c*');
    expect(regions).toMatchObject([
      {
        name: 'east',
        zones: ['e1', 'e2'],
        ifLost: { units: ['a', 'b'], controlPlane: 'LOSES_QUORUM', cpuPercent: 66.67 },
      },
      { name: 'west', zones: ['w1'], ifLost: { units: ['c'], controlPlane: 'KEEPS_QUORUM', memoryPercent: 33.33 } },
    ]);
  });

  it('is not told in percent where no node is ready', () => {
    expect(zone('e1', 'east/e1!')).toMatchObject({ cpuPercent: undefined, memoryPercent: undefined, units: [] });
  });
});

describe('layouts of any nodes (CMP-18)', () => {
  const words = fc.array(
    fc
      .tuple(
        fc.constantFrom('', 'east', 'west'),
        fc.constantFrom('', '1', '2', '3'),
        fc.constantFrom('', 'a', 'b'),
        fc.constantFrom('', '!', '*', '!*'),
      )
      .map(([region, at, unit, marks]) => `${region}/${at}/${unit}${marks}`),
    { maxLength: 12 },
  );

  it('have each node in one zone, or in none', () => {
    fc.assert(
      fc.property(words, (some) => {
        const { zones, unplaced } = layout(...some);
        const placed = zones.flatMap(({ nodes }) => nodes);
        expect([...placed, ...unplaced].map(({ metadata }) => metadata.name).sort()).toEqual(
          some.map((_, i) => `n${i}`).sort(),
        );
        expect(layoutKindOf(zones)).toBe(layout(...some).kind);
      }),
    );
  });

  it('lose no less with a region than with a zone of it', () => {
    fc.assert(
      fc.property(words, (some) => {
        const { zones, regions } = layout(...some);
        for (const { region, ifLost } of zones) {
          const whole = regions.find(({ name }) => name === region)?.ifLost;
          if (!whole) continue;
          expect(ifLost.units.every((unit) => whole.units.includes(unit))).toBe(true);
          expect(whole.cpuPercent ?? 0).toBeGreaterThanOrEqual(ifLost.cpuPercent ?? 0);
          if (ifLost.controlPlane === 'LOSES_QUORUM') expect(whole.controlPlane).toBe('LOSES_QUORUM');
        }
      }),
    );
  });
});
