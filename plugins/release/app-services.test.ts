import { createHash } from 'node:crypto';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.ts';

let gateway: TestGateway;
const developer = 'dev-developer';
/** Works in another namespace. */
const stranger = 'stranger-token-of-thirty-two-characters';

beforeAll(async () => {
  const token = (name: string, text: string, role: string, namespace: string) => {
    const sha256 = createHash('sha256').update(text).digest('hex');
    return { name, sha256, roles: [role], namespaces: [namespace] };
  };
  gateway = await startTestGateway({ settings: { tokens: [token('stranger', stranger, 'DEVELOPER', 'elsewhere')] } });
});
afterAll(() => gateway?.stop());

async function ask<Data>(source: string, variables?: object, token?: string): Promise<Data> {
  const { data, errors } = await gateway.query(source, variables as never, token ? { token } : {});
  expect(JSON.stringify(errors)).toBeUndefined();
  return data as Data;
}

interface Answer {
  readonly __typename: string;
  readonly message?: string;
  readonly reason?: string;
  readonly issues?: readonly { readonly path: readonly string[]; readonly code: string }[];
  readonly application: { readonly id: string };
  readonly appService: {
    readonly id: string;
    readonly version: number;
    readonly state: string;
    readonly draft: Draft | null;
  };
  readonly version: Draft;
}

interface Draft {
  readonly id: string;
  readonly number: number;
  readonly version: number;
  readonly editState: string;
  readonly manifest: Manifest;
  readonly configuration: readonly { readonly kind: string; readonly name: string; readonly snapshot: string }[];
}

