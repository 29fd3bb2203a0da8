import { describe, expect, it } from 'vitest';
import { placeInWorkspace, unitsOfWorkspace } from './place-in-workspace.ts';

const zone = (name: string, ...deploymentUnits: string[]) => ({ name, deploymentUnits });
const regions = [
  { name: 'here', displayName: 'Here', zones: [zone('a', 'one'), zone('b', 'two', 'three'), zone('c'), zone('d')] },
];
const workspace = { identifier: 'dev', region: 'here', zones: ['a', 'b', 'c'] };

describe('placeInWorkspace', () => {
  it.each([
    { title: 'takes the only deployment unit', zone: 'a', chosen: undefined, unit: 'one' },
    { title: 'takes the one that was chosen of several', zone: 'b', chosen: 'three', unit: 'three' },
    { title: 'takes none where there are none', zone: 'c', chosen: undefined, unit: null },
  ])('$title (CORE-04)', ({ zone: name, chosen, unit }) => {
    expect(placeInWorkspace(regions, workspace, name, chosen)).toEqual({ zone: name, deploymentUnit: unit });
  });

  it.each([
    { title: 'another unit than the only one', zone: 'a', chosen: 'two' },
    { title: 'none of several', zone: 'b', chosen: undefined },
    { title: 'a unit of another zone', zone: 'b', chosen: 'one' },
    { title: 'a unit where there are none', zone: 'c', chosen: 'one' },
  ])('refuses $title (CORE-04)', ({ zone: name, chosen }) => {
    expect(() => placeInWorkspace(regions, workspace, name, chosen)).toThrow('deploymentUnit must be');
  });

  it('places what lies in a zone of the workspace, also where no regions are configured (CORE-03)', () => {
    expect(placeInWorkspace([], workspace, 'a', undefined)).toEqual({ zone: 'a', deploymentUnit: null });
  });

  it('refuses what lies in another zone (CORE-03)', () => {
    expect(() => placeInWorkspace(regions, workspace, 'd', undefined)).toThrow(
      "Workspace 'dev' has the zones a, b, c of region here, not d",
    );
  });
});

describe('unitsOfWorkspace', () => {
  it('has the units of its zones alone, in the order of the settings (CORE-04)', () => {
    expect(unitsOfWorkspace(regions, { region: 'here', zones: ['b', 'a'] })).toEqual([
      { zone: 'a', deploymentUnit: 'one' },
      { zone: 'b', deploymentUnit: 'two' },
      { zone: 'b', deploymentUnit: 'three' },
    ]);
  });

  it('has each name once, also where two zones say it', () => {
    const twice = [{ name: 'here', displayName: 'Here', zones: [zone('a', 'one'), zone('b', 'two', 'one')] }];
    expect(unitsOfWorkspace(twice, workspace).map(({ deploymentUnit }) => deploymentUnit)).toEqual(['one', 'two']);
  });

  it.each([
    { title: 'its zones have none', of: { region: 'here', zones: ['c'] } },
    { title: 'its region is not configured', of: { region: 'there', zones: ['a'] } },
  ])('has none where $title', ({ of }) => {
    expect(unitsOfWorkspace(regions, of)).toEqual([]);
  });
});
