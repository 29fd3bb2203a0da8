import { startTestGateway, type TestGateway } from 'longshore/testing';
import { expect } from 'vitest';
import { staticToken } from '../../../test/support/static-token.ts';
import { createMovingClock } from './moving-clock.ts';

const token = 'the-token-of-an-administrator-of-the-fleet';
/** May remove nodes, and knows nothing of what manages their machines; or sees that as well. */
export const nodeKeeperToken = 'the-token-of-one-who-keeps-nodes-alone-0123';
export const nodeAndFleetToken = 'the-token-of-one-who-keeps-nodes-and-sees-fleets';
export const fleetKeeperToken = 'the-token-of-one-who-keeps-nodes-and-fleets-0123';
export const developerToken = 'the-token-of-a-developer-without-a-fleet';

/** An answer of any query: parsed JSON. */
export type Answer = ReturnType<typeof JSON.parse>;

const errors = `... on Error { code message } ... on ValidationError { issues { path code message } }
  ... on PreconditionError { reason message unacknowledged { code } }`;
/** How far the clock goes between two looks, in ms. */
const strideMs = 400;

export type FleetWorld = Awaited<ReturnType<typeof startFleetWorld>>;

/** A gateway whose embedded cluster manages clusters by Cluster API, and a clock that goes on while tests wait. */
export async function startFleetWorld(settings: object = {}) {
  const clock = createMovingClock();
  const gateway: TestGateway = await startTestGateway({
    clock,
    clusterSpeed: 40,
    settings: {
      devTokens: false,
      embedded: { engines: ['kruise', 'cluster-api'], nodes: 1 },
      egress: { allow: ['127.0.0.1'] },
      tokens: [
        staticToken('operator', token, { roles: ['ADMIN'] }),
        staticToken('developer', developerToken, { roles: ['DEVELOPER'] }),
        staticToken('nora', nodeKeeperToken, { roles: ['node-keeper'] }),
        staticToken('fred', nodeAndFleetToken, { roles: ['node-keeper', 'fleet-reader'] }),
        staticToken('kim', fleetKeeperToken, { roles: ['node-keeper', 'fleet-keeper'] }),
      ],
      roles: [
        {
          name: 'node-keeper',
          description: 'Looks after nodes.',
          rules: [
            { actions: ['READ'], subjects: ['core/Cluster'] },
            { actions: ['READ', 'DELETE'], subjects: ['core/Node'] },
          ],
        },
        {
          name: 'fleet-reader',
          description: 'Sees managed clusters.',
          rules: [{ actions: ['READ'], subjects: ['cluster.x-k8s.io/Cluster'] }],
        },
        {
          name: 'fleet-keeper',
          description: 'Changes managed clusters, and sees no Secrets.',
          rules: [{ actions: ['READ', 'UPDATE'], subjects: ['cluster.x-k8s.io/Cluster'] }],
        },
      ],
      ...settings,
    },
  });

  async function ask(source: string, variables: object = {}, by = token): Promise<Answer> {
    const { data, errors: failures } = await gateway.query<Answer>(source, variables as never, { token: by });
    if (failures) throw new Error(JSON.stringify(failures));
    return data;
  }
  async function call(
    name: string,
    input: object,
    selection = 'operation { id } managedClusterId',
    by = token,
  ): Promise<Answer> {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } ${errors} } }`;
    const { data, errors: failures } = await gateway.query<Answer>(source, { input } as never, { token: by });
    return data?.[name] ?? { failures };
  }
  /** Looks again and again, and moves the clock on in between. */
  const soon = <T>(look: () => T | Promise<T>) =>
    expect.poll(
      async () => {
        const seen = await look();
        clock.advance(strideMs);
        return seen;
      },
      { timeout: 50_000, interval: 10 },
    );

  const { store } = gateway.cluster;
  const kind = (plural: string) => store.resource('cluster.x-k8s.io', plural);
  const find = (plural: string, name: string): Answer => store.get(kind(plural), 'fleet', name);
  const put = (group: string, plural: string, object: object) =>
    store.create(store.resource(group, plural), object as never);
  /** Machines of a cluster's group of workers; of its control plane where none is named. */
  const machinesOf = (cluster: string, group?: string): readonly Answer[] =>
    store
      .list(kind('machines'), 'fleet')
      .filter(
        ({ metadata: { labels = {} } }) =>
          labels['cluster.x-k8s.io/cluster-name'] === cluster &&
          labels['topology.cluster.x-k8s.io/deployment-name'] === group,
      );
  const groupsOf = (cluster: string): readonly (readonly [string, number])[] =>
    find('clusters', cluster).spec.topology.workers.machineDeployments.map(
      ({ name, replicas }: { name: string; replicas: number }) => [name, replicas],
    );
  function annotate(plural: string, name: string, added: object): void {
    const object = find(plural, name);
    const annotations = { ...object.metadata.annotations, ...added };
    store.update(kind(plural), { ...object, metadata: { ...object.metadata, annotations } });
  }
  /** A class as `base` whose workers ask something of their simulated hosts, or with more variables. */
  function putClass(name: string, annotations: object, variables: readonly object[] = []): void {
    const { spec } = find('clusterclasses', 'base');
    const [workers] = spec.workers.machineDeployments;
    put('cluster.x-k8s.io', 'clusterclasses', {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'ClusterClass',
      metadata: { name, namespace: 'fleet' },
      spec: {
        ...spec,
        variables: [...spec.variables, ...variables],
        workers: { machineDeployments: [{ ...workers, metadata: { annotations } }] },
      },
    });
  }

  /** A machine that is there before any cluster. */
  const putHost = (name: string, labels: object = {}, annotations: object = {}) =>
    put('metal3.io', 'baremetalhosts', {
      apiVersion: 'metal3.io/v1alpha1',
      kind: 'BareMetalHost',
      metadata: { name, namespace: 'fleet', labels, annotations },
      spec: { online: true },
    });

  const record = async (id: string): Promise<Answer> =>
    (
      await ask(
        `query ($id: ID!) { operationRecord(id: $id) { status failure { code message } steps { name status isIgnored failure { message } } } }`,
        { id },
      )
    ).operationRecord;
  const status = async (id: string): Promise<string> => (await record(id))?.status;
  const stepsOf = async (id: string): Promise<Record<string, string>> =>
    Object.fromEntries(((await record(id))?.steps ?? []).map(({ name, status: is }: Answer) => [name, is]));
  const managed = async (name: string, fields = 'state'): Promise<Answer> =>
    (
      await ask(
        `query ($name: String!) { cluster(name: "embedded") { managedClusters(filter: { name: { equals: $name } }) { nodes { id name ${fields} } problems { message } } } }`,
        { name },
      )
    ).cluster.managedClusters.nodes[0];

  /** As of a process that is killed right there: what it did is done, and nobody knows. Answers where it died. */
  function killAt(turns: readonly string[]): readonly string[] {
    const died: string[] = [];
    for (const turn of turns) {
      const disarm = gateway.gateway.failpoints.arm(`compute.${turn}`, () => {
        disarm();
        died.push(turn);
        throw new Error('killed');
      });
    }
    return died;
  }

  const input = (name: string, fields: object = {}) => ({
    cluster: 'embedded',
    namespace: 'fleet',
    clusterClass: 'base',
    name,
    kubernetesVersion: '1.35.2',
    controlPlane: { count: 1 },
    nodes: [{ count: 1, namePrefix: 'web' }],
    ...fields,
  });
  async function begin(name: string, fields: object = {}): Promise<string> {
    const answer = await call('createManagedCluster', input(name, fields));
    if (answer.__typename !== 'CreateManagedClusterSuccess') throw new Error(JSON.stringify(answer));
    return answer.operation.id;
  }
  /** A cluster that is made and served; answers its global id. */
  async function provide(name: string, fields: object = {}): Promise<string> {
    const operation = await begin(name, fields);
    await soon(() => status(operation)).toBe('SUCCEEDED');
    return (await managed(name)).id;
  }
  const decide = (verb: 'retry' | 'ignore') => (id: string, step: string) =>
    call(`${verb}OperationStep`, { id, step }, 'record { status }');

  return {
    ...{
      gateway,
      store,
      ask,
      call,
      soon,
      find,
      put,
      machinesOf,
      groupsOf,
      annotate,
      putClass,
      putHost,
      record,
      status,
    },
    ...{ stepsOf, managed, killAt, input, begin, provide, clock, token },
    retry: decide('retry'),
    ignore: decide('ignore'),
    stop: () => gateway.stop(),
  };
}
