import { startTestGateway, type TestGateway } from 'longshore/testing';
import { expect } from 'vitest';
import { staticToken } from '../../../test/support/static-token.ts';

const admin = { token: 'dev-admin' };
export const developer = { token: 'dev-developer' };
/** Sees nodes, and nothing that runs on them. */
export const nodeReader = { token: 'a-token-of-one-who-only-sees-nodes-01234567890' };
/** Sees clusters, and no machine of theirs. */
export const clusterReader = { token: 'a-token-of-one-who-only-sees-clusters-012345678' };
export const patient = { timeout: 30_000, interval: 50 };

type Answer = Readonly<Record<string, unknown>> & { readonly __typename: string };
const errors = `... on Error { code message } ... on ValidationError { issues { path code } }
  ... on PreconditionError { reason unacknowledged { code message } }`;
const fields = `id name type schedulingState isSchedulable taints { key value effect } labels { key value }
  drain { operationId isCancelled leftCount pods { namespace name state message } }`;
interface Row {
  readonly id: string;
  readonly name: string;
  readonly schedulingState: string;
  readonly taints: readonly { readonly key: string }[];
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly drain: {
    readonly operationId: string;
    readonly isCancelled: boolean;
    readonly leftCount: number;
    readonly pods: readonly { readonly name: string; readonly state: string; readonly message: string | null }[];
  } | null;
}
export const [a1, a2, b1, a3] = ['embedded-a1', 'embedded-a2', 'embedded-b1', 'embedded-a3'] as const;
/** Whatever the sample runs there must not stand in the way. */
export const acknowledge = ['LOCAL_DATA_LOST', 'PODS_NOT_REMADE', 'NO_ROOM_ELSEWHERE'];

export type NodeWorld = Awaited<ReturnType<typeof startNodeWorld>>;

