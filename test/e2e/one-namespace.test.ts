import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';
import {
  ClusterStatesDocument,
  ObjectByNameDocument,
  ObjectsOfKindDocument,
  PodPageDocument,
  ScaleWorkloadDocument,
} from '../typed/graphql.ts';

const token = 'the-token-of-an-administrator-with-one-namespace';
const asAdmin = { token };

let cluster: EmbeddedCluster;
let file: KubeconfigFile;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = await startEmbeddedCluster({ name: 'prod', sample: 'shop', speed: 40 });
  file = await kubeconfigFile(cluster, cluster.addToken('gateway', ['observers'], { namespaces: ['shop'] }));
  gateway = await startTestGateway({
    settings: {
      tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
      // The same credential twice: once its namespaces are listed in the settings, once they must be found out.
      clusters: [
        { name: 'chosen', kubeconfig: file.path, namespaces: ['shop'] },
        { name: 'guessed', kubeconfig: file.path },
      ],
    },
  });
  await until(async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { cluster: 'chosen' } }, asAdmin);
    expect(pods.totalCount).toBe(5);
  });
});
afterAll(async () => {
  await gateway?.stop();
  await cluster?.stop();
  await file?.[Symbol.asyncDispose]();
});

describe('a credential that may read one namespace', () => {
  it('is enough: the namespaces of the settings are watched one by one', async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { cluster: 'chosen' } }, asAdmin);
    expect(new Set(pods.edges.map(({ node }) => node.namespace))).toEqual(new Set(['shop']));
    expect(pods.problems).toEqual([]);
    // What is listed is there before it is watched.
    await until(() =>
      expect(cluster.requests.count({ verb: 'watch', resource: 'pods', namespace: 'shop' })).toBeGreaterThan(0),
    );
  });

  it('may write there', async () => {
    const { pods } = await ask(
      gateway,
      PodPageDocument,
      { filter: { cluster: 'chosen', name: { contains: 'vote-back' } } },
      asAdmin,
    );
    expect(pods.totalCount).toBe(1);
    const id = Buffer.from('k8s|chosen|apps|Deployment|shop|vote-back').toString('base64url');
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 2 } }, asAdmin);
    expect(scaleWorkload).toMatchObject({ __typename: 'ScaleWorkloadSuccess', operation: { status: 'SUCCEEDED' } });
  });

  it('says of a namespace it may not read that it may not, and never that it is empty (refused)', async () => {
    const { pods } = await ask(
      gateway,
      PodPageDocument,
      { filter: { cluster: 'chosen', namespaces: ['platform'] } },
      asAdmin,
    );
    expect(pods).toMatchObject({
      totalCount: 0,
      problems: [{ cluster: 'chosen', code: 'FORBIDDEN', message: expect.stringContaining('platform') }],
    });
  });

  it('says of kinds outside of namespaces that it may not read them (refused)', async () => {
    const { clusterNodes } = await ask<
      { clusterNodes: { totalCount: number; problems: unknown[] } },
      Record<string, unknown>
    >(
      gateway,
      '{ clusterNodes(filter: { cluster: "chosen" }) { totalCount problems { cluster code message } } }',
      {},
      asAdmin,
    );
    expect(clusterNodes).toMatchObject({ totalCount: 0, problems: [{ cluster: 'chosen', code: 'FORBIDDEN' }] });
  });

  it('says the same of kinds that are read when they are asked for (refused)', async () => {
    const kind = { cluster: 'chosen', apiVersion: 'v1', kind: 'Endpoints' };
    const { objects: own } = await ask(
      gateway,
      ObjectsOfKindDocument,
      { ...kind, filter: { namespaces: ['shop'] } },
      asAdmin,
    );
    expect(own.problems).toEqual([]);
    const { objects } = await ask(
      gateway,
      ObjectsOfKindDocument,
      { ...kind, filter: { namespaces: ['platform'] } },
      asAdmin,
    );
    expect(objects).toMatchObject({ totalCount: 0, problems: [{ code: 'FORBIDDEN' }] });
    const roles = { cluster: 'chosen', apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' };
    const { objects: wide } = await ask(gateway, ObjectsOfKindDocument, roles, asAdmin);
    expect(wide).toMatchObject({ totalCount: 0, problems: [{ code: 'FORBIDDEN' }] });
  });

  it('answers an object it may not read with an error and not with null (refused)', async () => {
    const place = {
      cluster: 'chosen',
      namespace: 'platform',
      apiVersion: 'v1',
      kind: 'Endpoints',
      name: 'metrics-store',
    };
    const answer = await gateway.query(ObjectByNameDocument, place, asAdmin);
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });

  it('says which kinds are closed to it in the state of its cluster', async () => {
    const { clusters } = await ask(gateway, ClusterStatesDocument, {}, asAdmin);
    expect(clusters.nodes.find(({ name }) => name === 'chosen')).toMatchObject({
      state: 'DEGRADED',
      problem: expect.stringContaining('nodes'),
    });
  });

  it('is told as forbidden where nobody says which namespaces it may read (refused)', async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { cluster: 'guessed' } }, asAdmin);
    expect(pods.problems).toMatchObject([{ cluster: 'guessed', code: 'FORBIDDEN' }]);
  });
});
