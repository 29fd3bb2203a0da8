import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';
import {
  ConfigMapByNameDocument,
  DeploymentFamilyDocument,
  NodeByIdDocument,
  NodesByIdsDocument,
  ObjectByNameDocument,
  ObjectsOfKindDocument,
  type PodFilter,
  type PodOrder,
  PodPageDocument,
  type PodPageQuery,
  SecretWithValueDocument,
  ServiceWithPodsDocument,
  WorkloadsWithPodsDocument,
} from '../typed/graphql.ts';

type PodRow = PodPageQuery['pods']['edges'][number]['node'];

const shop = { cluster: 'embedded', namespace: 'shop' };
const byName: PodOrder[] = [{ field: 'NAME', direction: 'ASC' }];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  await until(async () => {
    const { service } = await ask(gateway, ServiceWithPodsDocument, { ...shop, name: 'vote-front' });
    const { pods } = await ask(gateway, PodPageDocument, { filter: { namespaces: ['shop'], ready: true } });
    expect([service?.pods.totalCount, (pods.totalCount ?? 0) >= 4]).toEqual([3, true]);
  });
});
afterAll(() => gateway.stop());

/** Requests that an operation costs at the cluster, watches apart. */
async function requestsOf(run: () => Promise<unknown>): Promise<string[]> {
  gateway.cluster.requests.clear();
  await run();
  return gateway.cluster.requests.entries
    .filter(({ verb }) => verb !== 'watch')
    .map(({ verb, resource, namespace, name }) => [verb, namespace, resource, name].filter(Boolean).join(' '));
}

describe('one query', () => {
  it('leads from workloads to their pods, from pods to their node and back again', async () => {
    const { workloads } = await ask(gateway, WorkloadsWithPodsDocument, { filter: { namespaces: ['shop'] } });
    expect(workloads.nodes.map(({ kind, name, desiredReplicas }) => [kind, name, desiredReplicas])).toEqual([
      ['Deployment', 'vote-back', 1],
      ['Deployment', 'vote-front', 3],
      ['Deployment', 'vote-worker', 1],
    ]);
    const front = workloads.nodes.find(({ name }) => name === 'vote-front');
    expect(front?.pods.nodes).toHaveLength(3);
    for (const pod of front?.pods.nodes ?? []) {
      expect(pod).toMatchObject({ reason: 'Running', readiness: '1/1', workload: { id: front?.id } });
      expect(pod.node?.pods.nodes).toContainEqual({ id: pod.id });
    }
    expect(workloads.problems).toEqual([]);
  });

  it('leads from a Service to its pods and back to the Service', async () => {
    const { service } = await ask(gateway, ServiceWithPodsDocument, { ...shop, name: 'vote-front' });
    expect(service).toMatchObject({
      type: 'LOAD_BALANCER',
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
    });
    expect(service?.pods.nodes.map(({ services }) => services.nodes)).toEqual(Array(3).fill([{ id: service?.id }]));
  });

  it('leads from owners to what they own, and from an object to its events', async () => {
    const { workload } = await ask(gateway, DeploymentFamilyDocument, { ...shop, name: 'vote-front' });
    expect(workload?.owners).toEqual([]);
    const [replicaSet, ...others] = workload?.owned.nodes ?? [];
    expect(others).toEqual([]);
    expect(replicaSet).toMatchObject({ kind: 'ReplicaSet', owners: [{ id: workload?.id }] });
    const pods = replicaSet && 'owned' in replicaSet ? replicaSet.owned.nodes : [];
    expect(pods).toHaveLength(3);
    for (const pod of pods)
      expect(pod).toMatchObject({
        kind: 'Pod',
        owners: [{ id: replicaSet && 'id' in replicaSet ? replicaSet.id : '' }],
      });
    const events = workload?.events.nodes ?? [];
    expect(events.map(({ reason }) => reason)).toContain('ScalingReplicaSet');
    for (const event of events) expect(event.object).toEqual({ id: workload?.id });
  });
});

