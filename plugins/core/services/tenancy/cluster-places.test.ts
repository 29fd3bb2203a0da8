import { describe, expect, it } from 'vitest';
import { isInWorkspace, placeOfLabels, reachesIntoWorkspace } from './cluster-places.ts';
import { placeNodeInWorkspace } from './place-in-workspace.ts';

const workspace = { identifier: 'dev', region: 'here', zones: ['a', 'b'] };
const labels = (zone: string, region?: string) => ({
  'topology.kubernetes.io/zone': zone,
  ...(region === undefined ? {} : { 'topology.kubernetes.io/region': region }),
});
const regions = [
  {
    name: 'here',
    displayName: 'Here',
    zones: [
      { name: 'a', deploymentUnits: ['one'] },
      { name: 'b', deploymentUnits: ['two', 'three'] },
    ],
  },
];

describe('a node', () => {
  it('lies in a workspace by the zone that its labels name (CORE-03)', () => {
    expect(placeOfLabels(labels('a', 'here'))).toEqual({ zone: 'a', region: 'here' });
    expect(isInWorkspace(workspace, { zone: 'b', region: undefined })).toBe(true);
    expect(placeNodeInWorkspace(regions, workspace, placeOfLabels(labels('a', 'here')), undefined)).toEqual({
      zone: 'a',
      deploymentUnit: 'one',
    });
    expect(placeNodeInWorkspace(regions, workspace, placeOfLabels(labels('b')), 'three')).toEqual({
      zone: 'b',
      deploymentUnit: 'three',
    });
  });

  it.each([
    { what: 'another zone', of: labels('c', 'here') },
    { what: 'a zone of that name in another region', of: labels('a', 'there') },
    { what: 'no zone that it tells', of: {} },
    { what: 'no labels', of: undefined },
  ])('is refused in $what (refused, CORE-03)', ({ of }) => {
    expect(() => placeNodeInWorkspace(regions, workspace, placeOfLabels(of), undefined)).toThrow(
      "Workspace 'dev' has the zones a, b of region here, not",
    );
  });
});

describe('a cluster', () => {
  it.each([
    { what: 'one of its nodes is in a zone of it', places: [labels('c'), labels('b')], reaches: true },
    { what: 'its nodes do not say where they are', places: [], reaches: true },
    { what: 'all of its nodes are elsewhere (refused)', places: [labels('c'), labels('a', 'there')], reaches: false },
  ])('reaches into a workspace or not: $what (CORE-03)', ({ places, reaches }) => {
    expect(
      reachesIntoWorkspace(
        workspace,
        places.flatMap((each) => placeOfLabels(each) ?? []),
      ),
    ).toBe(reaches);
  });
});