/** A gateway with four nodes, and what tests of nodes do there. */
export async function startNodeWorld() {
  const gateway: TestGateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { nodes: 4 },
      roles: [
        {
          name: 'node-reader',
          description: 'Sees machines, and nothing that runs on them.',
          rules: [
            { actions: ['READ'], subjects: ['core/Cluster'] },
            { actions: ['READ'], subjects: ['core/Node'] },
          ],
        },
        {
          name: 'cluster-reader',
          description: 'Sees clusters, and no machine of theirs.',
          rules: [{ actions: ['READ'], subjects: ['core/Cluster'] }],
        },
      ],
      tokens: [
        staticToken('nora', nodeReader.token, { roles: ['node-reader'] }),
        staticToken('carl', clusterReader.token, { roles: ['cluster-reader'] }),
      ],
    },
  });

  const store = () => gateway.cluster.store;
  const put = (group: string, plural: string, object: object) =>
    store().create(store().resource(group, plural), object as never);
  const podsOf = (app: string) =>
    store()
      .list(store().resource('', 'pods'), 'shop')
      .filter(({ metadata }) => metadata.labels?.app === app) as unknown as readonly {
      readonly metadata: { readonly name: string; readonly uid: string };
      readonly spec: { readonly nodeName?: string };
      readonly status?: { readonly phase?: string; readonly conditions?: readonly { type: string; status: string }[] };
    }[];
  const isReady = ({ status }: ReturnType<typeof podsOf>[number]) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  const nodeOf = (name: string) =>
    store().get(store().resource('', 'nodes'), undefined, name) as unknown as
      | {
          readonly metadata: { readonly labels: object };
          readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly object[] };
        }
      | undefined;

  async function call(name: string, input: object, selection = 'operation { id }', as = admin): Promise<Answer> {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } ${errors} } }`;
    const { data, errors: failures } = await gateway.query<Record<string, Answer>>(source, { input }, as);
    expect(failures).toBeUndefined();
    return data?.[name] as Answer;
  }

  async function read(name: string, as = admin): Promise<Row> {
    const source = `query ($name: String!) { clusterNode(cluster: "embedded", name: $name) { ${fields} } }`;
    const { data, errors: failures } = await gateway.query<{ clusterNode: Row }>(source, { name }, as);
    expect(failures).toBeUndefined();
    return data?.clusterNode as Row;
  }
  async function record(id: string) {
    const { data } = await gateway.query<{
      operationRecord: {
        status: string;
        failure: { message: string } | null;
        steps: { name: string; status: string }[];
      };
    }>(
      `query ($id: ID!) { operationRecord(id: $id) { status failure { message } steps { name status errorMessage: failure { message } } } }`,
      { id },
      admin,
    );
    return data?.operationRecord;
  }
  /** Drains look every second, and later where their process died: whoever waits for one has it look now. */
  async function hurry(): Promise<void> {
    const { database } = gateway.gateway.foundation;
    await database.db.execute(
      "update core_queue set due_at = now() - interval '1 second' where reconciler = 'compute.nodeDrains' and due_at > now()",
    );
    await database.signal('queue', 'compute.nodeDrains');
  }

  const statusOf = async (id: string) => {
    await hurry();
    return (await record(id))?.status;
  };

  /** A Deployment whose pods all run on one node for now. */
  async function deploy(app: string, node: string, replicas: number, spec: object = {}): Promise<void> {
    const labels = { app };
    for (const other of [a1, a2, b1, a3]) if (other !== node) await call('cordonNode', { id: (await read(other)).id });
    put('apps', 'deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: app, namespace: 'shop' },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [{ name: 'web', image: 'registry.local/web:v1' }],
            terminationGracePeriodSeconds: 1,
            ...spec,
          },
        },
      },
    });
    await expect.poll(() => podsOf(app).filter(isReady).length, patient).toBe(replicas);
    for (const other of [a1, a2, b1, a3])
      if (other !== node) await call('uncordonNode', { id: (await read(other)).id });
    expect(podsOf(app).map(({ spec: { nodeName } }) => nodeName)).toEqual(Array.from({ length: replicas }, () => node));
  }

  const budget = (name: string, app: string, minAvailable: number) =>
    put('policy', 'poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace: 'shop' },
      spec: { minAvailable, selector: { matchLabels: { app } } },
    });
  const remove = (group: string, plural: string, name: string) =>
    store().delete(store().resource(group, plural), 'shop', name);

  async function drain(name: string, more: object = {}): Promise<string> {
    const answer = await call('drainNode', { id: (await read(name)).id, acknowledge, ...more });
    expect(answer).toMatchObject({ __typename: 'DrainNodeSuccess' });
    return (answer.operation as { id: string }).id;
  }
  const state = async (name: string, app: string) => {
    await hurry();
    return (await read(name)).drain?.pods.filter((pod) => pod.name.startsWith(app)).map((pod) => pod.state);
  };

  /** The code of a request that is refused as a whole. */
  async function refused(name: string, input: object, as = developer): Promise<unknown> {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename } }`;
    const { errors: failures } = await gateway.query(source, { input }, as);
    return failures?.[0]?.extensions?.code;
  }

  /** As of a process that is killed right there: what it did is done, and nobody knows. Answers where it died. */
  function killAt(turns: readonly string[]): readonly string[] {
    const died: string[] = [];
    for (const turn of turns) {
      const disarm = gateway.gateway.failpoints.arm(`compute.nodeDrains.${turn}`, () => {
        disarm();
        died.push(turn);
        throw new Error('killed');
      });
    }
    return died;
  }

  /** Sets an annotation of a node past the platform. */
  function annotate(name: string, key: string, value: string): void {
    const nodes = store().resource('', 'nodes');
    const node = store().get(nodes, undefined, name) as never as { metadata: { annotations: object } };
    const annotations = { ...node.metadata.annotations, [key]: value };
    store().update(nodes, { ...node, metadata: { ...node.metadata, annotations } } as never);
  }

  /** Sets a label of a node past the platform. */
  function label(name: string, key: string, value: string): void {
    const nodes = store().resource('', 'nodes');
    const node = store().get(nodes, undefined, name) as never as { metadata: { labels: object } };
    const labels = { ...node.metadata.labels, [key]: value };
    store().update(nodes, { ...node, metadata: { ...node.metadata, labels } } as never);
  }

  /** What the cluster says of a node whose kubelet has been silent for 50 seconds, at once. */
  function loseReadiness(name: string): void {
    const nodes = store().resource('', 'nodes');
    const node = store().get(nodes, undefined, name) as never as { status: { conditions: { type: string }[] } };
    const conditions = node.status.conditions.map((each) =>
      each.type === 'Ready' ? { ...each, status: 'Unknown', reason: 'NodeStatusUnknown' } : each,
    );
    store().updateStatus(nodes, { ...node, status: { ...node.status, conditions } } as never);
  }

  const names = {
    store,
    put,
    podsOf,
    isReady,
    nodeOf,
    call,
    read,
    record,
    statusOf,
    deploy,
    budget,
    remove,
    drain,
    state,
  };
  return { gateway, refused, killAt, annotate, label, loseReadiness, ...names };
}
