import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCluster } from './testing/call-cluster.ts';
import { type Answer, ada, bea, type Core, dan, startCore } from './testing/start-core.ts';

let core: Core;
beforeAll(async () => {
  core = await startCore();
  for (const name of ['shop', 'bank'])
    await core.run(ada, `mutation { createNamespace(input: {cluster: "dev", name: "${name}"}) { __typename } }`);
});
afterAll(() => core[Symbol.asyncDispose]());

const errorFields = `... on Error { code message } ... on ValidationError { issues { path code message line column } }
  ... on ConflictError { managers { manager field } } ... on PreconditionError { reason }`;

function apply(as = dan, manifest: string, more = ''): Promise<Answer> {
  return core.run(
    as,
    `mutation ($manifest: String!) { applyManifest(input: {cluster: "dev", manifest: $manifest ${more}}) {
      __typename ${errorFields}
      ... on ApplyManifestSuccess { warnings operation { id action status }
        documents { index apiVersion kind namespace name action changes { operation path before after } conflicts { manager field operation subresource } object { name } error { code message } } }
    } }`,
    { manifest },
  );
}

const answerOf = async (answer: Promise<Answer>) => {
  const { data, errors } = await answer;
  expect(errors).toEqual([]);
  return data.applyManifest as {
    readonly __typename: string;
    readonly documents: readonly Record<string, unknown>[];
    readonly [field: string]: unknown;
  };
};

const configMap = (name: string, data: string, namespace = 'shop') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata: ${data}\n`;

const find = (name: string, namespace = 'shop') =>
  core.run(
    ada,
    `{ object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", namespace: "${namespace}", name: "${name}") { finalizers labels { key value } json(pointer: "/data") } }`,
  );

