import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import type { Principal } from '../../src/kernel/principal.ts';
import { ada, type Core, startCore } from './testing/start-core.ts';

const server = await startPostgres();
const databases = [
  { name: 'the embedded database', isThere: true, url: async () => undefined },
  { name: 'PostgreSQL', isThere: server !== undefined, url: () => server?.createDatabase() },
];
afterAll(() => server?.stop());

const regions = [
  {
    name: 'shanghai',
    displayName: 'Shanghai',
    zones: [
      { name: 'sh-a', deploymentUnits: ['unit-1'] },
      { name: 'sh-b', deploymentUnits: ['unit-2', 'unit-3'] },
      { name: 'sh-c', deploymentUnits: [] },
    ],
  },
  { name: 'hangzhou-finance', displayName: 'Hangzhou', zones: [{ name: 'hz-a', deploymentUnits: [] }] },
];

const person = (name: string, groups: readonly string[] = []): Principal => ({
  id: `dev:${name}`,
  name,
  kind: 'USER',
  groups,
  roles: ['DEVELOPER'],
  namespaces: [],
  expiresAt: undefined,
});
describe.each(databases.filter(({ isThere }) => isThere))('tenancy over $name', ({ url }) => {
  let core: Core;
  let made = 0;
  /** Nobody belongs to anything when a test begins. */
  let [mia, dev, pia, zoe] = [person('mia'), person('dev'), person('pia'), person('zoe')];
  beforeEach(() => {
    made += 1;
    [mia, dev, pia, zoe] = [
      person(`mia-${made}`),
      person(`dev-${made}`, ['team-dev']),
      person(`pia-${made}`),
      person(`zoe-${made}`),
    ];
  });
  beforeAll(async () => {
    core = await startCore({ databaseUrl: await url(), regions });
  }, 60_000);
  afterAll(() => core?.[Symbol.asyncDispose]());

  /** One mutation; the answer is its payload. */
  async function mutate(as: Principal, name: string, input: object, fields = ''): Promise<Payload> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const { data, errors } = await core.run(
      as,
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename
        ... on ${type}Success { ${fields === '' ? 'warnings' : fields} operation { status } changes { path } }
        ... on Error { message code }
        ... on ValidationError { issues { path code } }
        ... on InUseError { references { __typename id } }
        ... on PreconditionError { reason } } }`,
      { input },
    );
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return data[name] as Payload;
  }

  const place = { region: 'shanghai', networkType: 'VPC', zones: ['sh-a', 'sh-b'] };
  const workspaceFields = 'workspace { id identifier displayName version }';

  async function makeWorkspace(more: object = {}): Promise<Made> {
    made += 1;
    const input = { identifier: `ws-${made}`, displayName: `Workspace ${made}`, ...place, ...more };
    const payload = await mutate(ada, 'createWorkspace', input, workspaceFields);
    expect(payload).toMatchObject({ __typename: 'CreateWorkspaceSuccess' });
    return payload.workspace as Made;
  }

  async function makeProject(more: object = {}): Promise<Made> {
    made += 1;
    const input = { identifier: `pr-${made}`, displayName: `Project ${made}`, ...more };
    const payload = await mutate(ada, 'createProject', input, 'project { id identifier displayName version }');
    expect(payload).toMatchObject({ __typename: 'CreateProjectSuccess' });
    return payload.project as Made;
  }

  async function makeDepartment(more: object = {}): Promise<Made> {
    made += 1;
    const input = { identifier: `dep-${made}`, displayName: `Department ${made}`, ...more };
    const payload = await mutate(ada, 'createDepartment', input, 'department { id identifier displayName version }');
    expect(payload).toMatchObject({ __typename: 'CreateDepartmentSuccess' });
    return payload.department as Made;
  }

  async function makeNamespace(): Promise<string> {
    made += 1;
    const payload = await mutate(ada, 'createNamespace', { cluster: 'dev', name: `space-${made}` });
    expect(payload).toMatchObject({ __typename: 'CreateNamespaceSuccess' });
    return `space-${made}`;
  }

  const add = (id: string, as: Principal, role: string, by = ada) =>
    mutate(by, 'addMembers', { id, members: [{ kind: 'PRINCIPAL', name: as.id, role }] });
  const remove = (id: string, as: Principal, by = ada) =>
    mutate(by, 'removeMembers', { id, members: [{ kind: 'PRINCIPAL', name: as.id }] });
  const bind = (id: string, namespaces: readonly string[], by = ada) =>
    mutate(by, 'bindNamespaces', { id, namespaces: namespaces.map((namespace) => ({ cluster: 'dev', namespace })) });
  const unbind = (id: string, namespaces: readonly string[], by = ada) =>
    mutate(by, 'unbindNamespaces', { id, namespaces: namespaces.map((namespace) => ({ cluster: 'dev', namespace })) });

  async function read(as: Principal, document: string, variables: Record<string, unknown> = {}): Promise<Deep> {
    const { data, errors } = await core.run(as, document, variables);
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return data as Deep;
  }

  describe('a workspace', () => {
    it('is made, read, changed and deleted by an administrator, and each of it is recorded (CORE-01, CORE-02)', async () => {
      const workspace = await makeWorkspace({ description: '开发环境', profile: 'aks-public' });
      const fields =
        'identifier displayName description region networkType profile version zones { name deploymentUnits fixedDeploymentUnit }';
      const query = `query ($id: ID!) { workspace(id: $id) { ${fields} } node(id: $id) { id __typename } }`;
      expect(await read(ada, query, { id: workspace.id })).toEqual({
        node: { id: workspace.id, __typename: 'Workspace' },
        workspace: {
          identifier: workspace.identifier,
          displayName: workspace.displayName,
          description: '开发环境',
          region: 'shanghai',
          networkType: 'VPC',
          profile: 'aks-public',
          version: 1,
          zones: [
            { name: 'sh-a', deploymentUnits: ['unit-1'], fixedDeploymentUnit: 'unit-1' },
            { name: 'sh-b', deploymentUnits: ['unit-2', 'unit-3'], fixedDeploymentUnit: null },
          ],
        },
      });
      const input = { id: workspace.id, version: 1, displayName: 'Entwicklung', zones: ['sh-c'], profile: null };
      expect(await mutate(ada, 'updateWorkspace', input, workspaceFields)).toMatchObject({
        __typename: 'UpdateWorkspaceSuccess',
        workspace: { displayName: 'Entwicklung', version: 2 },
        changes: [{ path: '/displayName' }, { path: '/zones/0' }, { path: '/zones/1' }, { path: '/profile' }],
        operation: { status: 'SUCCEEDED' },
      });
      const gone = await mutate(ada, 'deleteWorkspace', { id: workspace.id, confirm: workspace.identifier }, 'id');
      expect(gone).toMatchObject({ __typename: 'DeleteWorkspaceSuccess', id: workspace.id });
      expect(await read(ada, query, { id: workspace.id })).toEqual({ node: null, workspace: null });
    });

    it.each([
      {
        what: 'more than two zones',
        more: { zones: ['sh-a', 'sh-b', 'sh-c'], profile: 'aks-public' },
        path: ['zones'],
        code: 'too_big',
      },
      {
        what: 'a network type of another profile',
        more: { profile: 'aks-private' },
        path: ['networkType'],
        code: 'network_type_not_allowed',
      },
      { what: 'an unknown profile', more: { profile: 'aks' }, path: ['profile'], code: 'unknown_profile' },
      { what: 'no zone', more: { zones: [] }, path: ['zones'], code: 'too_small' },
      { what: 'one zone twice', more: { zones: ['sh-a', 'sh-a'] }, path: ['zones'], code: 'duplicate' },
      { what: 'a zone of another region', more: { zones: ['hz-a'] }, path: ['zones', '0'], code: 'unknown_zone' },
      { what: 'an unknown region', more: { region: 'atlantis' }, path: ['region'], code: 'unknown_region' },
      {
        what: 'an identifier with a capital',
        more: { identifier: 'Dev' },
        path: ['identifier'],
        code: 'invalid_text',
      },
      {
        what: 'an identifier of 64 characters',
        more: { identifier: 'a'.repeat(64) },
        path: ['identifier'],
        code: 'too_long',
      },
      {
        what: 'an identifier in another script',
        more: { identifier: '开发' },
        path: ['identifier'],
        code: 'invalid_text',
      },
      { what: 'an empty display name', more: { displayName: '  ' }, path: ['displayName'], code: 'too_short' },
      {
        what: 'a description of 257 characters',
        more: { description: '长'.repeat(257), profile: 'esk' },
        path: ['description'],
        code: 'too_long',
      },
    ])('is refused with $what (CORE-02)', async ({ more, path, code }) => {
      const input = { identifier: 'fresh', displayName: 'Fresh', ...place, ...more };
      expect(await mutate(ada, 'createWorkspace', input)).toMatchObject({
        __typename: 'ValidationError',
        issues: [{ path, code }],
      });
    });

    it('takes names up to their limits (CORE-02)', async () => {
      await makeWorkspace({
        identifier: 'b'.repeat(63),
        displayName: '名'.repeat(64),
        description: '长'.repeat(256),
        zones: ['sh-c'],
        profile: 'esk',
      });
    });

    it('is held to the profile that it carries, and so are its namespaces, at once (CORE-02, CORE-34)', async () => {
      const workspace = await makeWorkspace({ profile: 'aks-public' });
      const namespace = await makeNamespace();
      await bind(workspace.id, [namespace]);
      const query = `query ($id: ID!, $name: String!) {
        workspace(id: $id) { profile limits(names: ["workspace.zones.max", "description.text"]) { name value setBy } }
        namespace(cluster: "dev", name: $name) { profile { name } } }`;
      const variables = { id: workspace.id, name: namespace };
      expect(await read(ada, query, variables)).toMatchObject({
        workspace: { profile: 'aks-public', limits: [{ setBy: null }, { value: 2, setBy: 'aks-public' }] },
        namespace: { profile: { name: 'aks-public' } },
      });
      const three = { id: workspace.id, version: 1, zones: ['sh-a', 'sh-b', 'sh-c'] };
      expect(await mutate(ada, 'updateWorkspace', three)).toMatchObject({
        issues: [{ path: ['zones'], code: 'too_big' }],
      });
      expect(await mutate(ada, 'updateWorkspace', { ...three, profile: 'esk' })).toMatchObject({
        __typename: 'UpdateWorkspaceSuccess',
      });
      expect(await read(ada, query, variables)).toMatchObject({
        workspace: {
          limits: [
            { value: { max: 256 }, setBy: 'esk' },
            { value: null, setBy: null },
          ],
        },
        namespace: { profile: { name: 'esk' } },
      });
      for (const [profile, code] of [
        ['aks-public', 'too_big'],
        ['aks-private', 'network_type_not_allowed'],
        ['nothing', 'unknown_profile'],
      ] as const) {
        expect(await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 2, profile })).toMatchObject({
          __typename: 'ValidationError',
          issues: expect.arrayContaining([{ path: ['profile'], code }]),
        });
      }
      // None of its own any more: the namespace goes by its cluster.
      await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 2, profile: null });
      await unbind(workspace.id, [namespace]);
      expect(await read(ada, query, variables)).toMatchObject({ namespace: { profile: { name: 'esk' } } });
      const project = { identifier: 'wordy', displayName: 'Wordy', workspaceId: workspace.id };
      const long = '长'.repeat(257);
      await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 3, profile: 'esk' });
      const tooLong = { issues: [{ path: ['description'], code: 'too_long' }] };
      expect(await mutate(ada, 'createProject', { ...project, description: long })).toMatchObject(tooLong);
      const space = { cluster: 'dev', name: 'wordy', workspaceId: workspace.id };
      expect(await mutate(ada, 'createNamespace', { ...space, description: long })).toMatchObject(tooLong);
    });

    it('is changed in nothing while its profile is not there any more, until it is given another (refused, CORE-02)', async () => {
      const workspace = await makeWorkspace({ profile: 'esk' });
      const project = await makeProject({ workspaceId: workspace.id });
      const [namespace, free] = [await makeNamespace(), await makeNamespace()];
      await bind(workspace.id, [namespace]);
      await core.carryBehind(workspace.identifier, 'long-gone');
      await makeDepartment();
      const query = `query ($id: ID!, $name: String!) { workspace(id: $id) { profile profileProblem }
        namespace(cluster: "dev", name: $name) { unknownProfile profile { name } delete: viewerCan(action: DELETE) read: viewerCan(action: READ) } }`;
      const variables = { id: workspace.id, name: namespace };
      expect(await read(ada, query, variables)).toEqual({
        workspace: { profile: 'long-gone', profileProblem: expect.stringContaining("'long-gone', which is not there") },
        namespace: { unknownProfile: 'long-gone', profile: { name: 'esk' }, delete: false, read: true },
      });
      const refused = { code: 'FORBIDDEN', message: expect.stringContaining("'long-gone', which is not there") };
      expect(await mutate(ada, 'deleteNamespace', { cluster: 'dev', name: namespace })).toMatchObject(refused);
      const manifest = `{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: ${namespace}}}`;
      expect(await mutate(ada, 'applyManifest', { cluster: 'dev', manifest })).toMatchObject(refused);
      const unknown = { __typename: 'PreconditionError', reason: 'PROFILE_UNKNOWN' };
      const texts = { displayName: 'Other' };
      const wanted = { identifier: 'never-made', displayName: 'More', workspaceId: workspace.id };
      expect(await bind(workspace.id, [free])).toMatchObject(unknown);
      expect(await mutate(ada, 'createProject', wanted)).toMatchObject(unknown);
      expect(await mutate(ada, 'updateProject', { id: project.id, version: 1, ...texts })).toMatchObject(unknown);
      expect(await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 1, ...texts })).toMatchObject(unknown);
      const claimed = { cluster: 'dev', name: 'never-made', workspaceId: workspace.id };
      expect(await mutate(ada, 'createNamespace', claimed)).toMatchObject(unknown);
      // The way out.
      const mended = { id: workspace.id, version: 1, profile: 'tcs' };
      expect(await mutate(ada, 'updateWorkspace', mended)).toMatchObject({ __typename: 'UpdateWorkspaceSuccess' });
      expect(await read(ada, query, variables)).toEqual({
        workspace: { profile: 'tcs', profileProblem: null },
        namespace: { unknownProfile: null, profile: { name: 'tcs' }, delete: true, read: true },
      });
    });

    it('refuses an identifier that is in use, gives it free with the workspace, and never changes it (CORE-02)', async () => {
      const first = await makeWorkspace();
      const input = { identifier: first.identifier, displayName: 'Again', ...place };
      expect(await mutate(ada, 'createWorkspace', input)).toMatchObject({
        issues: [{ path: ['identifier'], code: 'identifier_in_use' }],
      });
      await mutate(ada, 'deleteWorkspace', { id: first.id, confirm: first.identifier });
      const second = await makeWorkspace({ identifier: first.identifier });
      expect(second.id).not.toBe(first.id);
      const document =
        'mutation ($id: ID!) { updateWorkspace(input: {id: $id, version: 1, identifier: "x"}) { __typename } }';
      await expect(core.run(ada, document, { id: second.id })).rejects.toThrow('unknown field "identifier"');
    });

    it('refuses who has seen an older version, and who does not type the name again (CORE-02)', async () => {
      const { id, identifier } = await makeWorkspace();
      await mutate(ada, 'updateWorkspace', { id, version: 1, displayName: 'One' });
      expect(await mutate(ada, 'updateWorkspace', { id, version: 1, displayName: 'Two' })).toMatchObject({
        __typename: 'ConflictError',
      });
      expect(await mutate(ada, 'deleteWorkspace', { id, confirm: 'other' })).toMatchObject({
        issues: [{ path: ['confirm'] }],
      });
      expect(await read(ada, 'query ($id: ID!) { workspace(id: $id) { displayName identifier } }', { id })).toEqual({
        workspace: { displayName: 'One', identifier },
      });
    });

    it('is tried by a dry run that leaves nothing, and made once by an idempotency key (CORE-02)', async () => {
      const input = { identifier: 'tried', displayName: 'Tried', ...place };
      expect(await mutate(ada, 'createWorkspace', { ...input, dryRun: true }, workspaceFields)).toMatchObject({
        workspace: { identifier: 'tried' },
        operation: null,
      });
      const keyed = { ...input, idempotencyKey: 'make-tried' };
      const first = await mutate(ada, 'createWorkspace', keyed, workspaceFields);
      const second = await mutate(ada, 'createWorkspace', keyed, workspaceFields);
      expect(second.workspace).toEqual(first.workspace);
      expect(await mutate(ada, 'createWorkspace', { ...input, dryRun: true })).toMatchObject({
        issues: [{ code: 'identifier_in_use' }],
      });
    });

    it('refuses to be deleted while projects and namespaces are in it, and names them (CORE-01)', async () => {
      const workspace = await makeWorkspace();
      const project = await makeProject({ workspaceId: workspace.id });
      const namespace = await makeNamespace();
      await bind(workspace.id, [namespace]);
      const input = { id: workspace.id, confirm: workspace.identifier };
      expect(await mutate(ada, 'deleteWorkspace', input)).toMatchObject({
        __typename: 'InUseError',
        references: [{ __typename: 'Project', id: project.id }, { __typename: 'Namespace' }],
      });
      await unbind(workspace.id, [namespace]);
      await mutate(ada, 'deleteProject', { id: project.id, confirm: project.identifier });
      expect(await mutate(ada, 'deleteWorkspace', input)).toMatchObject({ __typename: 'DeleteWorkspaceSuccess' });
    });
  });

  describe('regions', () => {
    it('tell their zones, narrowed to those asked for, with the only deployment unit preselected (CORE-04)', async () => {
      const query = `{ regions(filter: {name: {equals: "shanghai"}}) { nodes { name displayName
        zones(names: ["sh-a", "sh-b", "hz-a"]) { name deploymentUnits fixedDeploymentUnit } } } }`;
      expect(await read(zoe, query)).toEqual({
        regions: {
          nodes: [
            {
              name: 'shanghai',
              displayName: 'Shanghai',
              zones: [
                { name: 'sh-a', deploymentUnits: ['unit-1'], fixedDeploymentUnit: 'unit-1' },
                { name: 'sh-b', deploymentUnits: ['unit-2', 'unit-3'], fixedDeploymentUnit: null },
              ],
            },
          ],
        },
      });
    });
  });

  describe('members', () => {
    it('see and touch what their workspace holds, by their id and by their groups (CORE-05, CORE-07)', async () => {
      const workspace = await makeWorkspace();
      const namespace = await makeNamespace();
      await bind(workspace.id, [namespace]);
      const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'here', namespace } });
      const query = `query ($name: String!) { namespace(cluster: "dev", name: $name) { name workspace { id } }
        objects(cluster: "dev", apiVersion: "v1", kind: "ConfigMap") { nodes { namespace } } }`;
      for (const [member, kind, name] of [
        [mia, 'PRINCIPAL', mia.id],
        [dev, 'GROUP', 'team-dev'],
      ] as const) {
        await expect(read(member, query, { name: namespace })).rejects.toThrow('FORBIDDEN');
        await mutate(ada, 'addMembers', { id: workspace.id, members: [{ kind, name, role: 'DEVELOPER' }] });
        const applied = await mutate(member, 'applyManifest', { cluster: 'dev', manifest });
        expect(applied).toMatchObject({ __typename: 'ApplyManifestSuccess' });
        const seen = await read(member, query, { name: namespace });
        expect(seen).toMatchObject({ namespace: { name: namespace, workspace: { id: workspace.id } } });
        expect(seen.objects).toEqual({ nodes: [{ namespace }] });
        await mutate(ada, 'removeMembers', { id: workspace.id, members: [{ kind, name }] });
        await expect(read(member, query, { name: namespace })).rejects.toThrow('FORBIDDEN');
      }
    });

    it('of another workspace are refused everything in it: hidden and missing answer alike (CORE-07)', async () => {
      const [own, other] = [await makeWorkspace(), await makeWorkspace()];
      const [inside, outside] = [await makeNamespace(), await makeNamespace()];
      await bind(own.id, [inside]);
      await bind(other.id, [outside]);
      await add(own.id, mia, 'ADMIN');
      await add(other.id, pia, 'ADMIN');
      const project = await makeProject({ workspaceId: other.id });
      const list = '{ workspaces { totalCount nodes { id } } projects { totalCount } namespaces { nodes { name } } }';
      expect(await read(mia, list)).toEqual({
        workspaces: { totalCount: 1, nodes: [{ id: own.id }] },
        projects: { totalCount: 0 },
        namespaces: { nodes: [{ name: inside }] },
      });
      const missing = idOfNobody('Workspace');
      const one = 'query ($id: ID!) { workspace(id: $id) { id } project(id: $id) { id } node(id: $id) { id } }';
      for (const id of [other.id, project.id, missing]) {
        expect(await read(mia, one, { id })).toEqual({ workspace: null, project: null, node: null });
      }
      for (const [name, rest] of [
        ['addMembers', { members: [{ kind: 'PRINCIPAL', name: mia.id, role: 'ADMIN' }] }],
        ['removeMembers', { members: [{ kind: 'PRINCIPAL', name: pia.id }] }],
        ['bindNamespaces', { namespaces: [{ cluster: 'dev', namespace: inside }] }],
        ['unbindNamespaces', { namespaces: [{ cluster: 'dev', namespace: outside }] }],
      ] as const) {
        const hidden = await mutate(mia, name, { id: other.id, ...rest });
        expect(hidden).toMatchObject({ __typename: 'NotFoundError' });
        expect(hidden).toEqual(await mutate(mia, name, { id: missing, ...rest }));
      }
      const create = (workspaceId: string) =>
        mutate(mia, 'createProject', { identifier: 'spy', displayName: 'Spy', workspaceId });
      expect(await create(other.id)).toMatchObject({ __typename: 'NotFoundError' });
      expect(await create(other.id)).toEqual(await create(missing));
      const bound = await bind(own.id, [outside], mia);
      expect(bound).toMatchObject({ __typename: 'NotFoundError' });
      expect(bound.message).toBe((await bind(own.id, ['nowhere'], mia)).message?.replace('nowhere', outside));
    });

    it('who administer a workspace manage its members, projects and namespaces, and nothing else (CORE-09)', async () => {
      const workspace = await makeWorkspace();
      const namespace = await makeNamespace();
      await bind(workspace.id, [namespace]);
      await add(workspace.id, mia, 'ADMIN');
      expect(await add(workspace.id, dev, 'DEVELOPER', mia)).toMatchObject({ __typename: 'AddMembersSuccess' });
      const made = await mutate(
        mia,
        'createProject',
        { identifier: 'by-mia', displayName: 'By Mia', workspaceId: workspace.id },
        'project { id version }',
      );
      const project = made.project as Made;
      expect(await bind(project.id, [namespace], mia)).toMatchObject({ __typename: 'BindNamespacesSuccess' });
      expect(await unbind(project.id, [namespace], mia)).toMatchObject({ __typename: 'UnbindNamespacesSuccess' });
      // What was let go is not hers to take back.
      expect(await bind(project.id, [namespace], mia)).toMatchObject({ __typename: 'NotFoundError' });
      const rename = { id: project.id, version: 1, displayName: 'Renamed' };
      expect(await mutate(mia, 'updateProject', rename)).toMatchObject({ __typename: 'UpdateProjectSuccess' });
      const away = { id: project.id, confirm: 'by-mia' };
      expect(await mutate(mia, 'deleteProject', away)).toMatchObject({ __typename: 'DeleteProjectSuccess' });
      for (const [name, input] of [
        ['createWorkspace', { identifier: 'mine', displayName: 'Mine', ...place }],
        ['updateWorkspace', { id: workspace.id, version: 1, displayName: 'Mine' }],
        ['deleteWorkspace', { id: workspace.id, confirm: workspace.identifier }],
        ['createDepartment', { identifier: 'mine', displayName: 'Mine' }],
        ['createNamespace', { cluster: 'dev', name: 'mine' }],
      ] as const) {
        await expect(mutate(mia, name, input)).rejects.toThrow('FORBIDDEN');
      }
    });

    it('who work in a workspace read it and its members, and are refused to change them (CORE-09)', async () => {
      const workspace = await makeWorkspace();
      const project = await makeProject({ workspaceId: workspace.id });
      await add(workspace.id, dev, 'DEVELOPER');
      const query =
        `query ($id: ID!) { workspace(id: $id) { members { nodes { kind name role } } projects { nodes { id } }
        may: viewerCan(action: "MANAGE_MEMBERS") read: viewerCan(action: "READ") } }`.replaceAll(/"([A-Z_]+)"/g, '$1');
      expect(await read(dev, query, { id: workspace.id })).toEqual({
        workspace: {
          members: { nodes: [{ kind: 'PRINCIPAL', name: dev.id, role: 'DEVELOPER' }] },
          projects: { nodes: [{ id: project.id }] },
          may: false,
          read: true,
        },
      });
      expect(await add(workspace.id, zoe, 'ADMIN', dev)).toMatchObject({ __typename: 'ForbiddenError' });
      expect(await remove(workspace.id, dev, dev)).toMatchObject({ __typename: 'ForbiddenError' });
      const input = { identifier: 'by-dev', displayName: 'By Dev', workspaceId: workspace.id };
      expect(await mutate(dev, 'createProject', input)).toMatchObject({ __typename: 'ForbiddenError' });
    });

    it('of a project alone see its namespaces and that its workspace is there, not who is in that (CORE-05)', async () => {
      const department = await makeDepartment();
      const workspace = await makeWorkspace();
      const project = await makeProject({ workspaceId: workspace.id, departmentId: department.id });
      const [inside, beside] = [await makeNamespace(), await makeNamespace()];
      await bind(project.id, [inside]);
      await bind(workspace.id, [beside]);
      await add(workspace.id, mia, 'ADMIN');
      await add(project.id, pia, 'ADMIN');
      const query = `query ($id: ID!) { namespaces { nodes { name } } departments { nodes { id } }
        project(id: $id) { identifier department { id } members { totalCount } namespaces { nodes { name } }
          workspace { id members { totalCount } namespaces { nodes { name } } projects { totalCount } } } }`;
      expect(await read(pia, query, { id: project.id })).toEqual({
        namespaces: { nodes: [{ name: inside }] },
        departments: { nodes: [{ id: department.id }] },
        project: {
          identifier: project.identifier,
          department: { id: department.id },
          members: { totalCount: 1 },
          namespaces: { nodes: [{ name: inside }] },
          workspace: {
            id: workspace.id,
            members: { totalCount: 0 },
            namespaces: { nodes: [{ name: inside }] },
            projects: { totalCount: 1 },
          },
        },
      });
      expect(await add(project.id, zoe, 'DEVELOPER', pia)).toMatchObject({ __typename: 'AddMembersSuccess' });
      expect(await add(workspace.id, pia, 'ADMIN', pia)).toMatchObject({ __typename: 'ForbiddenError' });
      expect(await bind(project.id, [inside], pia)).toMatchObject({ __typename: 'ForbiddenError' });
    });

    it('and namespaces stand in records as they were and as they became (CORE-18)', async () => {
      const workspace = await makeWorkspace();
      const [first, second] = [
        await makeProject({ workspaceId: workspace.id }),
        await makeProject({ workspaceId: workspace.id }),
      ];
      const namespace = await makeNamespace();
      const told = async (work: Promise<Payload>) => {
        const recorded = '... on OperationRecord { changes { path before after } }';
        const { operation } = (await work) as unknown as { operation: { id: string } };
        const found = await read(ada, `query ($id: ID!) { node(id: $id) { ${recorded} } }`, { id: operation.id });
        return (found as unknown as { node: { changes: { before: unknown; after: unknown }[] } }).node.changes.map(
          ({ before, after }) => [before, after],
        );
      };
      const fields = 'operation { id }';
      const member = { kind: 'PRINCIPAL', name: 'token:ci' };
      const add = (role: string) =>
        mutate(ada, 'addMembers', { id: workspace.id, members: [{ ...member, role }] }, fields);
      expect(await told(add('DEVELOPER'))).toEqual([[null, 'PRINCIPAL token:ci as DEVELOPER']]);
      expect(await told(add('GUEST'))).toEqual([['PRINCIPAL token:ci as DEVELOPER', 'PRINCIPAL token:ci as GUEST']]);
      expect(await told(add('GUEST'))).toEqual([]);
      const gone = mutate(ada, 'removeMembers', { id: workspace.id, members: [member] }, fields);
      expect(await told(gone)).toEqual([['PRINCIPAL token:ci as GUEST', null]]);
      const namespaces = [{ cluster: 'dev', namespace }];
      const bound = (id: string) => mutate(ada, 'bindNamespaces', { id, namespaces }, fields);
      expect(await told(bound(first.id))).toEqual([[null, `dev/${namespace}`]]);
      expect(await told(bound(first.id))).toEqual([]);
      expect(await told(bound(second.id))).toEqual([
        [`dev/${namespace} elsewhere in the workspace`, `dev/${namespace}`],
      ]);
      const freed = mutate(ada, 'unbindNamespaces', { id: second.id, namespaces }, fields);
      expect(await told(freed)).toEqual([[`dev/${namespace}`, null]]);
    });

    it('are refused where somebody is removed twice, and the last administrator stays (CORE-05)', async () => {
      const { id } = await makeWorkspace();
      await add(id, mia, 'ADMIN');
      await add(id, dev, 'DEVELOPER');
      expect(await remove(id, dev)).toMatchObject({ __typename: 'RemoveMembersSuccess' });
      expect(await remove(id, dev)).toMatchObject({ __typename: 'NotFoundError' });
      expect(await remove(id, mia)).toMatchObject({ reason: 'LAST_ADMINISTRATOR' });
      expect(await add(id, mia, 'DEVELOPER')).toMatchObject({ reason: 'LAST_ADMINISTRATOR' });
      await add(id, dev, 'ADMIN');
      expect(await remove(id, mia)).toMatchObject({ __typename: 'RemoveMembersSuccess' });
    });

    it('refuse one of two administrators who remove each other at once (CORE-05)', async () => {
      const { id } = await makeWorkspace();
      await add(id, mia, 'ADMIN');
      await add(id, pia, 'ADMIN');
      const answers = await Promise.all([remove(id, mia), remove(id, pia)]);
      expect(answers.map(({ __typename }) => __typename).sort()).toEqual(['PreconditionError', 'RemoveMembersSuccess']);
    });

    it.each([
      { what: 'nobody', members: [] },
      { what: 'a thousand and one', members: Array.from({ length: 1_001 }, (_, index) => `m-${index}`) },
      { what: 'somebody twice', members: ['a', 'a'] },
      { what: 'an empty name', members: [''] },
      { what: 'a name of the cluster', members: ['system:masters'] },
    ])('are refused where the input names $what (CORE-05)', async ({ members }) => {
      const { id } = await makeWorkspace();
      const input = { id, members: members.map((name) => ({ kind: 'GROUP', name, role: 'ADMIN' })) };
      expect(await mutate(ada, 'addMembers', input)).toMatchObject({ __typename: 'ValidationError' });
    });

    it('may be ten thousand, in pages (CORE-05)', async () => {
      const { id } = await makeWorkspace();
      for (let from = 0; from < 10_000; from += 1_000) {
        const members = Array.from({ length: 1_000 }, (_, index) => ({
          kind: 'PRINCIPAL',
          name: `oidc:${String(from + index).padStart(5, '0')}`,
          role: 'DEVELOPER',
        }));
        expect(await mutate(ada, 'addMembers', { id, members })).toMatchObject({ __typename: 'AddMembersSuccess' });
      }
      const query = `query ($id: ID!) { workspace(id: $id) { members(first: 2, filter: {name: {contains: "0999"}}) {
        totalCount nodes { name } } } }`;
      expect(await read(ada, query, { id })).toEqual({
        workspace: { members: { totalCount: 11, nodes: [{ name: 'oidc:00999' }, { name: 'oidc:09990' }] } },
      });
    });
  });

  describe('namespaces', () => {
    it('are taken over into one workspace at the most, and move from project to project in it (CORE-08)', async () => {
      const [one, two] = [await makeWorkspace(), await makeWorkspace()];
      const project = await makeProject({ workspaceId: one.id });
      const namespace = await makeNamespace();
      expect(await bind(one.id, [namespace])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
      expect(await bind(project.id, [namespace])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
      const query = `query ($id: ID!) { workspace(id: $id) { namespaces { nodes { cluster name namespace { phase }
        project { id } workspace { id } } } } }`;
      expect(await read(ada, query, { id: one.id })).toEqual({
        workspace: {
          namespaces: {
            nodes: [
              {
                cluster: 'dev',
                name: namespace,
                namespace: { phase: 'ACTIVE' },
                project: { id: project.id },
                workspace: { id: one.id },
              },
            ],
          },
        },
      });
      expect(await mutate(ada, 'deleteProject', { id: project.id, confirm: project.identifier })).toMatchObject({
        __typename: 'InUseError',
        references: [{ __typename: 'Namespace' }],
      });
      expect(await bind(two.id, [namespace])).toMatchObject({ reason: 'NAMESPACE_BOUND_ELSEWHERE' });
      expect(await unbind(two.id, [namespace])).toMatchObject({ __typename: 'NotFoundError' });
      await unbind(one.id, [namespace]);
      expect(await bind(two.id, [namespace])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
    });

    it('are refused where one is missing, is the cluster’s own or is named twice, and then none is bound (CORE-08)', async () => {
      const { id } = await makeWorkspace();
      const namespace = await makeNamespace();
      expect(await bind(id, [namespace, 'missing'])).toMatchObject({ __typename: 'NotFoundError' });
      expect(await bind(id, [namespace, 'kube-system'])).toMatchObject({ reason: 'PROTECTED_NAMESPACE' });
      expect(await bind(id, [namespace, namespace])).toMatchObject({ __typename: 'ValidationError' });
      expect(await bind(id, [])).toMatchObject({ __typename: 'ValidationError' });
      const query = 'query ($id: ID!) { workspace(id: $id) { namespaces { totalCount } } }';
      expect(await read(ada, query, { id })).toEqual({ workspace: { namespaces: { totalCount: 0 } } });
    });

    it('are offered for taking over, with what stands against each, and taken over each by itself (CORE-03, CORE-08)', async () => {
      const [workspace, other] = [await makeWorkspace(), await makeWorkspace()];
      const [free, taken] = [await makeNamespace(), await makeNamespace()];
      await bind(other.id, [taken]);
      const query = `query ($id: ID!) { workspace(id: $id) { namespaceCandidates(filter: {name: {in: ["${free}", "${taken}", "kube-system"]}}) {
        nodes { cluster name canTakeOver reason } } } }`;
      expect(await read(ada, query, { id: workspace.id })).toEqual({
        workspace: {
          namespaceCandidates: {
            nodes: [
              { cluster: 'dev', name: 'kube-system', canTakeOver: false, reason: 'PROTECTED_NAMESPACE' },
              { cluster: 'dev', name: free, canTakeOver: true, reason: null },
              { cluster: 'dev', name: taken, canTakeOver: false, reason: 'NAMESPACE_BOUND_ELSEWHERE' },
            ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
          },
        },
      });
      const names = [taken, free, 'nowhere', 'kube-system'];
      const input = {
        id: workspace.id,
        namespaces: names.map((namespace) => ({ cluster: 'dev', namespace })),
        eachByItself: true,
        idempotencyKey: `take-${workspace.identifier}`,
      };
      const fields = 'results { namespace ok error { code } }';
      expect(await mutate(ada, 'bindNamespaces', input, fields)).toMatchObject({
        results: [
          { namespace: taken, ok: false, error: { code: 'PRECONDITION_FAILED' } },
          { namespace: free, ok: true, error: null },
          { namespace: 'nowhere', ok: false, error: { code: 'NOT_FOUND' } },
          { namespace: 'kube-system', ok: false, error: { code: 'PRECONDITION_FAILED' } },
        ],
      });
      expect(await mutate(ada, 'bindNamespaces', input, fields)).toMatchObject({
        results: names.map((namespace) => ({ namespace, ok: namespace === free })),
      });
      const bound =
        'query ($id: ID!) { workspace(id: $id) { namespaces { nodes { name } } namespaceCandidates { totalCount } } }';
      expect(await read(ada, bound, { id: workspace.id })).toMatchObject({
        workspace: { namespaces: { nodes: [{ name: free }] } },
      });
      await add(workspace.id, dev, 'DEVELOPER');
      expect(await read(dev, bound, { id: workspace.id })).toMatchObject({
        workspace: { namespaceCandidates: { totalCount: 0 } },
      });
    });

    it('are named after tenant and workspace unless another name is chosen (CORE-08)', async () => {
      const { id, identifier } = await makeWorkspace();
      const query = `query ($id: ID!) { workspace(id: $id) { one: defaultNamespaceName(tenant: "Shop & Co") } }`;
      expect(await read(ada, query, { id })).toEqual({ workspace: { one: `shop-co-${identifier}` } });
    });
  });

  describe('a namespace that is made', () => {
    const create = (input: object, as = ada) =>
      mutate(as, 'createNamespace', { cluster: 'dev', ...input }, 'namespace { name workspace { id } project { id } }');

    it('belongs to the project or workspace that is named, by a name made of both unless another is given (CORE-05, CORE-08)', async () => {
      const workspace = await makeWorkspace();
      const project = await makeProject({ workspaceId: workspace.id });
      const name = `${project.identifier}-${workspace.identifier}`;
      const query = `query ($workspaceId: ID, $projectId: ID) { cluster(name: "dev") {
        namespaceDefaults(workspaceId: $workspaceId, projectId: $projectId) { name isProjectFixed isQuotaRequired workspace { id } project { id } } } }`;
      expect(await read(ada, query, { projectId: project.id })).toEqual({
        cluster: {
          namespaceDefaults: {
            name,
            isProjectFixed: false,
            isQuotaRequired: false,
            workspace: { id: workspace.id },
            project: { id: project.id },
          },
        },
      });
      expect(await read(mia, query)).toEqual({ cluster: { namespaceDefaults: null } });
      const dry = await create({ projectId: project.id, dryRun: true });
      expect(dry).toMatchObject({ namespace: { name, project: null } });
      expect(await create({ projectId: project.id })).toMatchObject({
        namespace: { name, workspace: { id: workspace.id }, project: { id: project.id } },
      });
      made += 1;
      expect(await create({ workspaceId: workspace.id, name: `own-${made}` })).toMatchObject({
        namespace: { name: `own-${made}`, workspace: { id: workspace.id }, project: null },
      });
    });

    it('is refused without a name that could be made up, in a project of another workspace, and a second time (CORE-05, CORE-08)', async () => {
      const [one, two] = [await makeWorkspace(), await makeWorkspace()];
      const project = await makeProject({ workspaceId: one.id });
      expect(await create({ workspaceId: one.id })).toMatchObject({ issues: [{ path: ['name'], code: 'required' }] });
      expect(await create({ workspaceId: two.id, projectId: project.id })).toMatchObject({
        issues: [{ path: ['projectId'], code: 'other_workspace' }],
      });
      const name = await makeNamespace();
      await bind(two.id, [name]);
      expect(await create({ name, projectId: project.id })).toMatchObject({ __typename: 'ConflictError' });
      // It belongs to whom it did.
      const query = 'query ($name: String!) { namespace(cluster: "dev", name: $name) { workspace { id } } }';
      expect(await read(ada, query, { name })).toEqual({ namespace: { workspace: { id: two.id } } });
    });

    it('belongs to who made it where several make one of its name at once (CORE-05)', async () => {
      const [one, two] = [await makeWorkspace(), await makeWorkspace()];
      for (let round = 0; round < 5; round += 1) {
        made += 1;
        const name = `raced-${made}`;
        const answers = await Promise.all(
          [one, two].map(async ({ id }) => [id, await create({ name, workspaceId: id })] as const),
        );
        const makers = answers.filter(([, { __typename }]) => __typename === 'CreateNamespaceSuccess');
        expect(makers).toHaveLength(1);
        const query = 'query ($name: String!) { namespace(cluster: "dev", name: $name) { workspace { id } } }';
        expect(await read(ada, query, { name })).toEqual({ namespace: { workspace: { id: makers[0]?.[0] } } });
      }
    });

    it('belongs to the project and department of who makes it where the profile says so, and to no other (CORE-06)', async () => {
      const boss = { ...person(`boss-${made}`), roles: ['ADMIN'] as const };
      const department = await makeDepartment();
      const workspace = await makeWorkspace({ profile: 'ecs' });
      const own = await makeProject({ workspaceId: workspace.id, departmentId: department.id });
      const other = await makeProject({ workspaceId: workspace.id, departmentId: department.id });
      const input = { workspaceId: workspace.id, name: `of-${workspace.identifier}` };
      expect(await create(input, boss)).toMatchObject({ reason: 'NO_PROJECT' });
      await add(own.id, boss, 'ADMIN');
      const query = `query ($id: ID!) { cluster(name: "dev") { namespaceDefaults(workspaceId: $id) {
        isProjectFixed project { id } department { id } } } }`;
      expect(await read(boss, query, { id: workspace.id })).toEqual({
        cluster: {
          namespaceDefaults: { isProjectFixed: true, project: { id: own.id }, department: { id: department.id } },
        },
      });
      const elsewhere = await makeDepartment();
      expect(await create({ ...input, projectId: other.id }, boss)).toMatchObject({
        issues: [{ path: ['projectId'], code: 'read_only' }],
      });
      expect(await create({ ...input, departmentId: elsewhere.id }, boss)).toMatchObject({
        issues: [{ path: ['departmentId'], code: 'read_only' }],
      });
      expect(await create({ ...input, departmentId: department.id }, boss)).toMatchObject({
        namespace: { project: { id: own.id } },
      });
      await add(other.id, boss, 'DEVELOPER');
      const second = { ...input, name: `second-${workspace.identifier}` };
      expect(await create(second, boss)).toMatchObject({ issues: [{ path: ['projectId'], code: 'required' }] });
      expect(await create({ ...second, projectId: other.id }, boss)).toMatchObject({
        namespace: { project: { id: other.id } },
      });
    });

    it('has the quota that it is given, and needs one where the profile says so (CORE-05, CON-35, CMP-33)', async () => {
      const workspace = await makeWorkspace({ profile: 'tcs' });
      const project = await makeProject({ workspaceId: workspace.id });
      const input = { projectId: project.id };
      for (const quota of [undefined, null, {}, { cpu: null }]) {
        expect(await create({ ...input, quota })).toMatchObject({ issues: [{ path: ['quota'], code: 'required' }] });
      }
      await mutate(ada, 'setProjectQuota', { id: project.id, version: 1, quota: { pods: 5 } });
      expect(await create({ ...input, quota: { pods: 6 } })).toMatchObject({ __typename: 'QuotaExceededError' });
      expect(await create({ ...input, quota: { cpu: '1' } })).toMatchObject({ __typename: 'QuotaExceededError' });
      expect(await create({ ...input, quota: { pods: 5, cpu: '1' } })).toMatchObject({
        __typename: 'CreateNamespaceSuccess',
      });
      const name = `${project.identifier}-${workspace.identifier}`;
      const query =
        'query ($name: String!) { namespace(cluster: "dev", name: $name) { quota { limits { cpu pods memory } enforced { cpu } } } }';
      expect(await read(ada, query, { name })).toEqual({
        namespace: { quota: { limits: { cpu: '1', pods: 5, memory: null }, enforced: null } },
      });
      expect(await create({ ...input, name: `${name}-2`, quota: { pods: 1 } })).toMatchObject({
        __typename: 'QuotaExceededError',
      });
      const existing = await makeNamespace();
      expect(await bind(workspace.id, [existing])).toMatchObject({ reason: 'QUOTA_REQUIRED' });
      await mutate(ada, 'setNamespaceQuota', { cluster: 'dev', name: existing, quota: { pods: 1 } });
      expect(await bind(workspace.id, [existing])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
      expect(await mutate(ada, 'setNamespaceQuota', { cluster: 'dev', name: existing, quota: null })).toMatchObject({
        issues: [{ path: ['quota'], code: 'required' }],
      });
      await bind(project.id, [existing]);
      const lifted = { cluster: 'dev', namespace: existing, quota: {} };
      expect(
        await mutate(ada, 'setProjectQuota', { id: project.id, version: 2, quota: null, shares: [lifted] }),
      ).toMatchObject({ issues: [{ path: ['shares', '0', 'quota'], code: 'required' }] });
    });

    it('makes a workspace hold no more clusters than its profile allows (refused, CMP-09)', async () => {
      const workspace = await makeWorkspace({ profile: 'aks-public' });
      const [one, two] = [await makeNamespace(), await makeNamespace()];
      const { uuid } = parseId(workspace.id);
      await core.bindBehind({ cluster: 'far', namespace: 'away', workspaceId: uuid });
      expect(await bind(workspace.id, [one])).toMatchObject({ reason: 'TOO_MANY_CLUSTERS' });
      await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 1, profile: 'ecs' });
      expect(await bind(workspace.id, [one])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
      // What it holds already, it keeps.
      await mutate(ada, 'updateWorkspace', { id: workspace.id, version: 2, profile: 'aks-public' });
      expect(await bind(workspace.id, [two])).toMatchObject({ __typename: 'BindNamespacesSuccess' });
    });
  });

  describe('departments', () => {
    it('form a tree that projects belong to (CORE-06)', async () => {
      const top = await makeDepartment();
      const below = await makeDepartment({ parentId: top.id });
      const project = await makeProject({ departmentId: below.id });
      const query = `query ($id: ID!) { department(id: $id) { parent { id } children { nodes { id projects { nodes { id } } } } } }`;
      expect(await read(ada, query, { id: top.id })).toEqual({
        department: {
          parent: null,
          children: { nodes: [{ id: below.id, projects: { nodes: [{ id: project.id }] } }] },
        },
      });
      const input = { id: top.id, confirm: top.identifier };
      expect(await mutate(ada, 'deleteDepartment', input)).toMatchObject({
        __typename: 'InUseError',
        references: [{ __typename: 'Department', id: below.id }],
      });
      expect(await mutate(ada, 'deleteDepartment', { id: below.id, confirm: below.identifier })).toMatchObject({
        __typename: 'InUseError',
        references: [{ __typename: 'Project', id: project.id }],
      });
    });

    it('are told of a namespace with its project, to who belongs to that and to nobody else (CORE-06)', async () => {
      const department = await makeDepartment();
      const workspace = await makeWorkspace();
      const project = await makeProject({ workspaceId: workspace.id, departmentId: department.id });
      const name = await makeNamespace();
      await bind(project.id, [name]);
      await add(project.id, pia, 'DEVELOPER');
      const query = `query ($name: String!) { namespace(cluster: "dev", name: $name) {
        workspace { id } project { id } department { id } } }`;
      const told = { workspace: { id: workspace.id }, project: { id: project.id }, department: { id: department.id } };
      for (const who of [ada, pia]) expect(await read(who, query, { name })).toEqual({ namespace: told });
      // Works in the namespace by a token of its own, without belonging to anything.
      const outsider = { ...zoe, namespaces: [{ cluster: 'dev', namespace: name }] };
      expect(await read(outsider, query, { name })).toEqual({
        namespace: { workspace: null, project: null, department: null },
      });
    });

    it('refuse a circle that two make at once (CORE-06)', async () => {
      const [one, two] = [await makeDepartment(), await makeDepartment()];
      const answers = await Promise.all([
        mutate(ada, 'updateDepartment', { id: one.id, version: 1, parentId: two.id }),
        mutate(ada, 'updateDepartment', { id: two.id, version: 1, parentId: one.id }),
      ]);
      expect(answers.map(({ __typename }) => __typename).toSorted()).toEqual([
        'UpdateDepartmentSuccess',
        'ValidationError',
      ]);
    });

    it('refuse to be moved below themselves (CORE-06)', async () => {
      const top = await makeDepartment();
      const middle = await makeDepartment({ parentId: top.id });
      const bottom = await makeDepartment({ parentId: middle.id });
      for (const parentId of [top.id, middle.id, bottom.id]) {
        expect(await mutate(ada, 'updateDepartment', { id: top.id, version: 1, parentId })).toMatchObject({
          __typename: 'ValidationError',
          issues: [{ path: ['parentId'], code: 'department_circle' }],
        });
      }
      expect(await mutate(ada, 'updateDepartment', { id: bottom.id, version: 1, parentId: null })).toMatchObject({
        __typename: 'UpdateDepartmentSuccess',
      });
      expect(await mutate(ada, 'updateDepartment', { id: top.id, version: 1, parentId: bottom.id })).toMatchObject({
        __typename: 'UpdateDepartmentSuccess',
      });
    });
  });

  describe('projects', () => {
    it('are listed for who has joined them, to be searched and narrowed; their identifier is unique in the workspace (CORE-05)', async () => {
      const [one, two] = [await makeWorkspace(), await makeWorkspace()];
      const first = await makeProject({ identifier: 'pay', displayName: '支付', workspaceId: one.id });
      const second = await makeProject({ identifier: 'pay', displayName: 'Pay', workspaceId: two.id });
      const taken = { identifier: 'pay', displayName: 'Pay', workspaceId: one.id };
      expect(await mutate(ada, 'createProject', taken)).toMatchObject({ issues: [{ code: 'identifier_in_use' }] });
      await add(first.id, zoe, 'DEVELOPER');
      await add(second.id, zoe, 'DEVELOPER');
      const query = `query ($in: [ID!]) { all: projects { totalCount }
        found: projects(filter: {displayName: {contains: "支"}}) { nodes { id } }
        narrowed: projects(filter: {identifier: {equals: "pay"}, workspaceIds: $in}) { nodes { id workspace { id } } } }`;
      expect(await read(zoe, query, { in: [two.id] })).toMatchObject({
        found: { nodes: [{ id: first.id }] },
        narrowed: { nodes: [{ id: second.id, workspace: { id: two.id } }] },
      });
    });
  });

  describe('streams', () => {
    it('tell members of their workspaces and projects, and nobody of others (CORE-07)', async () => {
      const [own, other] = [await makeWorkspace(), await makeWorkspace()];
      const project = await makeProject({ workspaceId: own.id });
      await add(own.id, mia, 'ADMIN');
      const workspaces = await core.follow(
        mia,
        'subscription { workspaceChanges { type workspace { id displayName } } }',
      );
      const projects = await core.follow(mia, 'subscription { projectChanges { type project { id displayName } } }');
      for (const stream of [workspaces, projects]) {
        for (;;) {
          const message = await stream.next();
          if (Object.values(message).some((each) => each?.type === 'SNAPSHOT')) break;
        }
      }
      await mutate(ada, 'updateWorkspace', { id: other.id, version: 1, displayName: 'Secret' });
      await mutate(ada, 'updateWorkspace', { id: own.id, version: 1, displayName: 'Told' });
      expect(await workspaces.next()).toEqual({
        workspaceChanges: { type: 'MODIFIED', workspace: { id: own.id, displayName: 'Told' } },
      });
      await mutate(ada, 'deleteProject', { id: project.id, confirm: project.identifier });
      expect(await projects.next()).toMatchObject({ projectChanges: { type: 'DELETED', project: { id: project.id } } });
      workspaces.close();
      projects.close();
    });
  });
});

interface Made {
  readonly id: string;
  readonly identifier: string;
  readonly displayName: string;
  readonly version: number;
}

interface Payload {
  readonly [name: string]: unknown;
  readonly message?: string;
}

type Deep = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

const parseId = (id: string) => ({ uuid: Buffer.from(id, 'base64url').toString().split('|').at(-1) ?? '' });

const idOfNobody = (type: string): string =>
  Buffer.from(`row|core|${type}|00000000-0000-4000-8000-000000000000`).toString('base64url');
