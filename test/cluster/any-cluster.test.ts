import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../src/data/testing/start-postgres.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { mustSkip } from '../support/needs.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';
import { until } from '../support/until.ts';

/**
 * What a user does, on whatever cluster there is: in `test:all` the one that KUBECONFIG names, else an embedded one that is reached by
 * its kubeconfig like any other. Works in a namespace of its own and leaves nothing behind.
 */
const ofUser = realKubeconfig();
const patienceMs = ofUser ? 120_000 : 15_000;

let standIn: EmbeddedCluster | undefined;
let kubeconfig = ofUser ?? '';
let postgres: TestPostgres | undefined;

beforeAll(async () => {
  if (!ofUser) {
    sayThatEmbeddedStandsIn();
    standIn = await startEmbeddedCluster({ name: 'some@where:6443/far', speed: 10 });
    kubeconfig = (await kubeconfigFile(standIn)).path;
  }
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.stop();
  await standIn?.stop();
});

describe.each(['the embedded database', 'PostgreSQL'])('a gateway on a cluster of a kubeconfig and %s', (database) => {
  const namespace = `longshore-e2e-${randomBytes(4).toString('hex')}`;
  let gateway: TestGateway;
  let token = '';
  let cluster = '';
  const asAdmin = () => ({ token });

  beforeAll(async () => {
    if (database === 'PostgreSQL' && mustSkip('PostgreSQL', postgres !== undefined)) return;
    const databaseUrl = database === 'PostgreSQL' ? await postgres?.createDatabase() : undefined;
    gateway = await startTestGateway({ flags: ['--kubeconfig', kubeconfig], ...(databaseUrl ? { databaseUrl } : {}) });
    token = gateway.gateway.rooms.signIn.adminToken ?? '';
    cluster = gateway.gateway.rooms.clusters.all[0]?.name ?? '';
  });
  afterAll(() => gateway?.stop());

  it('refuses the fixed dev tokens and takes the random one of the data folder', async (context) => {
    if (!gateway) return context.skip();
    for (const forged of [null, 'dev-admin', 'dev-developer']) {
      const answer = await gateway.query('{ viewer { name } }', {}, { token: forged });
      expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(await ask(gateway, '{ viewer { roles } }', {}, asAdmin())).toEqual({ viewer: { roles: ['ADMIN'] } });
    expect((await stat(join(gateway.dataDir, 'token'))).mode & 0o777).toBe(0o600);
  });

  it('names clusters after contexts, starts none of its own and says which version they run', async (context) => {
    if (!gateway) return context.skip();
    expect(gateway.gateway.embedded).toBeUndefined();
    const { clusters } = await ask<{ clusters: { nodes: { name: string; version: string; state: string }[] } }, object>(
      gateway,
      '{ clusters { nodes { name version state } } }',
      {},
      asAdmin(),
    );
    expect(clusters.nodes.find((node) => node.name === cluster)).toMatchObject({
      state: 'READY',
      version: expect.stringMatching(/^v1\./),
    });
  });

  it('makes a namespace, applies a Deployment, watches its pods come, scales it, and keeps the records (CORE-18)', async (context) => {
    if (!gateway) return context.skip();
    await using pods = gateway.subscribe(
      `subscription ($filter: PodFilter) { podChanges(filter: $filter) { type pod { name isReady workload { kind name } } } }`,
      { filter: { cluster, namespaces: [namespace] } },
      asAdmin(),
    );
    await pods.next((message) => typeOf(message) === 'SNAPSHOT', patienceMs);
    expect(await change('createNamespace', { cluster, name: namespace })).toBe('CreateNamespaceSuccess');
    expect(await change('applyManifest', { cluster, manifest: deployment(namespace) })).toBe('ApplyManifestSuccess');
    const ready = await pods.next((message) => podOf(message)?.isReady === true, patienceMs);
    expect(podOf(ready)?.workload).toEqual({ kind: 'Deployment', name: 'pause' });

    const id = await until(async () => {
      const found = await ask<{ workload: { id: string } | null }, object>(
        gateway,
        'query ($c: String!, $n: String!) { workload(cluster: $c, kind: DEPLOYMENT, namespace: $n, name: "pause") { id } }',
        { c: cluster, n: namespace },
        asAdmin(),
      );
      if (!found.workload) throw new Error('not there yet');
      return found.workload.id;
    });
    expect(await change('scaleWorkload', { id, replicas: 2 })).toBe('ScaleWorkloadSuccess');
    await until(async () => {
      const { pods: list } = await ask<{ pods: { totalCount: number } }, object>(
        gateway,
        'query ($f: PodFilter) { pods(filter: $f) { totalCount } }',
        { f: { cluster, namespaces: [namespace] } },
        asAdmin(),
      );
      expect(list.totalCount).toBe(2);
    }, patienceMs);

    const { operationRecords } = await ask<
      { operationRecords: { nodes: { action: string; status: string }[] } },
      object
    >(gateway, '{ operationRecords { nodes { action status } } }', {}, asAdmin());
    expect(operationRecords.nodes.map(({ action, status }) => `${action} ${status}`)).toEqual([
      'scaleWorkload SUCCEEDED',
      'applyManifest SUCCEEDED',
      'createNamespace SUCCEEDED',
    ]);
  });

  it('deletes the namespace with all that is in it, once its name is typed again (CMP-35)', async (context) => {
    if (!gateway) return context.skip();
    expect(await change('deleteNamespace', { cluster, name: namespace, confirm: 'other' })).toBe('ValidationError');
    expect(await change('deleteNamespace', { cluster, name: namespace, confirm: namespace })).toBe(
      'DeleteNamespaceSuccess',
    );
    await until(async () => {
      const { namespace: left } = await ask<{ namespace: unknown }, object>(
        gateway,
        'query ($c: String!, $n: String!) { namespace(cluster: $c, name: $n) { name } }',
        { c: cluster, n: namespace },
        asAdmin(),
      );
      expect(left).toBeNull();
    }, patienceMs);
  });

  /** Name of the type that the mutation answered; an error's message is in the failure text. */
  async function change(mutation: string, input: object): Promise<string> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const text = `mutation ($input: ${type}!) { answer: ${mutation}(input: $input) { __typename ... on Error { message } } }`;
    const { answer } = await ask<{ answer: { __typename: string; message?: string } }, object>(
      gateway,
      text,
      { input },
      asAdmin(),
    );
    if (answer.message !== undefined) process.stderr.write(`${mutation}: ${answer.message}\n`);
    return answer.__typename;
  }
});

interface PodMessage {
  readonly podChanges: {
    readonly type: string;
    readonly pod: { readonly isReady: boolean; readonly workload: unknown } | null;
  };
}

const messageOf = (result: { data?: unknown }) => (result.data as PodMessage | undefined)?.podChanges;
const typeOf = (result: { data?: unknown }) => messageOf(result)?.type;
const podOf = (result: { data?: unknown }) => messageOf(result)?.pod;

/** The pause image is on every Kubernetes node and asks for nothing. */
function deployment(namespace: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: pause, namespace: ${namespace} }
spec:
  replicas: 1
  selector: { matchLabels: { app: pause } }
  template:
    metadata: { labels: { app: pause } }
    spec: { containers: [{ name: pause, image: registry.k8s.io/pause:3.10 }] }
`;
}