describe('a list', () => {
  it('is walked page by page without repeating or skipping a row, forwards and backwards (CORE-32)', async () => {
    const { pods: all } = await ask(gateway, PodPageDocument, { first: 1000, orderBy: byName });
    const names = all.edges.map(({ node }) => node.name);
    expect(names).toEqual([...names].sort());
    expect(names.length).toBeGreaterThan(8);

    const forwards: string[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const { pods }: { pods: typeof all } = await ask(gateway, PodPageDocument, { first: 3, after, orderBy: byName });
      expect(pods.totalCount).toBe(names.length);
      expect(pods.edges.length).toBeLessThanOrEqual(3);
      forwards.push(...pods.edges.map(({ node }) => node.name));
      after = pods.pageInfo.endCursor;
      hasNext = pods.pageInfo.hasNextPage;
    }
    expect(forwards).toEqual(names);

    const { pods: last } = await ask(gateway, PodPageDocument, { last: 2, orderBy: byName });
    expect(last.edges.map(({ node }) => node.name)).toEqual(names.slice(-2));
    const { pods: before } = await ask(gateway, PodPageDocument, {
      last: 2,
      before: last.pageInfo.startCursor,
      orderBy: byName,
    });
    expect(before.edges.map(({ node }) => node.name)).toEqual(names.slice(-4, -2));
    expect(before.pageInfo).toMatchObject({ hasPreviousPage: true });
  });

  it('is ordered as a whole before the page is cut, in both directions', async () => {
    const names = async (direction: 'ASC' | 'DESC') => {
      const { pods } = await ask(gateway, PodPageDocument, {
        first: 1000,
        orderBy: [
          { field: 'NAMESPACE', direction },
          { field: 'NAME', direction },
        ],
      });
      return pods.edges.map(({ node }) => `${node.namespace}/${node.name}`);
    };
    const [up, down] = await Promise.all([names('ASC'), names('DESC')]);
    expect(new Set(up).size).toBe(up.length);
    expect(down).toEqual([...up].reverse());
  });

  const filters: { name: string; filter: PodFilter; isWanted: (pod: PodRow) => boolean }[] = [
    { name: 'namespaces', filter: { namespaces: ['shop'] }, isWanted: (pod) => pod.namespace === 'shop' },
    {
      name: 'a part of the name',
      filter: { name: { contains: 'vote-front' } },
      isWanted: (pod) => pod.name.includes('vote-front'),
    },
    {
      name: 'labels',
      filter: { labelSelector: 'app.kubernetes.io/name=vote,app.kubernetes.io/component in (front)' },
      isWanted: (pod) => pod.name.startsWith('vote-front'),
    },
    {
      name: 'cluster',
      filter: { cluster: 'embedded', name: { contains: 'vote' } },
      isWanted: (pod) => pod.name.includes('vote'),
    },
  ];
  it.each(filters)('is filtered by $name over the whole set (CORE-32)', async ({ filter, isWanted }) => {
    const { pods: all } = await ask(gateway, PodPageDocument, { first: 1000, orderBy: byName });
    const { pods } = await ask(gateway, PodPageDocument, { first: 1000, orderBy: byName, filter });
    const wanted = all.edges.map(({ node }) => node).filter(isWanted);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.length).toBeLessThan(all.edges.length);
    expect(pods.edges.map(({ node }) => node.name)).toEqual(wanted.map(({ name }) => name));
    expect(pods.totalCount).toBe(wanted.length);
  });

  it('is empty where nothing matches, and says no problem', async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { name: { equals: 'nobody' } } });
    expect(pods).toMatchObject({
      totalCount: 0,
      edges: [],
      problems: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    });
  });
});

describe('node and nodes', () => {
  it('find again by its id whatever a list has shown', async () => {
    const { pods } = await ask(gateway, PodPageDocument, { first: 3, orderBy: byName });
    for (const { node: pod } of pods.edges) {
      const { node } = await ask(gateway, NodeByIdDocument, { id: pod.id });
      expect(node).toMatchObject({ __typename: 'Pod', id: pod.id, name: pod.name, namespace: pod.namespace });
    }
  });

  it('answer in the order of the ids, with null for what is not there', async () => {
    const { service } = await ask(gateway, ServiceWithPodsDocument, { ...shop, name: 'vote-back' });
    const { workloads } = await ask(gateway, WorkloadsWithPodsDocument, { filter: { namespaces: ['shop'] }, first: 1 });
    const gone = Buffer.from('k8s|embedded||Pod|shop|nobody').toString('base64url');
    const ids = [workloads.nodes[0]?.id ?? '', gone, service?.id ?? ''];
    const { nodes } = await ask(gateway, NodesByIdsDocument, { ids });
    expect(nodes.map((node) => node?.__typename)).toEqual(['Deployment', undefined, 'Service']);
    expect(nodes.map((node) => node?.id)).toEqual([ids[0], undefined, ids[2]]);
  });

  it('show a developer what is in its namespaces, and nothing of the others (refused, CORE-11, CORE-40)', async () => {
    const ids = ['shop|vote-settings', 'platform|metrics-store'].map((place, index) =>
      Buffer.from(`k8s|embedded||${index === 0 ? 'ConfigMap' : 'Service'}|${place}`).toString('base64url'),
    );
    const admin = await ask(gateway, NodesByIdsDocument, { ids });
    expect(admin.nodes.map((node) => node?.__typename)).toEqual(['ConfigMap', 'Service']);
    const developer = await ask(gateway, NodesByIdsDocument, { ids }, { token: 'dev-developer' });
    expect(developer.nodes.map((node) => node?.__typename)).toEqual(['ConfigMap', undefined]);
  });
});