interface Manifest {
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

/** What a mutation answers: the fields of its success, or those of its error. */
async function mutate(name: string, input: object, fields = 'warnings', token?: string): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const data = await ask<Record<string, Answer>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} }
      ... on Error { message code } ... on ValidationError { issues { path code message } } ... on PreconditionError { reason } } }`,
    { input },
    token,
  );
  return data[name] as Answer;
}

const written = `appService { id version state draft { id number version } }
  version { id number version editState manifest configuration { kind name snapshot } }`;
const container = { name: 'web', image: 'acme/web:1' };
let applications = 0;

async function makeApplication(): Promise<string> {
  applications += 1;
  const input = { name: `shop-${applications}`, cluster: 'embedded', namespace: 'shop' };
  const answer = await mutate('createApplication', input, 'application { id }');
  return answer.application.id;
}

async function create(name: string, more: object = {}, token?: string): Promise<Answer> {
  const applicationId = await makeApplication();
  const place = { cluster: 'embedded', namespace: 'shop', name, applicationId };
  return mutate('createAppService', { ...place, template: { containers: [container] }, ...more }, written, token);
}

async function made(name: string, more: object = {}): Promise<Answer> {
  const answer = await create(name, more, developer);
  expect(answer.issues ?? answer.message).toBeUndefined();
  return answer;
}

async function apply(manifest: object): Promise<void> {
  const answer = await mutate('applyManifest', { cluster: 'embedded', manifest: JSON.stringify(manifest) });
  expect(answer).toMatchObject({ __typename: 'ApplyManifestSuccess' });
}

const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data,
});

const json = (id: string) =>
  ask<{ node: { json: Record<string, unknown> } | null }>(
    'query ($id: ID!) { node(id: $id) { ... on KubernetesObject { json } } }',
    { id },
  );

async function objectOf(kind: string, name: string): Promise<Record<string, unknown> | undefined> {
  const { object } = await ask<{ object: { id: string } | null }>(
    'query ($kind: String!, $name: String!) { object(cluster: "embedded", apiVersion: "v1", kind: $kind, namespace: "shop", name: $name) { id } }',
    { kind, name },
  );
  return object ? (await json(object.id)).node?.json : undefined;
}

describe('an app service', () => {
  it('is made with its first draft, of what the form says and defaults for the rest (REL-01, REL-02, REL-07)', async () => {
    const { appService, version } = await made('first', { description: 'What is sold' });
    expect(appService).toMatchObject({ state: 'PENDING_DEPLOY', version: 1 });
    expect(version).toMatchObject({ number: 1, editState: 'DRAFT', version: 1, configuration: [] });
    const { appService: read } = await ask<{ appService: object }>(
      `query ($id: ID!) { appService(id: $id) { name namespace cluster { name } isStateful description operators
        application { name } currentVersion { id } viewerCan(action: UPDATE)
        draft { number scaling { strategy replicas } deployment { upgradeMode grouping minGroups betaGroup pauseAfterGroup isSpread }
          template { containers { name image } } releaseState isCurrent } } }`,
      { id: appService.id },
      developer,
    );
    expect(read).toMatchObject({
      name: 'first',
      namespace: 'shop',
      cluster: { name: 'embedded' },
      isStateful: false,
      description: 'What is sold',
      currentVersion: null,
      viewerCan: true,
      draft: {
        number: 1,
        scaling: { strategy: 'FIXED', replicas: 1 },
        deployment: {
          upgradeMode: 'REPLACE',
          grouping: 'FAST',
          minGroups: 3,
          betaGroup: true,
          pauseAfterGroup: true,
          isSpread: true,
        },
        template: { containers: [{ name: 'web', image: 'acme/web:1' }] },
        releaseState: 'PENDING_DEPLOY',
        isCurrent: false,
      },
    });
  });

  it('has containers with their resources, command, variables, probes, volumes and log collection (REL-03)', async () => {
    await apply(configMap('conf-t', { a: 'b' }));
    const main = {
      ...container,
      command: ['serve'],
      args: ['--port', '80'],
      requests: { cpu: '500m', memory: '128Mi' },
      limits: { cpu: '1', memory: '1Gi' },
      env: [{ name: 'MODE', value: 'one' }],
      readinessProbe: { action: { httpGet: { path: '/', port: 80 } } },
      volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
      logCollection: { standardOutput: true },
    };
    const volumes = [{ name: 'conf', source: { configMap: { name: 'conf-t' } } }];
    const { version } = await made('formed', { template: { containers: [main], volumes } });
    expect(version.manifest).toMatchObject({
      metadata: { annotations: { 'longshore.dev/log-collection': expect.stringContaining('web') } },
      spec: {
        containers: [
          {
            ...{ name: 'web', image: 'acme/web:1', command: ['serve'], args: ['--port', '80'] },
            resources: { requests: { cpu: '500m', memory: '128Mi' }, limits: { cpu: '1', memory: '1Gi' } },
            env: [{ name: 'MODE', value: 'one' }],
            readinessProbe: { httpGet: { path: '/', port: 80 } },
            volumeMounts: [{ name: 'conf', mountPath: '/etc/conf' }],
          },
        ],
        volumes: [{ name: 'conf', configMap: { name: 'conf-t' } }],
      },
    });
    const limits = { cpu: '100m' };
    const refused = await create('unformed', { template: { containers: [{ ...main, limits }], volumes } }, developer);
    expect(refused.issues?.map(({ path }) => path.slice(0, 3).map(String))).toContainEqual([
      'template',
      'containers',
      '0',
    ]);
  });

  it('has the sidecar of a mesh in its pods where the cluster has one (REL-07)', async () => {
    const meshed = { deployment: { meshInjection: true } };
    expect(await create('meshless', meshed, developer)).toMatchObject({ __typename: 'CapabilityMissingError' });
    const names = { plural: 'destinationrules', singular: 'destinationrule', kind: 'DestinationRule' };
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await apply({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'destinationrules.networking.istio.io' },
      spec: {
        ...{ group: 'networking.istio.io', scope: 'Namespaced', names },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    const { version } = await until(async () => {
      const answer = await create('meshed', meshed, developer);
      expect(answer.__typename).toBe('CreateAppServiceSuccess');
      return answer;
    });
    const { node } = await ask<{ node: { preview: { manifests: readonly object[] } } }>(
      'query ($id: ID!) { node(id: $id) { ... on AppServiceVersion { deployment { meshInjection } preview { manifests } } } }',
      { id: version.id },
    );
    expect(node).toMatchObject({
      deployment: { meshInjection: true },
      preview: {
        manifests: [{ spec: { template: { metadata: { labels: { 'sidecar.istio.io/inject': 'true' } } } } }],
      },
    });
  });

  it('has no monitoring directory where no collector is set (REL-03, CMP-113) (refused)', async () => {
    const template = { containers: [{ ...container, monitoringDirectory: '/home/admin/monitor' }] };
    expect(await create('unwatched', { template }, developer)).toMatchObject({ __typename: 'CapabilityMissingError' });
  });

  it('is in no mesh that an administrator has switched off (REL-07, CMP-16) (refused)', async () => {
    const answered = await mutate('updateClusterFeatures', { cluster: 'embedded', mesh: false });
    expect(answered.__typename).toBe('UpdateClusterFeaturesSuccess');
    const refused = await create('unmeshed', { deployment: { meshInjection: true } }, developer);
    expect(refused).toMatchObject({ __typename: 'PreconditionError', reason: 'MESH_OFF' });
  });

  it.each<[string, object, object]>([
    ['a name with --', { name: 'a--b' }, { path: ['name'], code: 'bad_name' }],
    ['a name of another form', { name: 'Web_1' }, { path: ['name'] }],
    ['no container', { template: {} }, { path: ['template', 'containers'], code: 'required' }],
    [
      'a ConfigMap that is not there',
      {
        template: { containers: [{ ...container, envFrom: [{ configMap: 'nowhere' }] }] },
      },
      { code: 'not_found' },
    ],
    ['too many pods', { scaling: { replicas: 1_000_000 } }, { path: ['scaling', 'replicas'], code: 'out_of_range' }],
    ['no groups', { deployment: { minGroups: 0 } }, { path: ['deployment', 'minGroups'], code: 'out_of_range' }],
    [
      'a deployment unit that is not there',
      { deployment: { units: ['cell-9'] } },
      { path: ['deployment', 'units', '0'], code: 'unknown_deployment_unit' },
    ],
    ['a port that is none', { access: [{ name: 'a', ports: [{ port: 0 }] }] }, { code: 'out_of_range' }],
    [
      'two access settings of one name',
      { access: [1, 2].map((port) => ({ name: 'a', ports: [{ port }] })) },
      { path: ['access', '1', 'name'], code: 'duplicate' },
    ],
    ['a stateful one without volumes', { isStateful: true }, { path: ['volumeClaimTemplates'], code: 'required' }],
    ['an application that is not there', { applicationId: 'bm90aGluZw' }, { path: ['applicationId'] }],
  ])('refuses %s (refused) (REL-01, REL-02, REL-07)', async (_what, more, issue) => {
    const answer = await create('refused', more, developer);
    expect(answer.__typename).toBe('ValidationError');
    expect(answer.issues?.map(({ path, code }) => ({ path: path.map(String), code }))).toContainEqual(
      expect.objectContaining(issue),
    );
  });

  it('is not made under a name that is taken, by whom it is not allowed, or by a dry run (refused)', async () => {
    await made('taken');
    expect(await create('taken', {}, developer)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['name'], code: 'name_in_use' }],
    });
    expect((await create('theirs', {}, stranger)).__typename).toMatch(/NotFoundError|ForbiddenError/);
    expect(await create('tried', { dryRun: true, submit: true }, developer)).toMatchObject({
      __typename: 'CreateAppServiceSuccess',
      version: { editState: 'SUBMITTED' },
    });
    const list = await ask<{ appServices: { nodes: { name: string }[] } }>(
      '{ appServices(filter: { name: { contains: "t" } }) { nodes { name } } }',
    );
    expect(list.appServices.nodes.map(({ name }) => name)).toEqual(['taken', 'first']);
  });

  it('is missing for who works elsewhere, with its versions (refused)', async () => {
    const { appService, version } = await made('hidden');
    for (const { id } of [appService, version]) {
      const { node } = await ask<{ node: unknown }>('query ($id: ID!) { node(id: $id) { id } }', { id }, stranger);
      expect(node).toBeNull();
    }
    for (const [name, more] of [
      ['updateAppService', { version: 1, description: 'x' }],
      ['editAppService', { draft: 'RESTORE', draftVersion: 1 }],
      ['discardAppServiceDraft', { draftVersion: 1 }],
      ['deleteAppService', { confirm: 'hidden' }],
    ] as const) {
      expect(await mutate(name, { id: appService.id, ...more }, 'warnings', stranger)).toMatchObject({
        __typename: 'NotFoundError',
      });
    }
  });

  it('takes a new owner from who has seen it last, and tells who follows it (REL-10)', async () => {
    interface Message {
      readonly appServiceChanges: { readonly type: string; readonly appService: { readonly owner: string } | null };
    }
    const { appService } = await made('owned');
    await using stream: TestStream<Message> = gateway.subscribe(
      'subscription { appServiceChanges(filter: { name: { equals: "owned" } }) { type appService { owner } } }',
    );
    await stream.next(({ data }) => data?.appServiceChanges.type === 'SNAPSHOT');
    const input = { id: appService.id, version: 1, owner: 'ada', operators: ['bob', 'bob', ' '] };
    expect(await mutate('updateAppService', input, 'appService { owner operators version }', developer)).toMatchObject({
      appService: { owner: 'ada', operators: ['bob'], version: 2 },
    });
    await stream.next(({ data }) => data?.appServiceChanges.appService?.owner === 'ada');
    expect(await mutate('updateAppService', input, 'warnings', developer)).toMatchObject({
      __typename: 'ConflictError',
    });
  });
});

describe('the versions of an app service', () => {
  const edit = (id: string, more: object) => mutate('editAppService', { id, ...more }, written, developer);

  it('begin as a draft that asks to be restored or thrown away (REL-11)', async () => {
    const { appService } = await made('drafted');
    const scaling = { replicas: 2 };
    expect(await edit(appService.id, { scaling })).toMatchObject({ reason: 'DRAFT_EXISTS' });
    const gone = await edit(appService.id, { scaling, draft: 'RESTORE', draftVersion: 7 });
    expect(gone).toMatchObject({ __typename: 'ConflictError' });
    const restored = await edit(appService.id, { scaling, draft: 'RESTORE', draftVersion: 1 });
    expect(restored.version).toMatchObject({ number: 1, version: 2, editState: 'DRAFT' });
    expect(restored.version.manifest.spec.containers).toMatchObject([container]);
    const again = {
      draft: 'DISCARD',
      draftVersion: 2,
      template: { containers: [{ name: 'api', image: 'acme/api:1' }] },
    };
    const fresh = await edit(appService.id, again);
    expect(fresh.version).toMatchObject({ number: 1, version: 1 });
    expect(fresh.version.manifest.spec.containers).toMatchObject([{ name: 'api' }]);
    const discard = { id: appService.id, draftVersion: 1 };
    expect(await mutate('discardAppServiceDraft', discard, 'appService { draft { id } }', developer)).toMatchObject({
      appService: { draft: null },
    });
    expect(await mutate('discardAppServiceDraft', discard, 'warnings', developer)).toMatchObject({
      reason: 'NO_DRAFT',
    });
  });

  it('never change once they are submitted: a change makes another one (REL-10, REL-11, REL-12)', async () => {
    const { appService, version } = await made('submitted', { submit: true });
    expect(version).toMatchObject({ number: 1, editState: 'SUBMITTED' });
    const change = { template: { containers: [{ name: 'web', image: 'acme/web:2' }] }, submit: true };
    const second = await edit(appService.id, change);
    expect(second.version).toMatchObject({ number: 2, editState: 'SUBMITTED' });
    const copied = await edit(appService.id, { from: version.id });
    expect(copied.version).toMatchObject({ number: 3, editState: 'DRAFT' });
    expect(copied.version.manifest.spec.containers).toMatchObject([container]);
    const renamed = { containers: [{ name: 'web', newName: 'api' }] };
    expect(await edit(appService.id, { template: renamed, draft: 'RESTORE', draftVersion: 1 })).toMatchObject({
      issues: [{ path: ['template', 'containers', '0', 'newName'], code: 'immutable' }],
    });
    const { appService: read } = await ask<{ appService: { versions: { nodes: object[] } } }>(
      `query ($id: ID!, $first: ID!) { appService(id: $id) { versions { nodes { number createdBy changesSince(id: $first) { path } } } } }`,
      { id: appService.id, first: version.id },
    );
    expect(read.versions.nodes).toMatchObject([
      { number: 3, changesSince: [] },
      { number: 2, changesSince: [{ path: '/template/spec/containers/0/image' }] },
      { number: 1, changesSince: [] },
    ]);
  });

  it('are compared field by field, any two of them, in both directions, and none with those of another service (REL-10, REL-12)', async () => {
    const { appService, version: first } = await made('compared', { submit: true, scaling: { replicas: 2 } });
    const submitted = (more: object) => edit(appService.id, { submit: true, ...more });
    const second = (await submitted({ scaling: { replicas: 3 } })).version;
    const third = (
      await submitted({
        from: second.id,
        template: { containers: [{ name: 'web', image: 'acme/web:3' }] },
        deployment: { grouping: 'ALL_IN_ONE' },
      })
    ).version;
    const draft = (await edit(appService.id, { from: first.id, access: [{ name: 'cmp', ports: [{ port: 80 }] }] }))
      .version;
    const source = `query ($id: ID!, $other: ID!) { node(id: $id) { ... on AppServiceVersion {
      changesSince(id: $other) { path before after } } } }`;
    const changes = async (version: Draft, other: Draft) => {
      type Changes = readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
      const { node } = await ask<{ node: { changesSince: Changes } }>(source, { id: version.id, other: other.id });
      return Object.fromEntries(node.changesSince.map(({ path, before, after }) => [path, [before, after]]));
    };
    const image = '/template/spec/containers/0/image';
    const between = {
      [image]: ['acme/web:1', 'acme/web:3'],
      '/scaling/replicas': [2, 3],
      '/deployment/grouping': ['FAST', 'ALL_IN_ONE'],
    };
    expect(await changes(third, first)).toEqual(between);
    const back = Object.entries(between).map(([path, [before, after]]) => [path, [after, before]]);
    expect(await changes(first, third)).toEqual(Object.fromEntries(back));
    expect(await changes(third, second)).toEqual({
      [image]: ['acme/web:1', 'acme/web:3'],
      '/deployment/grouping': ['FAST', 'ALL_IN_ONE'],
    });
    expect(await changes(second, second)).toEqual({});
    expect(Object.keys(await changes(draft, third))).toEqual(
      expect.arrayContaining([image, '/scaling/replicas', '/deployment/grouping']),
    );
    expect(JSON.stringify(await changes(draft, third))).toContain('cmp');
    const { version: foreign } = await made('not-compared', { submit: true });
    const { data, errors } = await gateway.query(source, { id: first.id, other: foreign.id });
    expect(data?.node).toBeNull();
    expect(errors?.[0]?.message).toContain("App service 'compared' has no version with this id");
  });

  it('warn of another upgrade mode than what runs was released with, once they are submitted (REL-07)', async () => {
    const { appService, version } = await made('switched', { submit: true });
    const uuid = (id: string) => Buffer.from(id, 'base64url').toString().split('|').at(-1);
    const { db } = gateway.gateway.foundation.database;
    await db.execute(
      `update release_app_services set current_version_id = '${uuid(version.id)}' where id = '${uuid(appService.id)}'`,
    );
    const deployment = { upgradeMode: 'IN_PLACE' };
    const draft = await edit(appService.id, { deployment });
    expect(draft.__typename).toBe('EditAppServiceSuccess');
    const submit = { draft: 'RESTORE', draftVersion: 1, submit: true };
    const { data } = await gateway.query(
      `mutation ($input: EditAppServiceInput!) { editAppService(input: $input) {
        ... on PreconditionError { reason unacknowledged { code path message } } } }`,
      { input: { id: appService.id, ...submit } },
    );
    expect(data?.editAppService).toMatchObject({
      unacknowledged: [
        {
          code: 'UPGRADE_MODE_CHANGED',
          path: ['deployment', 'upgradeMode'],
          message: expect.stringContaining('released with REPLACE'),
        },
      ],
    });
    const acknowledged = await edit(appService.id, { ...submit, acknowledge: ['UPGRADE_MODE_CHANGED'] });
    expect(acknowledged).toMatchObject({ version: { number: 2, editState: 'SUBMITTED' } });
  });

  it('have one draft, however many open one at once (REL-11)', async () => {
    const { appService } = await made('raced', { submit: true });
    const answers = await Promise.all([2, 3, 4, 5].map((replicas) => edit(appService.id, { scaling: { replicas } })));
    expect(answers.filter(({ __typename }) => __typename === 'EditAppServiceSuccess')).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'DRAFT_EXISTS')).toHaveLength(3);
  });

  it('say what a release would come to: groups, manifests, and whether pods are made anew (REL-08, REL-29)', async () => {
    const { version } = await made('previewed', {
      scaling: { replicas: 5 },
      deployment: { upgradeMode: 'IN_PLACE' },
      access: [{ name: 'previewed', ports: [{ port: 80, targetPort: 8080 }] }],
    });
    const { node } = await ask<{ node: { preview: { manifests: object[] } } }>(
      `query ($id: ID!) { node(id: $id) { ... on AppServiceVersion { preview {
        manifests groups { isBeta pods { unit count } } willReplacePods replacedBecause } } } }`,
      { id: version.id },
    );
    expect(node.preview).toMatchObject({
      groups: [{ isBeta: true, pods: [{ count: 1 }] }, ...[2, 1, 1].map((count) => ({ pods: [{ count }] }))],
      willReplacePods: false,
      replacedBecause: [],
    });
    expect(node.preview.manifests).toMatchObject([
      { kind: 'Service', spec: { selector: { 'longshore.dev/app-service': 'previewed' } } },
      {
        ...{ apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', metadata: { name: 'previewed' } },
        spec: { replicas: 5, updateStrategy: { type: 'InPlaceIfPossible', partition: 0 } },
      },
    ]);
  });
});

describe('the configuration of a version', () => {
  const canary = 'canary-value-that-nobody-may-see';

  it('is copied under names that never change, and named by its pods; a copy that still does is used again (REL-10)', async () => {
    await apply(configMap('conf-a', { mode: 'dark' }));
    await apply({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys-a', namespace: 'shop' },
      stringData: { password: canary },
    });
    const template = {
      containers: [container],
      volumes: [
        { name: 'conf', source: { configMap: { name: 'conf-a' } } },
        { name: 'keys', source: { secret: { name: 'keys-a' } } },
      ],
    };
    const { appService, version } = await made('configured', { template, submit: true });
    expect(version.configuration.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'ConfigMap conf-a',
      'Secret keys-a',
    ]);
    const [conf, keys] = version.configuration.map(({ snapshot }) => snapshot) as [string, string];
    expect(version.manifest).toMatchObject({
      spec: { volumes: [{ configMap: { name: conf } }, { secret: { secretName: keys } }] },
    });
    expect(await objectOf('ConfigMap', conf)).toMatchObject({ immutable: true, data: { mode: 'dark' } });
    const secret = await ask<{ secret: { value: string } }>(
      'query ($name: String!) { secret(cluster: "embedded", namespace: "shop", name: $name) { value(key: "password") } }',
      { name: keys },
    );
    expect(secret.secret.value).toBe(canary);

    await apply(configMap('conf-a', { mode: 'light' }));
    const second = await mutate('editAppService', { id: appService.id, submit: true }, written, developer);
    const [otherConf, otherKeys] = second.version.configuration.map(({ snapshot }) => snapshot);
    expect(otherConf).not.toBe(conf);
    expect(otherKeys).toBe(keys);
    expect(await objectOf('ConfigMap', conf)).toMatchObject({ data: { mode: 'dark' } });

    const records = await ask<object>(
      '{ operationRecords(first: 100) { nodes { action detail changes { path before after } failure { message } } } }',
    );
    const versions = await ask<object>(
      'query ($id: ID!) { appService(id: $id) { versions { nodes { manifest } } operations { nodes { action } } } }',
      { id: appService.id },
    );
    expect(JSON.stringify([version, second, records, versions])).not.toContain(canary);
    expect(JSON.stringify([version, second, records, versions])).not.toContain(Buffer.from(canary).toString('base64'));
  });

  it('never takes over what somebody else has under its name, and leaves no version behind (refused)', async () => {
    await apply(configMap('settings', { mode: 'dark' }));
    const { appService, version } = await made('collided', { template: { containers: [container] } });
    const { version: draft } = await mutate(
      'editAppService',
      {
        id: appService.id,
        draft: 'RESTORE',
        draftVersion: 1,
        template: { volumes: [{ name: 'conf', source: { configMap: { name: 'settings' } } }] },
      },
      written,
      developer,
    );
    expect(draft.id).toBe(version.id);
    const uuid = Buffer.from(version.id, 'base64url').toString().split('|').at(-1) ?? '';
    const name = `settings-${uuid.replaceAll('-', '').slice(0, 10)}`;
    await apply(configMap(name, { theirs: 'yes' }));
    const submit = { id: appService.id, draft: 'RESTORE', draftVersion: 2, submit: true };
    expect(await mutate('editAppService', submit, written, developer)).toMatchObject({ reason: 'SNAPSHOT_NAME_TAKEN' });
    expect(await objectOf('ConfigMap', name)).toMatchObject({ data: { theirs: 'yes' } });
    const { appService: read } = await ask<{ appService: object }>(
      'query ($id: ID!) { appService(id: $id) { versions { nodes { editState } } } }',
      { id: appService.id },
    );
    expect(read).toEqual({ versions: { nodes: [{ editState: 'DRAFT' }] } });
  });
});

describe('deleting an app service', () => {
  it('takes all that runs of it away, after a confirmation, and leaves what is not its own (REL-14)', async () => {
    await apply(configMap('conf-d', { a: 'b' }));
    const template = {
      containers: [container],
      volumes: [{ name: 'conf', source: { configMap: { name: 'conf-d' } } }],
    };
    const { appService, version } = await made('doomed', { template, submit: true });
    const labels = { 'longshore.dev/app-service': 'doomed' };
    const [snapshot] = version.configuration.map((one) => one.snapshot) as [string];
    expect(await mutate('deleteAppService', { id: appService.id, confirm: 'no' })).not.toMatchObject({
      __typename: 'DeleteAppServiceSuccess',
    });
    expect(await objectOf('ConfigMap', snapshot)).toMatchObject({ metadata: { labels } });
    expect(await mutate('deleteAppService', { id: appService.id, confirm: 'doomed' }, 'id', developer)).toMatchObject({
      __typename: 'DeleteAppServiceSuccess',
    });
    expect(await objectOf('ConfigMap', snapshot)).toBeUndefined();
    expect(await objectOf('ConfigMap', 'conf-d')).toBeDefined();
    const { node } = await ask<{ node: unknown }>('query ($id: ID!) { node(id: $id) { id } }', { id: version.id });
    expect(node).toBeNull();
    await made('doomed');
  });

  const remove = (id: string, confirm: string) => mutate('deleteAppService', { id, confirm }, 'id', developer);
  const order = (id: string) =>
    mutate(
      'createReleaseOrder',
      { services: [{ serviceId: id }], acknowledge: ['NOT_CHECKED'] },
      'warnings',
      developer,
    );
  const execute = (statement: string) => gateway.gateway.foundation.database.db.execute(statement);
  const uuidOf = (id: string) => Buffer.from(id, 'base64url').toString().split('|').at(-1) ?? '';

  it('is ended by the platform where its process was killed, and nothing else is done with the service meanwhile (REL-14)', async () => {
    await apply(configMap('conf-k', { a: 'b' }));
    const template = {
      containers: [container],
      volumes: [{ name: 'conf', source: { configMap: { name: 'conf-k' } } }],
    };
    const { appService, version } = await made('killed', { template, submit: true });
    const { id } = appService;
    const [copy] = version.configuration.map((one) => one.snapshot) as [string];
    // As a process leaves it that dies behind the first of its statements.
    const actor = { id: 'dev:dev-developer', name: 'dev-developer', impersonatedBy: null };
    const deletion = { actor, deletesVolumes: false, requestedAt: '2026-01-01T00:00:00.000Z' };
    await execute(
      `update release_app_services set deletion = '${JSON.stringify(deletion)}' where id = '${uuidOf(id)}'`,
    );
    const read = await ask<{ appService: object }>(
      'query ($id: ID!) { appService(id: $id) { state deletionRequestedAt } }',
      { id },
    );
    expect(read.appService).toEqual({ state: 'DELETING', deletionRequestedAt: deletion.requestedAt });
    for (const [name, input] of [
      ['createReleaseOrder', { services: [{ serviceId: id }] }],
      ['editAppService', { id, scaling: { replicas: 3 } }],
      ['updateAppService', { id, version: 1, description: 'x' }],
    ] as const) {
      expect(await mutate(name, input, 'warnings', developer)).toMatchObject({ reason: 'BEING_DELETED' });
    }
    await execute(`insert into core_queue (reconciler, key, due_at, wakeups, fence, attempts, created_at)
      values ('release.deletions', '${uuidOf(id)}', now() - interval '1 minute', 1, 0, 0, now())`);
    await until(async () => {
      const { appService: gone } = await ask<{ appService: unknown }>(
        'query ($id: ID!) { appService(id: $id) { id } }',
        { id },
      );
      expect(gone).toBeNull();
    });
    expect(await objectOf('ConfigMap', copy)).toBeUndefined();
    expect(await objectOf('ConfigMap', 'conf-k')).toBeDefined();
  });

  it('and a release of it never happen both, whoever is first (REL-14, REL-17)', async () => {
    const services = await Promise.all(['raced-a', 'raced-b', 'raced-c'].map((name) => made(name, { submit: true })));
    for (const [index, { appService }] of services.entries()) {
      const name = ['raced-a', 'raced-b', 'raced-c'][index] ?? '';
      const [ordered, removed] = await Promise.all([order(appService.id), remove(appService.id, name)]);
      const answers = [ordered, removed].map(({ __typename }) => __typename.endsWith('Success'));
      expect(answers.filter(Boolean), JSON.stringify([ordered, removed])).toHaveLength(1);
      if (answers[0]) expect(removed).toMatchObject({ reason: 'RELEASE_ACTIVE' });
      else expect(ordered.reason ?? ordered.__typename).toMatch(/BEING_DELETED|NotFoundError|ValidationError/);
    }
  });
});
