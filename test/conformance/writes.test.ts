import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { configMap, deployment, pod, service } from './support/objects.ts';

const { conformanceCase } = conformanceArea('writes');

conformanceCase(
  {
    title: 'refuses an update of an object that has changed since it was read',
    source: 'API concepts: resource versions; meta/v1 StatusReasonConflict',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const read = await create(path, configMap('a'));
    succeeded(await api.patch('merge', `${path}/a`, { data: { key: 'other' } }));
    const late = await api.update(`${path}/a`, { ...read, data: { key: 'late' } });
    expect(late.body).toMatchObject({ code: 409, reason: 'Conflict', details: { name: 'a', kind: 'configmaps' } });
    expect(late.body.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect((await api.get(`${path}/a`)).body.data).toEqual({ key: 'other' });
  },
);

conformanceCase(
  {
    title: 'takes an update without resourceVersion as it comes, for kinds that allow it',
    source: 'API conventions: concurrency control and consistency, unconditional update',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    await create(path, configMap('a'));
    expect((await api.update(`${path}/a`, configMap('a', { data: { other: '1' } }))).body.data).toEqual({ other: '1' });
  },
);

conformanceCase(
  {
    title: 'wants the resourceVersion in updates of kinds that do not allow unconditional ones',
    source: 'API conventions: concurrency control and consistency; coordination.k8s.io/v1 Lease',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/coordination.k8s.io/v1/namespaces/${ns}/leases`;
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'a' },
      spec: { holderIdentity: 'me' },
    };
    await create(path, lease);
    const { body } = await api.update(`${path}/a`, lease);
    expect(body).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(body.details.causes[0]).toMatchObject({
      field: 'metadata.resourceVersion',
      message: 'Invalid value: 0: must be specified for an update',
    });
  },
);

conformanceCase(
  {
    title: 'holds a patch to the resourceVersion that it names',
    source: 'API concepts: updates to existing resources, patch with resourceVersion',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const { metadata } = await create(path, configMap('a'));
    const fits = await api.patch('merge', `${path}/a`, {
      metadata: { resourceVersion: metadata.resourceVersion },
      data: { x: '1' },
    });
    expect(fits.status).toBe(200);
    const late = await api.patch('merge', `${path}/a`, {
      metadata: { resourceVersion: metadata.resourceVersion },
      data: { x: '2' },
    });
    expect(late).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
  },
);

conformanceCase(
  {
    title: 'refuses an update whose uid is another object’s',
    source: 'meta/v1 ObjectMeta.uid: precondition of updates',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const made = await create(path, configMap('a'));
    const { status, body } = await api.update(`${path}/a`, {
      ...made,
      metadata: { ...made.metadata, uid: '00000000-0000-0000-0000-000000000000' },
    });
    expect(status).toBe(409);
    expect(body.message).toContain(
      'Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000, UID in object meta: ',
    );
  },
);

conformanceCase(
  {
    title: 'does not count an update that changes nothing',
    source: 'API concepts: resource versions; no-op updates are not written',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const made = await create(path, configMap('a'));
    expect((await api.update(`${path}/a`, made)).body.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    const patched = await api.patch('merge', `${path}/a`, { data: { key: 'value' } });
    expect(patched.body.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
  },
);

conformanceCase(
  {
    title: 'makes a name of generateName and five characters',
    source: 'API concepts: generated values; meta/v1 ObjectMeta.generateName',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const names = [];
    for (let made = 0; made < 3; made += 1) {
      const { status, body } = await api.create(
        `/api/v1/namespaces/${ns}/configmaps`,
        configMap('', { metadata: { generateName: 'made-' } }),
      );
      expect(status).toBe(201);
      expect(body.metadata).toMatchObject({
        generateName: 'made-',
        name: expect.stringMatching(/^made-[bcdfghjklmnpqrstvwxz2456789]{5}$/),
      });
      names.push(body.metadata.name);
    }
    expect(new Set(names).size).toBe(3);
  },
);

conformanceCase(
  { title: 'wants a name or generateName', source: 'meta/v1 ObjectMeta.name: required when creating resources' },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { body } = await api.create(`/api/v1/namespaces/${ns}/configmaps`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {},
    });
    expect(body).toMatchObject({ code: 422, reason: 'Invalid', details: { kind: 'ConfigMap' } });
    expect(body.details.causes[0]).toEqual({
      reason: 'FieldValueRequired',
      message: 'Required value: name or generateName is required',
      field: 'metadata.name',
    });
  },
);

conformanceCase(
  {
    title: 'refuses names that are no DNS subdomain',
    source: 'concepts/overview/working-with-objects/names: DNS subdomain names',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    for (const name of ['Capital', 'under_score', '-dash', 'x'.repeat(254)]) {
      const { status, body } = await api.create(`/api/v1/namespaces/${ns}/configmaps`, configMap(name));
      expect(status, name).toBe(422);
      expect(body.details.causes[0]).toMatchObject({ reason: 'FieldValueInvalid', field: 'metadata.name' });
    }
  },
);

conformanceCase(
  {
    title: 'refuses Services whose names are no DNS label',
    source: 'concepts/overview/working-with-objects/names: DNS label names; Service',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    for (const name of ['dot.ted', 'x'.repeat(64), '-dash']) {
      expect((await api.create(`/api/v1/namespaces/${ns}/services`, service(name))).status, name).toBe(422);
    }
  },
);

conformanceCase(
  {
    title: 'refuses labels and annotations that are not well formed',
    source: 'concepts/overview/working-with-objects/labels: syntax and character set',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const label = await api.create(
      path,
      configMap('a', { metadata: { name: 'a', labels: { 'bad value': 'x', good: 'not good' } } }),
    );
    expect(label.status).toBe(422);
    expect(label.body.details.causes.map(({ field }: Json) => field)).toEqual(['metadata.labels', 'metadata.labels']);
    const annotation = await api.create(
      path,
      configMap('a', { metadata: { name: 'a', annotations: { 'bad key!': 'x' } } }),
    );
    expect(annotation.status).toBe(422);
    const big = await api.create(
      path,
      configMap('a', { metadata: { name: 'a', annotations: { big: 'x'.repeat(256 * 1024) } } }),
    );
    expect(big.body).toMatchObject({
      code: 422,
      details: { causes: [{ reason: 'FieldValueTooLong', field: 'metadata.annotations' }] },
    });
  },
);

conformanceCase(
  {
    title: 'refuses to create an object that brings a resourceVersion',
    source: 'meta/v1 ObjectMeta.resourceVersion: may not be set when creating',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { status, body } = await api.create(
      `/api/v1/namespaces/${ns}/configmaps`,
      configMap('a', { metadata: { name: 'a', resourceVersion: '1' } }),
    );
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body.message).toBe('resourceVersion should not be set on objects to be created');
  },
);

conformanceCase(
  {
    title: 'sets uid, creation time and generation itself, whatever the caller says',
    source: 'API conventions: metadata, system-set fields',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const given = deployment('web', { replicas: 0 });
    given.metadata = {
      name: 'web',
      uid: '00000000-0000-0000-0000-000000000000',
      creationTimestamp: '2001-01-01T00:00:00Z',
      generation: 7,
      selfLink: '/mine',
    };
    given.status = { replicas: 12 };
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    const made = await create(path, given);
    expect(made.metadata.uid).not.toBe(given.metadata.uid);
    expect(made.metadata.creationTimestamp).not.toBe(given.metadata.creationTimestamp);
    expect(made.metadata.generation).toBe(1);
    expect(made.metadata.selfLink).toBeUndefined();
    expect(made.status.replicas).toBeUndefined();
    const moved = await api.patch('merge', `${path}/web`, {
      metadata: { uid: given.metadata.uid, creationTimestamp: given.metadata.creationTimestamp },
    });
    if (moved.status === 200)
      expect(moved.body.metadata).toMatchObject({
        uid: made.metadata.uid,
        creationTimestamp: made.metadata.creationTimestamp,
      });
    else expect([409, 422]).toContain(moved.status);
  },
);

conformanceCase(
  {
    title: 'counts the generation when the spec changes, not for metadata or status',
    source: 'API conventions: metadata.generation',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/web`;
    const { metadata } = await create(`/apis/apps/v1/namespaces/${ns}/deployments`, deployment('web', { replicas: 0 }));
    expect(metadata.generation).toBe(1);
    expect((await api.patch('merge', path, { metadata: { labels: { a: 'b' } } })).body.metadata.generation).toBe(1);
    expect(
      (await api.patch('merge', `${path}/status`, { status: { collisionCount: 0 } })).body.metadata.generation,
    ).toBe(1);
    expect((await api.patch('merge', path, { spec: { minReadySeconds: 5 } })).body.metadata.generation).toBe(2);
  },
);

conformanceCase(
  {
    title: 'changes the status at its subresource only, and nothing but the status there',
    source: 'API conventions: spec and status; e2e: [sig-apps] Deployment should validate Deployment Status endpoints',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments/web`;
    await create(`/apis/apps/v1/namespaces/${ns}/deployments`, deployment('web', { replicas: 0, paused: true }));
    const main = await api.patch('merge', path, { status: { conditions: [{ type: 'Mine', status: 'True' }] } });
    expect(main.body.status?.conditions ?? []).not.toContainEqual(expect.objectContaining({ type: 'Mine' }));
    const status = await api.patch('merge', `${path}/status`, {
      metadata: { labels: { by: 'status' } },
      spec: { replicas: 9 },
      status: {
        conditions: [
          {
            type: 'Mine',
            status: 'True',
            lastTransitionTime: '2026-01-01T00:00:00Z',
            lastUpdateTime: '2026-01-01T00:00:00Z',
            reason: 'R',
            message: 'm',
          },
        ],
      },
    });
    expect(status.body.status.conditions).toContainEqual(expect.objectContaining({ type: 'Mine', status: 'True' }));
    expect(status.body.spec.replicas).toBe(0);
  },
);

conformanceCase(
  { title: 'tries a create without keeping anything (dryRun=All)', source: 'API concepts: dry-run' },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const { status, body } = await api.create(path, configMap('a'), { dryRun: 'All' });
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'a', uid: expect.any(String), creationTimestamp: expect.any(String) });
    expect(body.metadata.resourceVersion).toBeUndefined();
    expect((await api.get(`${path}/a`)).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'tries updates, patches and deletes without keeping anything (dryRun=All)',
    source: 'API concepts: dry-run',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const made = await create(path, configMap('a'));
    expect((await api.update(`${path}/a`, { ...made, data: { x: '1' } }, { dryRun: 'All' })).body.data).toEqual({
      x: '1',
    });
    expect((await api.patch('merge', `${path}/a`, { data: { y: '1' } }, { dryRun: 'All' })).body.data).toEqual({
      key: 'value',
      y: '1',
    });
    expect((await api.delete(`${path}/a`, { dryRun: ['All'] })).status).toBe(200);
    expect((await api.delete(`${path}?dryRun=All`)).status).toBe(200);
    expect((await api.get(`${path}/a`)).body).toEqual(made);
  },
);

conformanceCase(
  {
    title: 'validates in a dry run as it would in earnest',
    source: 'API concepts: dry-run, validation and admission run',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    expect((await api.create(path, configMap('Bad'), { dryRun: 'All' })).status).toBe(422);
    await create(path, configMap('a'));
    expect((await api.create(path, configMap('a'), { dryRun: 'All' })).status).toBe(409);
  },
);

conformanceCase(
  { title: 'applies a JSON patch as a whole or not at all', source: 'RFC 6902; API concepts: patch' },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    await create(path, configMap('a', { metadata: { name: 'a', labels: { 'b/c': '2' } }, data: { a: '1' } }));
    const good = await api.patch('json', `${path}/a`, [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'replace', path: '/data/a', value: '9' },
      { op: 'copy', from: '/data/a', path: '/data/copy' },
      { op: 'move', from: '/metadata/labels/b~1c', path: '/data/moved' },
    ]);
    expect(good.body.data).toEqual({ a: '9', copy: '9', moved: '2' });
    const failed = await api.patch('json', `${path}/a`, [
      { op: 'remove', path: '/data/copy' },
      { op: 'test', path: '/data/a', value: 'other' },
    ]);
    expect(failed).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
    const missing = await api.patch('json', `${path}/a`, [{ op: 'remove', path: '/data/none' }]);
    expect(missing.status).toBe(422);
    expect((await api.get(`${path}/a`)).body.data).toEqual({ a: '9', copy: '9', moved: '2' });
  },
);

conformanceCase(
  { title: 'merges by RFC 7386: null takes away, lists are replaced', source: 'RFC 7386; API concepts: patch' },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await create(path, deployment('web', { replicas: 0 }));
    const { body } = await api.patch('merge', `${path}/web`, {
      metadata: { annotations: { x: 'y' } },
      spec: {
        revisionHistoryLimit: null,
        template: { spec: { containers: [{ name: 'other', image: 'registry.k8s.io/pause:3.9' }] } },
      },
    });
    expect(body.spec.revisionHistoryLimit).toBe(10);
    expect(body.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['other']);
  },
);

conformanceCase(
  {
    title: 'merges lists by their keys in a strategic merge patch',
    source: 'tasks/manage-kubernetes-objects/update-api-object-kubectl-patch: strategic merge patch',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await create(path, deployment('web', { replicas: 0 }));
    const added = await api.patch('strategic', `${path}/web`, {
      spec: {
        template: {
          spec: {
            containers: [{ name: 'side', image: 'registry.k8s.io/pause:3.9', env: [{ name: 'A', value: '1' }] }],
          },
        },
      },
    });
    expect(added.body.spec.template.spec.containers.map(({ name }: Json) => name).sort()).toEqual(['main', 'side']);
    const changed = await api.patch('strategic', `${path}/web`, {
      spec: { template: { spec: { containers: [{ name: 'side', env: [{ name: 'B', value: '2' }] }] } } },
    });
    const side = changed.body.spec.template.spec.containers.find(({ name }: Json) => name === 'side');
    expect(side.image).toBe('registry.k8s.io/pause:3.9');
    expect(side.env.map(({ name }: Json) => name).sort()).toEqual(['A', 'B']);
    const deleted = await api.patch('strategic', `${path}/web`, {
      spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } },
    });
    expect(deleted.body.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['main']);
  },
);

conformanceCase(
  {
    title:
      'obeys the directives of a strategic merge patch: replace, retainKeys, setElementOrder, deleteFromPrimitiveList',
    source: 'sig-api-machinery: strategic merge patch directives',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await create(
      path,
      deployment('web', {
        replicas: 0,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      }),
    );
    const retained = await api.patch('strategic', `${path}/web`, {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    });
    expect(retained.body.spec.strategy).toEqual({ type: 'Recreate' });
    const ordered = await api.patch('strategic', `${path}/web`, {
      spec: {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'first' }, { name: 'main' }],
            containers: [{ name: 'first', image: 'registry.k8s.io/pause:3.9' }],
          },
        },
      },
    });
    expect(ordered.body.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['first', 'main']);
    const replaced = await api.patch('strategic', `${path}/web`, {
      spec: {
        template: {
          spec: { containers: [{ $patch: 'replace' }, { name: 'only', image: 'registry.k8s.io/pause:3.9' }] },
        },
      },
    });
    expect(replaced.body.spec.template.spec.containers.map(({ name }: Json) => name)).toEqual(['only']);
    const maps = `/api/v1/namespaces/${ns}/configmaps`;
    await create(maps, configMap('a', { metadata: { name: 'a', finalizers: ['example.com/a', 'example.com/b'] } }));
    const fewer = await api.patch('strategic', `${maps}/a`, {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] },
    });
    expect(fewer.body.metadata.finalizers).toEqual(['example.com/b']);
    succeeded(await api.patch('merge', `${maps}/a`, { metadata: { finalizers: null } }));
  },
);

conformanceCase(
  { title: 'refuses a patch of something that is not there', source: 'API concepts: patch; only apply creates' },
  async ({ api, namespace }) => {
    const ns = await namespace();
    for (const kind of ['merge', 'strategic'] as const) {
      expect(await api.patch(kind, `/api/v1/namespaces/${ns}/configmaps/none`, { data: {} })).toMatchObject({
        status: 404,
        body: { reason: 'NotFound' },
      });
    }
  },
);

conformanceCase(
  {
    title: 'refuses changes of fields that cannot change',
    source: 'apps/v1 DeploymentSpec.selector, core/v1 PodSpec: immutable fields',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const deployments = `/apis/apps/v1/namespaces/${ns}/deployments`;
    await create(deployments, deployment('web', { replicas: 0 }));
    const selector = await api.patch('json', `${deployments}/web`, [
      { op: 'replace', path: '/spec/selector/matchLabels', value: { app: 'other' } },
      { op: 'replace', path: '/spec/template/metadata/labels', value: { app: 'other' } },
    ]);
    expect(selector.status).toBe(422);
    expect(selector.body.details.causes).toEqual([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
        field: 'spec.selector',
      },
    ]);
    await create(`/api/v1/namespaces/${ns}/pods`, pod('a'));
    const spec = await eventually(async () => {
      const answer = await api.patch('merge', `/api/v1/namespaces/${ns}/pods/a`, { spec: { hostname: 'other' } });
      expect(answer.status).toBe(422);
      return answer;
    });
    expect(spec.body.message).toContain('pod updates may not change fields other than');
  },
);

conformanceCase(
  {
    title: 'lets the image of a running pod be changed',
    source: 'concepts/workloads/pods: pod update and replacement',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/api/v1/namespaces/${ns}/pods`, pod('a'));
    const { status, body } = await api.patch('strategic', `/api/v1/namespaces/${ns}/pods/a`, {
      spec: { containers: [{ name: 'main', image: 'registry.k8s.io/pause:3.9' }] },
    });
    expect(status).toBe(200);
    expect(body.spec.containers[0].image).toBe('registry.k8s.io/pause:3.9');
  },
);

conformanceCase(
  {
    title: 'takes the manager’s name from the user agent where none is given',
    source: 'server-side apply: managers, default manager for non-apply operations',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { body } = await api.call('POST', `/api/v1/namespaces/${ns}/configmaps`, {
      body: configMap('a'),
      headers: { 'user-agent': 'pocket-tool/1.2 (x)' },
    });
    expect(body.metadata.managedFields[0].manager).toBe('pocket-tool');
  },
);