describe('object and objects', () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'lanterns.harbour.example' },
    spec: {
      group: 'harbour.example',
      scope: 'Namespaced',
      names: { plural: 'lanterns', singular: 'lantern', kind: 'Lantern', listKind: 'LanternList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', properties: { colour: { type: 'string' }, height: { type: 'integer' } } },
              },
            },
          },
        },
      ],
    },
  };

  it('reach a kind that a CRD adds while the gateway runs', async () => {
    const { store } = gateway.cluster;
    store.create(store.resource('apiextensions.k8s.io', 'customresourcedefinitions'), definition);
    await expect.poll(() => store.resource('harbour.example', 'lanterns').kind).toBe('Lantern');
    const lanterns = store.resource('harbour.example', 'lanterns');
    for (const [name, height] of [
      ['north', 12],
      ['south', 7],
    ] as const) {
      store.create(lanterns, {
        apiVersion: 'harbour.example/v1',
        kind: 'Lantern',
        metadata: { name, namespace: 'shop', labels: { side: name } },
        spec: { colour: 'green', height },
      });
    }
    const kind = { cluster: 'embedded', apiVersion: 'harbour.example/v1', kind: 'Lantern' };
    const { objects } = await until(() =>
      ask(gateway, ObjectsOfKindDocument, {
        ...kind,
        orderBy: [{ field: 'NAME', direction: 'DESC' }],
      }),
    );
    expect(objects).toMatchObject({
      totalCount: 2,
      nodes: [
        { __typename: 'GenericKubernetesObject', name: 'south' },
        { __typename: 'GenericKubernetesObject', name: 'north' },
      ],
      problems: [],
    });
    const { objects: filtered } = await ask(gateway, ObjectsOfKindDocument, {
      ...kind,
      filter: { labelSelector: 'side=north' },
    });
    expect(filtered.nodes.map(({ name }) => name)).toEqual(['north']);

    const { object } = await ask(gateway, ObjectByNameDocument, {
      ...kind,
      namespace: 'shop',
      name: 'north',
      pointer: '/spec/height',
    });
    expect(object).toMatchObject({ apiVersion: 'harbour.example/v1', json: 12 });
    expect(object?.yaml).toContain('colour: green');
    const { node } = await ask(gateway, NodeByIdDocument, { id: object?.id ?? '' });
    expect(node).toMatchObject({ __typename: 'GenericKubernetesObject', kind: 'Lantern', name: 'north' });
  });

  it('answer the typed object where a plugin has the type', async () => {
    const { object } = await ask(gateway, ObjectByNameDocument, {
      ...shop,
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'vote-back',
    });
    expect(object?.__typename).toBe('Deployment');
  });

  it.each([
    { pointer: '/spec/ports/0/port', json: 6379 },
    { pointer: '/metadata/labels/app.kubernetes.io~1name', json: 'vote' },
    { pointer: '/spec/nothing', json: null },
  ])('show what is at $pointer (RFC 6901)', async ({ pointer, json }) => {
    const { object } = await ask(gateway, ObjectByNameDocument, {
      ...shop,
      apiVersion: 'v1',
      kind: 'Service',
      name: 'vote-back',
      pointer,
    });
    expect(object?.json).toEqual(json);
  });

  it('refuse a pointer that is none', async () => {
    const answer = await gateway.query(ObjectByNameDocument, {
      ...shop,
      apiVersion: 'v1',
      kind: 'Service',
      name: 'vote-back',
      pointer: 'spec',
    });
    expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('say that a cluster does not serve a kind, instead of showing no rows', async () => {
    const answer = await gateway.query(ObjectsOfKindDocument, {
      cluster: 'embedded',
      apiVersion: 'nowhere.example/v1',
      kind: 'Ghost',
    });
    expect(answer.data?.objects.problems ?? answer.errors?.map(({ extensions }) => extensions)).toMatchObject([
      { code: 'CAPABILITY_MISSING' },
    ]);
  });
});

