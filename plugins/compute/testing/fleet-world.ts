import { startTestGateway, type TestGateway } from 'longshore/testing';
import { expect } from 'vitest';
import { clusterApiEngine } from '../../../src/embedded/engines/cluster-api/engine.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { staticToken } from '../../../test/support/static-token.ts';
import { until } from '../../../test/support/until.ts';

const token = 'the-token-of-an-administrator-of-the-fleet';
export const developerToken = 'the-token-of-a-developer-without-a-fleet';

// biome-ignore lint/suspicious/noExplicitAny: answers of several mutations.
export type Answer = any;

const errors = `... on Error { code message } ... on ValidationError { issues { path code message } }
  ... on PreconditionError { reason message unacknowledged { code } }`;
export const patient = { timeout: 30_000, interval: 50 };

export type FleetWorld = Awaited<ReturnType<typeof startFleetWorld>>;

/**
 * A gateway with a management cluster that has Cluster API's kinds and no controllers: what these would do, tests do by hand. `later` moves the
 * gateway's clock.
 */
export async function startFleetWorld(more: object = {}) {
  let aheadMs = 0;
  const clock = {
    now: () => Date.now() + aheadMs,
    schedule: systemClock.schedule,
  };
  const [gateway, fleet, east]: [TestGateway, EmbeddedCluster, EmbeddedCluster] = await Promise.all([
    startTestGateway({
      clock,
      settings: {
        devTokens: false,
        embedded: { enabled: true, engines: [] },
        egress: { allow: ['127.0.0.1'] },
        tokens: [
          staticToken('operator', token, { roles: ['ADMIN'] }),
          staticToken('developer', developerToken, { roles: ['DEVELOPER'] }),
        ],
        ...more,
      },
    }),
    startEmbeddedCluster({ name: 'fleet', controllers: false, engines: [clusterApiEngine] }),
    startEmbeddedCluster({ name: 'east', sample: 'none', nodes: 2, speed: 40 }),
  ]);

  async function ask(source: string, variables: object = {}, by = token): Promise<Answer> {
    const { data, errors: failures } = await gateway.query<Answer>(source, variables as never, { token: by });
    if (failures) throw new Error(JSON.stringify(failures));
    return data;
  }
  async function call(name: string, input: object, selection = 'operation { id } managedClusterId', by = token) {
    const type = name.charAt(0).toUpperCase() + name.slice(1);
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${selection} } ${errors} } }`;
    const { data, errors: failures } = await gateway.query<Answer>(source, { input } as never, { token: by });
    return data?.[name] ?? { failures };
  }
  const registered = await call(
    'registerCluster',
    { name: 'fleet', access: { kubeconfig: { text: fleet.kubeconfig } } },
    'cluster { name }',
  );
  expect(registered.__typename).toBe('RegisterClusterSuccess');
  await until(async () =>
    expect((await ask('{ cluster(name: "fleet") { state } }')).cluster).toEqual({ state: 'READY' }),
  );

  const { store } = fleet;
  const kind = (plural: string) => store.resource('cluster.x-k8s.io', plural);
  const find = (plural: string, name: string): Answer => store.get(kind(plural), 'fleet', name);
  const put = (group: string, plural: string, object: object) =>
    store.create(store.resource(group, plural), object as never);

  const record = async (id: string): Promise<Answer> =>
    (
      await ask(
        `query ($id: ID!) { operationRecord(id: $id) { status failure { code message } steps { name status isIgnored failure { message } } } }`,
        { id },
      )
    ).operationRecord;
  const stepsOf = async (id: string): Promise<Record<string, string>> =>
    Object.fromEntries(((await record(id))?.steps ?? []).map(({ name, status }: Answer) => [name, status]));
  const managed = async (name: string, fields = 'state'): Promise<Answer> =>
    (
      await ask(
        `query ($name: String!) { cluster(name: "fleet") { managedClusters(filter: { name: { equals: $name } }) { nodes { id name ${fields} } problems { message } } } }`,
        { name },
      )
    ).cluster.managedClusters.nodes[0];

  /** A machine as its providers make it. */
  function addMachine(cluster: string, name: string, group: string | undefined, status: object = {}): void {
    put('cluster.x-k8s.io', 'machines', {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: {
        name,
        namespace: 'fleet',
        labels: {
          'cluster.x-k8s.io/cluster-name': cluster,
          ...(group
            ? { 'topology.cluster.x-k8s.io/deployment-name': group }
            : { 'cluster.x-k8s.io/control-plane': '' }),
        },
      },
      spec: {
        clusterName: cluster,
        bootstrap: { dataSecretName: 'joins' },
        infrastructureRef: { apiGroup: 'infrastructure.cluster.x-k8s.io', kind: 'DevMachine', name },
      },
    });
    setMachine(name, status);
  }
  function setMachine(name: string, status: object): void {
    store.updateStatus(kind('machines'), { ...find('machines', name), status } as never);
  }
  const made = {
    phase: 'Provisioned',
    initialization: { infrastructureProvisioned: true, bootstrapDataSecretCreated: true },
  };
  const joined = (node: string) => ({ ...made, phase: 'Running', nodeRef: { name: node } });
  const broken = (message: string) => ({
    phase: 'Failed',
    initialization: { bootstrapDataSecretCreated: true },
    conditions: [
      {
        type: 'InfrastructureReady',
        status: 'False',
        reason: 'Failed',
        message,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
  });
  const addKubeconfig = (cluster: string, text = east.kubeconfig) =>
    put('', 'secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `${cluster}-kubeconfig`, namespace: 'fleet' },
      type: 'cluster.x-k8s.io/secret',
      data: { value: Buffer.from(text).toString('base64') },
    });
  const removeMachine = (name: string) => store.delete(kind('machines'), 'fleet', name);

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
    cluster: 'fleet',
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

  const retry = (id: string, step: string) => call('retryOperationStep', { id, step }, 'record { status }');
  const ignore = (id: string, step: string) => call('ignoreOperationStep', { id, step }, 'record { status }');
  const stop = async () => {
    await gateway.stop();
    await Promise.all([fleet.stop(), east.stop()]);
  };
  return {
    ...{ gateway, fleet, east, store, ask, call, find, put, record, stepsOf, managed, addMachine, setMachine },
    ...{ made, joined, broken, addKubeconfig, removeMachine, killAt, input, begin, retry, ignore, stop },
    later: (ms: number) => {
      aheadMs += ms;
    },
  };
}
