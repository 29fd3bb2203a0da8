import { encodeGlobalId } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { locateTarget, type TenantPlaces } from './locate-target.ts';

const workspace: string = '00000000-0000-4000-8000-000000000001';
const project: string = '00000000-0000-4000-8000-000000000002';
const bindings = new Map([
  ['dev shop', { workspaceUuid: workspace, projectUuid: null }],
  ['dev front', { workspaceUuid: null, projectUuid: project }],
]);
const places: TenantPlaces = {
  bindingOf: (cluster, namespace) => bindings.get(`${cluster} ${namespace}`),
  workspaceOfProject: (uuid) => (uuid === project ? workspace : undefined),
};
const idOf = (type: string, key: string) => encodeGlobalId({ of: 'row', plugin: 'core', type, key });
const target = (type: string, id: string) => ({ plugin: 'core', type, id });

describe('locateTarget', () => {
  it.each([
    {
      name: 'an object in a namespace of a workspace',
      of: { ...target('Pod', 'x'), cluster: 'dev', namespace: 'shop' },
      is: { workspaceId: workspace },
    },
    {
      name: 'an object in a namespace of a project: also in the workspace of that',
      of: { ...target('Pod', 'x'), cluster: 'dev', namespace: 'front' },
      is: { workspaceId: workspace, projectId: project },
    },
    { name: 'a workspace', of: target('Workspace', idOf('Workspace', workspace)), is: { workspaceId: workspace } },
    {
      name: 'a project',
      of: target('Project', idOf('Project', project)),
      is: { workspaceId: workspace, projectId: project },
    },
  ])('finds $name (CORE-20)', ({ of, is }) => {
    expect(locateTarget(places, of, undefined)).toEqual(expect.objectContaining(is));
  });

  it('finds what was yet to be made by what it became, with its id', () => {
    const made = idOf('Project', project);
    expect(locateTarget(places, target('Project', 'front-end'), made)).toEqual({
      workspaceId: workspace,
      projectId: project,
      targetId: made,
    });
    expect(locateTarget(places, target('Department', 'sales'), idOf('Department', project))).toEqual({
      targetId: idOf('Department', project),
    });
  });

  it('finds the id of what another plugin made, in a namespace or in none (CORE-20)', () => {
    const made = encodeGlobalId({ of: 'row', plugin: 'acme', type: 'Case', key: project });
    const other = encodeGlobalId({ of: 'row', plugin: 'acme', type: 'Note', key: project });
    const of = { plugin: 'acme', type: 'Case', id: 'broken' };
    expect(locateTarget(places, of, made)).toEqual({ targetId: made });
    expect(locateTarget(places, { ...of, cluster: 'dev', namespace: 'shop' }, made)).toEqual({
      workspaceId: workspace,
      targetId: made,
    });
    expect(locateTarget(places, of, other)).toBeUndefined();
    expect(locateTarget(places, { ...of, id: made }, made)).toBeUndefined();
    // What was done about a pod is found with the pod, also where it made a row.
    const pod = encodeGlobalId({
      of: 'kubernetes',
      cluster: 'dev',
      group: '',
      kind: 'Pod',
      namespace: 'shop',
      name: 'web',
    });
    expect(locateTarget(places, { ...of, id: pod }, made)).toBeUndefined();
  });

  it.each([
    { ...target('Pod', 'x'), cluster: 'dev', namespace: 'lab' },
    { ...target('Node', 'x'), cluster: 'dev' },
    target('Workspace', 'made-up'),
    { plugin: 'acme', type: 'Workspace', id: idOf('Workspace', workspace) },
  ])('finds nothing for %j (refused)', (of) => {
    expect(locateTarget(places, of, undefined)).toBeUndefined();
  });
});