describe('a Secret', () => {
  it('shows its value in one field alone, masked in YAML and JSON', async () => {
    const { secret } = await ask(gateway, SecretWithValueDocument, { ...shop, name: 'vote-redis', key: 'password' });
    const value = secret?.value ?? '';
    expect(value.length).toBe(24);
    expect(secret?.keys).toEqual([{ name: 'password', bytes: 24 }]);
    for (const shown of [secret?.yaml ?? '', JSON.stringify(secret?.json)]) {
      expect(shown).not.toContain(value);
      expect(shown).not.toContain(Buffer.from(value).toString('base64'));
      expect(shown).toContain('password');
    }
    const { object } = await ask(gateway, ObjectByNameDocument, {
      ...shop,
      apiVersion: 'v1',
      kind: 'Secret',
      name: 'vote-redis',
    });
    expect(JSON.stringify(object)).not.toContain(Buffer.from(value).toString('base64'));
  });
});

describe('what a query costs the cluster', () => {
  it('is nothing for kinds that are cached, whatever the nesting (P36, CORE-39)', async () => {
    expect(
      await requestsOf(async () => {
        await ask(gateway, WorkloadsWithPodsDocument, {});
        await ask(gateway, ServiceWithPodsDocument, { ...shop, name: 'vote-front' });
        await ask(gateway, ConfigMapByNameDocument, { ...shop, name: 'vote-settings' });
      }),
    ).toEqual([]);
  });

  it('is one LIST for a kind that is not, however often the document asks (P36, CORE-39)', async () => {
    const endpoints = 'objects(cluster: "embedded", apiVersion: "v1", kind: "Endpoints"';
    const requests = await requestsOf(() =>
      ask(
        gateway,
        `{ a: ${endpoints}) { totalCount } b: ${endpoints}, filter: { namespaces: ["platform"] }) { nodes { name owners { id } } } c: ${endpoints}, filter: { namespaces: ["shop"] }) { totalCount } }`,
      ),
    );
    expect(requests).toEqual(['list endpoints']);
  });

  it('is one LIST of one namespace where only that is asked for', async () => {
    const kind = { cluster: 'embedded', apiVersion: 'v1', kind: 'Endpoints' };
    const requests = await requestsOf(() =>
      ask(gateway, ObjectsOfKindDocument, { ...kind, filter: { namespaces: ['platform'] } }),
    );
    expect(requests).toEqual(['list platform endpoints']);
  });

  it('is one GET for one object', async () => {
    const one = {
      cluster: 'embedded',
      namespace: 'platform',
      apiVersion: 'v1',
      kind: 'Endpoints',
      name: 'metrics-store',
    };
    expect(await requestsOf(() => ask(gateway, ObjectByNameDocument, one))).toEqual([
      'get platform endpoints metrics-store',
    ]);
  });

  it('is not N+1 where a list leads to owners that are not cached (CORE-39)', async () => {
    const { store } = gateway.cluster;
    const leases = store.resource('coordination.k8s.io', 'leases');
    const maps = store.resource('', 'configmaps');
    for (let index = 0; index < 12; index += 1) {
      const name = `owner-${index}`;
      const owner = store.create(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'shop' },
        spec: {},
      });
      store.create(maps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: `owned-${index}`,
          namespace: 'shop',
          ownerReferences: [
            { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', name, uid: owner.metadata.uid ?? '' },
          ],
        },
      });
    }
    const operation =
      '{ configMaps(filter: { name: { contains: "owned-" } }) { totalCount nodes { owners { name } } } }';
    await expect
      .poll(async () => (await gateway.query(operation)).data)
      .toMatchObject({ configMaps: { totalCount: 12 } });
    let seen: unknown;
    const requests = await requestsOf(async () => {
      seen = await ask(gateway, operation);
    });
    expect(JSON.stringify(seen)).toContain('owner-11');
    // Not one for each of the twelve. On a busy machine what is asked may fall into two ticks.
    expect(new Set(requests)).toEqual(new Set(['list shop leases']));
    expect(requests.length).toBeLessThanOrEqual(2);
  });
});
