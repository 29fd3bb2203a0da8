import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import {
  createManualClock,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
  type TestStream,
} from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type LokiStandIn, startLokiStandIn } from '../support/start-loki-stand-in.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const developer = 'the-token-of-a-developer-of-the-shop';
const admin = 'the-token-of-an-administrator-of-all';
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let loki: LokiStandIn;
let settings: NonNullable<TestGatewayOptions['settings']>;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false }));
  const { path } = stack.use(await kubeconfigFile(cluster));
  loki = stack.use(await startLokiStandIn());
  const backend = { url: loki.url, token: 'the-token-of-loki' };
  settings = {
    embedded: { enabled: false },
    clusters: [
      { name: 'far', kubeconfig: path },
      { name: 'strict', kubeconfig: path, identity: 'impersonate' },
      { name: 'bare', kubeconfig: path },
    ],
    egress: { allow: [new URL(loki.url).host] },
    pluginSettings: { compute: { loki: ['far', 'strict'].map((name) => ({ cluster: name, ...backend })) } },
    tokens: [
      staticToken('dora', developer, { roles: ['DEVELOPER'], namespaces: ['default'] }),
      staticToken('anna', admin, { roles: ['ADMIN'] }),
    ],
  };
  gateway = stack.use(await startTestGateway({ settings }));
});
afterAll(() => stack.disposeAsync());

const line = (text: string, namespace = 'default') => ({
  ns: BigInt(Date.now()) * 1_000_000n,
  labels: { namespace, pod: 'web', container: 'main', detected_level: 'info' },
  text,
});

/** Lets a user of the cluster itself do what a role of the cluster says. */
function bind(user: string, role: string, namespace?: string): () => void {
  const plural = namespace === undefined ? 'clusterrolebindings' : 'rolebindings';
  const kind = cluster.store.resource('rbac.authorization.k8s.io', plural);
  const name = `${user}-${role}`;
  cluster.store.create(kind, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  });
  return () => void cluster.store.delete(kind, namespace, name);
}

interface Page {
  readonly logSearch: {
    readonly nodes: readonly { readonly text: string }[];
    readonly problems: readonly { readonly code: string }[];
  };
}

async function search(
  token: string,
  filter = '{}',
): Promise<{ readonly texts: string[]; readonly problems: string[] }> {
  const source = `{ logSearch(cluster: "strict", filter: ${filter}) { nodes { text } problems { code } } }`;
  const { logSearch } = await ask<Page, object>(gateway, source, undefined, { token });
  return { texts: logSearch.nodes.map(({ text }) => text), problems: logSearch.problems.map(({ code }) => code) };
}

describe('collected logs of a cluster that sees the caller itself', () => {
  beforeAll(() => {
    loki.lines.push(line('mine'), line('theirs', 'kube-system'));
  });

  it('are found where both the gateway and the cluster let one read them, and not before (CMP-102, CORE-09)', async () => {
    expect(await search(developer)).toEqual({ texts: [], problems: [] });
    const unbind = bind('dora', 'view', 'default');
    await until(async () => expect(await search(developer)).toEqual({ texts: ['mine'], problems: [] }));
    // The cluster would let her; the gateway does not.
    bind('dora', 'view', 'kube-system');
    expect(await search(developer, '{ namespaces: ["kube-system", "default"] }')).toEqual({
      texts: ['mine'],
      problems: [],
    });
    unbind();
    await until(async () => expect(await search(developer)).toEqual({ texts: [], problems: [] }));
  });

  it('are not an administrator’s of the gateway whom the cluster does not let read them (CMP-103, refused)', async () => {
    expect(await search(admin)).toEqual({ texts: [], problems: [] });
    expect(await search(admin, '{ platformType: CONTROL_PLANE }')).toEqual({ texts: [], problems: ['FORBIDDEN'] });
    bind('anna', 'view', 'kube-system');
    await until(async () => expect(await search(admin)).toEqual({ texts: ['theirs'], problems: [] }));
    bind('anna', 'view');
    await until(async () => expect((await search(admin)).texts.toSorted()).toEqual(['mine', 'theirs']));
    expect(await search(admin, '{ platformType: CONTROL_PLANE }')).toEqual({ texts: ['theirs'], problems: [] });
    // Services of nodes are behind the kubelet, which `view` does not open.
    expect(await search(admin, '{ platformType: SYSTEM }')).toEqual({ texts: [], problems: ['FORBIDDEN'] });
  });
});

interface Message {
  readonly storedLogLines: {
    readonly type: string;
    readonly cursor: string;
    readonly line: { readonly text: string; readonly namespace: string } | null;
  };
}

describe('storedLogLines', () => {
  const open = (args: string, token = developer): TestStream<Message> =>
    gateway.subscribe<Message, object>(
      `subscription { storedLogLines(${args}) { type cursor line { text namespace } } }`,
      {},
      { token },
    );
  const texts = ({ received }: TestStream<Message>) =>
    received.flatMap(({ data }) => data?.storedLogLines.line?.text ?? []);

  it('shows what is collected from now on, of namespaces whose logs one may read, and goes on behind a cursor (CMP-102)', async () => {
    const stream = open('cluster: "far", filter: { contains: "new" }');
    await until(() => expect(loki.tailed).toEqual(['{namespace=~"default"} |= "new"']));
    loki.collect(line('new one'));
    loki.collect(line('new, and theirs', 'kube-system'));
    loki.collect(line('other'));
    await until(() => expect(texts(stream)).toEqual(['new one']));
    const cursor = stream.received.at(-1)?.data?.storedLogLines.cursor;
    await stream.stop();
    await until(() => expect(loki.tailed).toEqual([]));
    loki.collect(line('new while nobody listened'));
    const again = open(`cluster: "far", filter: { contains: "new" }, after: "${cursor}"`);
    await until(() => expect(texts(again)).toEqual(['new while nobody listened']));
    await again.stop();
  });

  it('listens from its first look on, though that is within the millisecond in which it was opened (CMP-102)', async () => {
    await using still = await startTestGateway({ settings, clock: createManualClock(Date.now()) });
    const source = 'subscription { storedLogLines(cluster: "far", filter: { contains: "at once" }) { type } }';
    const stream = still.subscribe(source, {}, { token: developer });
    await until(() => expect(loki.tailed).toEqual(['{namespace=~"default"} |= "at once"']));
    await stream.stop();
  });

  it('listens with the credentials of the backend, and tells them nobody (P23)', () => {
    expect(loki.requests.at(-1)?.headers.authorization).toBe('Bearer the-token-of-loki');
  });

  it.each([
    { what: 'an end', args: 'cluster: "far", filter: { until: "2030-01-01T00:00:00Z" }', code: 'BAD_USER_INPUT' },
    { what: 'a cursor that is none', args: 'cluster: "far", after: "abc"', code: 'BAD_USER_INPUT' },
    { what: 'a cluster without a backend', args: 'cluster: "bare"', code: 'CAPABILITY_MISSING' },
    { what: 'a cluster that there is none of', args: 'cluster: "moon"', code: 'BAD_USER_INPUT' },
  ])('does not take $what (CMP-102, refused)', async ({ args, code }) => {
    const stream = open(args);
    await stream.closed;
    expect(stream.received.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? [])).toEqual([
      code,
    ]);
  });
});