describe('applyManifest', () => {
  it('creates, changes and leaves alone, and tells which', async () => {
    const first = await answerOf(apply(dan, `${configMap('one', '{a: x}')}---\n${configMap('two', '{a: x}')}`));
    expect(first).toMatchObject({
      __typename: 'ApplyManifestSuccess',
      operation: { action: 'applyManifest', status: 'SUCCEEDED' },
      documents: [
        {
          index: 0,
          apiVersion: 'v1',
          kind: 'ConfigMap',
          namespace: 'shop',
          name: 'one',
          action: 'CREATED',
          object: { name: 'one' },
          error: null,
        },
        { index: 1, name: 'two', action: 'CREATED' },
      ],
    });
    const second = await answerOf(apply(dan, `${configMap('one', '{a: z}')}---\n${configMap('two', '{a: x}')}`));
    expect(second.documents).toMatchObject([
      { action: 'CONFIGURED', changes: [{ operation: 'REPLACE', path: '/data/a', before: 'x', after: 'z' }] },
      { action: 'UNCHANGED', changes: [] },
    ]);
  });

  it('changes nothing and leaves no record in a dry run', async () => {
    const answer = await answerOf(apply(dan, configMap('dry', '{a: x}'), ', dryRun: true'));
    expect(answer).toMatchObject({ operation: null, documents: [{ action: 'CREATED', object: { name: 'dry' } }] });
    expect((await find('dry')).data.object).toBeNull();
  });

  it('takes the namespace from the input for documents that say none', async () => {
    const text = configMap('placed', '{a: x}').replace('  namespace: shop\n', '');
    expect((await answerOf(apply(dan, text, ', namespace: "shop"'))).documents).toMatchObject([
      { namespace: 'shop', action: 'CREATED' },
    ]);
  });

  it.each([
    {
      name: 'a document without a namespace',
      text: configMap('a', '{}').replace('  namespace: shop\n', ''),
      more: '',
      code: 'required',
      line: 4,
    },
    {
      name: 'a document of another namespace',
      text: configMap('a', '{}'),
      more: ', namespace: "bank"',
      code: 'namespace_mismatch',
      line: 5,
    },
    {
      name: 'a kind that nobody serves',
      text: 'apiVersion: x.io/v1\nkind: Widget\nmetadata: {name: a, namespace: shop}\n',
      more: '',
      code: 'unknown_kind',
      line: 2,
    },
    {
      name: 'one object twice',
      text: `${configMap('a', '{}')}---\n${configMap('a', '{}')}`,
      more: '',
      code: 'duplicate_object',
      line: 8,
    },
    { name: 'a duplicate key', text: `${configMap('a', '{}')}data: {}\n`, more: '', code: 'duplicate_key', line: 7 },
    {
      name: 'the mask of a Secret',
      text: 'apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: shop}\nstringData:\n  password: "********"\n',
      more: '',
      code: 'masked_value',
      line: 5,
    },
    {
      name: 'a value the cluster does not take',
      text: configMap('a', '{"x/y": z}'),
      more: '',
      code: 'invalid',
      line: 6,
    },
  ])('refuses $name with its line', async ({ text, more, code, line }) => {
    const answer = await answerOf(apply(dan, text, more));
    expect(answer).toMatchObject({ __typename: 'ValidationError', issues: [{ code, line }] });
  });

  it('writes nothing where any document is refused', async () => {
    const answer = await answerOf(apply(dan, `${configMap('half', '{a: x}')}---\n${configMap('bad', '{"a/b": x}')}`));
    expect(answer).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: expect.arrayContaining(['manifest', '1']) }],
    });
    expect((await find('half')).data.object).toBeNull();
  });

  it('makes a namespace and what lies in it in one go', async () => {
    const text = `apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n---\n${configMap('inside', '{a: x}', 'fresh')}`;
    expect((await answerOf(apply(ada, text))).documents).toMatchObject([
      { action: 'CREATED' },
      { action: 'CREATED', error: null },
    ]);
  });

  it('shows a partial failure with its document once writing has begun', async () => {
    core.cluster.faults = (request) =>
      request.verb === 'patch' && request.name === 'unlucky' && !request.query.includes('dryRun')
        ? { status: 500 }
        : undefined;
    try {
      const answer = await answerOf(
        apply(
          dan,
          `${configMap('lucky', '{a: x}')}---\n${configMap('unlucky', '{a: x}')}---\n${configMap('later', '{a: x}')}`,
        ),
      );
      expect(answer.documents).toMatchObject([
        { name: 'lucky', action: 'CREATED', error: null },
        { name: 'unlucky', action: null, error: { code: 'UPSTREAM' } },
        { name: 'later', action: null, error: { code: 'UPSTREAM', message: expect.stringContaining('Not attempted') } },
      ]);
    } finally {
      core.cluster.faults = undefined;
    }
  });

  it('names who owns the fields it would take, and takes them when forced', async () => {
    await answerOf(apply(dan, configMap('shared', '{a: x}')));
    await kubectl('PATCH', 'configmaps/shared', { data: { a: 'kubectl' } });
    const text = configMap('shared', '{a: ours}');
    expect(await answerOf(apply(dan, text))).toMatchObject({
      __typename: 'ConflictError',
      managers: [{ manager: 'kubectl', field: '.data.a' }],
    });
    expect((await answerOf(apply(dan, text, ', force: true'))).documents).toMatchObject([
      { action: 'CONFIGURED', conflicts: [{ manager: 'kubectl' }] },
    ]);
    const { data } = await core.run(dan, '{ operationRecords(first: 1) { nodes { writes { name isForced } } } }');
    expect(data.operationRecords).toMatchObject({ nodes: [{ writes: [{ name: 'shared', isForced: true }] }] });
  });

  it('CORE-31: shows in a preview what would come of each document, and whose fields it would take', async () => {
    await answerOf(apply(dan, `${configMap('seen', '{a: x, b: x}')}---\n${configMap('same', '{a: x}')}`));
    await kubectl('PATCH', 'configmaps/seen', { data: { a: 'kubectl' } });
    const text = ['seen', 'same', 'new'].map((name) => configMap(name, name === 'seen' ? '{a: ours, b: z}' : '{a: x}'));
    const preview = await answerOf(apply(dan, text.join('---\n'), ', dryRun: true'));
    expect(preview).toMatchObject({
      operation: null,
      documents: [
        {
          action: 'CONFIGURED',
          changes: [
            { path: '/data/a', before: 'kubectl', after: 'ours' },
            { path: '/data/b', before: 'x', after: 'z' },
          ],
          conflicts: [{ manager: 'kubectl', field: '.data.a', operation: 'UPDATE', subresource: null }],
        },
        { action: 'UNCHANGED', changes: [], conflicts: [] },
        { action: 'CREATED', conflicts: [] },
      ],
    });
    expect(await find('seen')).toMatchObject({ data: { object: { json: { a: 'kubectl', b: 'x' } } } });
    expect((await find('new')).data.object).toBeNull();
  });

  it('keeps finalizers, owners and labels that the text does not mention', async () => {
    await answerOf(apply(dan, configMap('kept', '{a: x}')));
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'one', uid: '00000000-0000-4000-8000-000000000001' };
    await kubectl('PATCH', 'configmaps/kept', {
      metadata: { finalizers: ['example.com/hold'], labels: { by: 'kubectl' }, ownerReferences: [owner] },
    });
    expect(await answerOf(apply(dan, configMap('kept', '{a: z}')))).toMatchObject({
      documents: [{ action: 'CONFIGURED' }],
    });
    expect((await find('kept')).data.object).toMatchObject({
      finalizers: ['example.com/hold'],
      labels: [{ key: 'by', value: 'kubectl' }],
      json: { a: 'z' },
    });
  });

  it('repeats its answer for the same idempotency key and does it once', async () => {
    const text = configMap('once', '{a: x}');
    const first = await answerOf(apply(dan, text, ', idempotencyKey: "key-1"'));
    const again = await answerOf(apply(dan, text, ', idempotencyKey: "key-1"'));
    expect(again).toMatchObject({
      operation: first.operation,
      documents: [{ name: 'once', action: null, object: { name: 'once' } }],
    });
    expect(await answerOf(apply(dan, configMap('once', '{a: z}'), ', idempotencyKey: "key-1"'))).toMatchObject({
      __typename: 'ConflictError',
    });
  });

  it('CORE-28: makes what it applies part of an application, and refuses what is another’s', async () => {
    const more = ', application: "webshop"';
    expect((await answerOf(apply(dan, configMap('part', '{a: x}'), more))).documents).toMatchObject([
      { action: 'CREATED' },
    ]);
    expect((await find('part')).data.object).toMatchObject({
      labels: [{ key: 'app.kubernetes.io/name', value: 'webshop' }],
    });
    const other = configMap('part', '{a: z}').replace('\ndata:', '\n  labels: {app.kubernetes.io/name: bank}\ndata:');
    expect(await answerOf(apply(dan, other, more))).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ code: 'other_application', line: 6, column: 36 }],
    });
    expect(await answerOf(apply(dan, configMap('part', '{a: z}'), ', application: "bank"'))).toMatchObject({
      issues: [{ code: 'other_application', line: 4 }],
    });
    expect(await answerOf(apply(dan, configMap('part', '{a: z}'), ', application: "no label"'))).toMatchObject({
      issues: [{ path: ['application'], code: 'invalid_label_value' }],
    });
  });

  describe('for a developer', () => {
    const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop}\nspec: ${spec}\n`;
    const container = '{name: a, image: nginx}';

    it('takes a pod that passes Pod Security baseline', async () => {
      expect(
        (await answerOf(apply(dan, pod(`{containers: [${container}]}`), ', dryRun: true'))).documents,
      ).toMatchObject([{ action: 'CREATED' }]);
    });

    it.each([
      {
        name: 'a privileged pod',
        text: pod('{containers: [{name: a, image: nginx, securityContext: {privileged: true}}]}'),
      },
      {
        name: 'a pod with a path of the node',
        text: pod(`{containers: [${container}], volumes: [{name: v, hostPath: {path: /}}]}`),
      },
      {
        name: 'a pod of a mighty service account',
        text: pod(`{serviceAccountName: admin, containers: [${container}]}`),
      },
    ])('takes $name (refused)', async ({ text }) => {
      expect(await answerOf(apply(dan, text))).toMatchObject({ __typename: 'ForbiddenError' });
      expect((await answerOf(apply(ada, text, ', dryRun: true'))).__typename).toMatch(/Success|Validation|Forbidden/);
    });

    it('judges the object that comes of it, not the text alone', async () => {
      const spec = { containers: [{ name: 'a', image: 'nginx', securityContext: { privileged: true } }] };
      const metadata = { name: 'p', namespace: 'shop' };
      await kubectl('POST', 'pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec });
      const answer = await answerOf(
        apply(dan, 'apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: shop, labels: {x: "y"}}\n'),
      );
      expect(answer).toMatchObject({ __typename: 'ForbiddenError', message: expect.stringContaining('privileged') });
    });

    it.each([
      {
        name: 'a ServiceAccount',
        text: 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: shop}\n',
      },
      {
        name: 'a Role',
        text: 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a, namespace: shop}\n',
      },
      { name: 'a Namespace', text: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: mine}\n' },
      { name: 'an object of another namespace', text: configMap('a', '{}', 'bank') },
      {
        name: 'a document of another namespace among its own',
        text: `${configMap('z', '{}')}---\n${configMap('a', '{}', 'bank')}`,
      },
      {
        name: 'a token of a service account',
        text: 'apiVersion: v1\nkind: Secret\nmetadata: {name: t, namespace: shop}\ntype: kubernetes.io/service-account-token\n',
      },
    ])('does not take $name', async ({ text }) => {
      expect((await answerOf(apply(dan, text))).__typename).toMatch(/^(NotFoundError|ForbiddenError)$/);
    });

    it('leaves a record of what was refused', async () => {
      await answerOf(apply(dan, pod(`{hostNetwork: true, containers: [${container}]}`)));
      const { data } = await core.run(
        dan,
        '{ operationRecords(first: 1) { nodes { action status operator failure { code } } } }',
      );
      expect(data.operationRecords).toMatchObject({
        nodes: [{ action: 'applyManifest', status: 'REFUSED', operator: 'dan', failure: { code: 'FORBIDDEN' } }],
      });
    });
  });
});

describe('deleteObject', () => {
  const idOf = async (name: string, namespace = 'shop') => {
    const { data } = await core.run(
      ada,
      `{ object(cluster: "dev", apiVersion: "v1", kind: "ConfigMap", namespace: "${namespace}", name: "${name}") { id } }`,
    );
    return String(data.object?.id);
  };
  const remove = async (as: typeof dan, id: string, more = '') => {
    const { data, errors } = await core.run(
      as,
      `mutation ($id: ID!) { deleteObject(input: {id: $id, confirm: "确认删除" ${more}}) { __typename ${errorFields} ... on DeleteObjectSuccess { id object { name deletionRequestedAt } operation { status } } } }`,
      { id },
    );
    expect(errors).toEqual([]);
    return data.deleteObject;
  };

  it('deletes what is there', async () => {
    await answerOf(apply(dan, configMap('doomed', '{}')));
    const id = await idOf('doomed');
    expect(await remove(dan, id, ', dryRun: true')).toMatchObject({ id, operation: null });
    expect(await remove(dan, id, ', propagation: FOREGROUND, gracePeriodSeconds: 0')).toMatchObject({
      __typename: 'DeleteObjectSuccess',
      id,
      operation: { status: 'SUCCEEDED' },
    });
    expect(await remove(dan, id)).toMatchObject({ __typename: 'NotFoundError' });
  });

  it('shows what its finalizers hold', async () => {
    await answerOf(
      apply(dan, `${configMap('held', '{}').replace('  name', '  finalizers: [example.com/hold]\n  name')}`),
    );
    expect(await remove(dan, await idOf('held'))).toMatchObject({
      object: { name: 'held', deletionRequestedAt: expect.any(String) },
    });
  });

  it('answers the same for what is absent and for what is another’s', async () => {
    await answerOf(apply(dan, configMap('mine', '{}')));
    expect(await remove(bea, await idOf('mine'))).toEqual(await remove(bea, 'bm90aGluZw'));
  });

  it('refuses a negative grace period and a Namespace', async () => {
    const { data } = await core.run(ada, '{ namespace(cluster: "dev", name: "shop") { id } }');
    expect(await remove(ada, String(data.namespace?.id))).toMatchObject({ issues: [{ code: 'use_delete_namespace' }] });
    expect(await remove(ada, 'x', ', gracePeriodSeconds: -1')).toMatchObject({ issues: [{ code: 'too_small' }] });
  });
});

describe('createNamespace and deleteNamespace', () => {
  const create = async (as: typeof dan, name: string, more = '') => {
    const { data, errors } = await core.run(
      as,
      `mutation ($name: String!) { createNamespace(input: {cluster: "dev", name: $name ${more}}) { __typename ${errorFields} ... on CreateNamespaceSuccess { namespace { name labels { key value } } } } }`,
      { name },
    );
    return errors.length > 0 ? errors : data.createNamespace;
  };
  const remove = async (name: string, confirm = name) => {
    const { data } = await core.run(
      ada,
      `mutation ($name: String!, $confirm: String!) { deleteNamespace(input: {cluster: "dev", name: $name, confirm: $confirm}) { __typename ${errorFields} ... on DeleteNamespaceSuccess { id } } }`,
      { name, confirm },
    );
    return data.deleteNamespace;
  };

  it('make and delete a namespace', async () => {
    expect(await create(ada, 'team-a', ', labels: [{key: "example.com/team", value: "a"}]')).toMatchObject({
      namespace: { name: 'team-a', labels: expect.arrayContaining([{ key: 'example.com/team', value: 'a' }]) },
    });
    expect(await create(ada, 'team-a')).toMatchObject({ __typename: 'ConflictError' });
    expect(await remove('team-a', 'team-b')).toMatchObject({ issues: [{ code: 'confirmation_mismatch' }] });
    expect(await remove('team-a')).toMatchObject({ __typename: 'DeleteNamespaceSuccess' });
  });

  it.each(['', 'Upper', '-a', 'a-', 'a.b', 'a'.repeat(64)])('refuse the name %j', async (name) => {
    expect(await create(ada, name)).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: ['name'], code: expect.stringMatching(/^(invalid_text|too_short|too_long)$/) }],
    });
  });

  it('refuse bad labels', async () => {
    expect(await create(ada, 'x', ', labels: [{key: "a b", value: "c"}, {key: "d", value: "e f"}]')).toMatchObject({
      issues: [{ code: 'invalid_label_key' }, { code: 'invalid_label_value' }],
    });
  });

  it('refuse developers', async () => {
    expect(await create(dan, 'team-b')).toEqual([expect.stringContaining('FORBIDDEN')]);
  });

  it.each(['kube-system', 'kube-public', 'kube-node-lease', 'default'])('refuse to delete %s', async (name) => {
    expect(await remove(name)).toMatchObject({ __typename: 'PreconditionError', reason: 'PROTECTED_NAMESPACE' });
  });

  it('do not find a namespace that is not there', async () => {
    expect(await remove('nothing')).toMatchObject({ __typename: 'NotFoundError' });
  });
});

const kubectl = (method: 'POST' | 'PATCH', path: string, body: object) =>
  callCluster(core.cluster, method, `/api/v1/namespaces/shop/${path}`, body);
