import { setTimeout as wait } from 'node:timers/promises';
import { ApplyManifestDocument, DeleteObjectDocument } from '../../typed/graphql.ts';
import { bystander, operator, type ProxiedGateway } from './proxied-gateway.ts';

export interface PairReport {
  readonly pairs: number;
  /** Reads of the writer that did not show what it had written before, in words. */
  readonly stale: readonly string[];
  /** Reads of somebody else at the same moment that showed an earlier state: the cache was behind. */
  readonly behind: number;
}

interface Seen {
  readonly data: readonly { readonly key: string; readonly value: string }[];
}
interface SeenList {
  readonly configMaps: { readonly totalCount: number; readonly nodes: readonly Seen[] };
}

const idOf = (name: string) => Buffer.from(`k8s|cluster-0||ConfigMap|default|${name}`).toString('base64url');
const place = 'cluster: "cluster-0", namespace: "default"';
const data = 'data { key value }';

/** The ways to read one ConfigMap: each answers its round, or undefined where it is not there. */
const ways: readonly {
  readonly query: (name: string) => string;
  readonly round: (answer: never) => string | undefined;
}[] = [
  {
    query: (name) => `{ configMap(${place}, name: "${name}") { ${data} } }`,
    round: ({ configMap }: { readonly configMap: Seen | null }) => configMap?.data[0]?.value,
  },
  {
    query: (name) => `{ node(id: "${idOf(name)}") { ... on ConfigMap { ${data} } } }`,
    round: ({ node }: { readonly node: Seen | null }) => node?.data[0]?.value,
  },
  {
    query: (name) => `{ configMaps(filter: { name: { equals: "${name}" } }) { totalCount nodes { ${data} } } }`,
    round: ({ configMaps }: SeenList) => configMaps.nodes[0]?.data[0]?.value,
  },
  {
    query: (name) =>
      `{ configMaps(first: 1, filter: { labelSelector: "called=${name}" }) { totalCount nodes { ${data} } } }`,
    round: ({ configMaps }: SeenList) =>
      configMaps.totalCount === 0 ? undefined : configMaps.nodes[0]?.data[0]?.value,
  },
];

/** Writes and reads by turns, while the cluster's watches are late, by one of these lags after the other. */
export async function writeAndRead(
  world: ProxiedGateway,
  options: { readonly pairs: number; readonly lagsMs: readonly number[] },
): Promise<PairReport> {
  const { gateway, clock, proxy } = world;
  const { store } = world.cluster;
  const configMaps = store.resource('', 'configmaps');
  const stale: string[] = [];
  let behind = 0;
  // What the gateway does before the cluster has changed, and from when it closes its record, takes real time alone: the
  // clock moves while the gateway waits for the change to come back.
  let isClosing = false;
  const close = () => {
    isClosing = true;
  };
  using armed = new DisposableStack();
  armed.defer(gateway.gateway.failpoints.arm('operation.before-close', close));
  const versionOf = (name: string) => store.get(configMaps, 'default', name)?.metadata.resourceVersion;

  async function untilClosing(name: string, before: string | undefined): Promise<void> {
    while (versionOf(name) === before && !isClosing) await wait(1);
    while (!isClosing) {
      await wait(1);
      if (proxy.pending === 0) clock.advance(250);
    }
  }

  async function write(name: string, round: string | undefined): Promise<void> {
    const before = versionOf(name);
    isClosing = false;
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', labels: { called: name } },
      data: { round },
    });
    const sent =
      round === undefined
        ? gateway.query(DeleteObjectDocument, { input: { id: idOf(name) } }, operator)
        : gateway.query(ApplyManifestDocument, { input: { cluster: 'cluster-0', manifest } }, operator);
    sent.then(close, close);
    await untilClosing(name, before);
    const { data: answer, errors } = await sent;
    const { __typename: type } = (Object.values(answer ?? {})[0] ?? {}) as { readonly __typename?: string };
    if (errors !== undefined || !type?.endsWith('Success')) {
      throw new Error(`A write was refused: ${JSON.stringify({ answer, errors })}`);
    }
  }

  async function read(way: (typeof ways)[number], name: string, as: typeof operator): Promise<string | undefined> {
    const { data: answer, errors } = await gateway.query(way.query(name), {}, as);
    if (errors !== undefined) throw new Error(`A read failed: ${JSON.stringify(errors)}`);
    return way.round(answer as never);
  }

  for (let pair = 0; pair < options.pairs; pair += 1) {
    proxy.network = { watchLatencyMs: options.lagsMs[Math.floor((pair * options.lagsMs.length) / options.pairs)] ?? 0 };
    const name = `own-${pair % 7}`;
    // Every third time that it comes by, the object goes.
    const round = Math.floor(pair / 7) % 3 === 2 ? undefined : String(pair);
    const way = ways[pair % ways.length] as (typeof ways)[number];
    await write(name, round);
    const [own, other] = [await read(way, name, operator), await read(way, name, bystander)];
    if (own !== round) stale.push(`pair ${pair}: ${own ?? 'nothing'} for ${round ?? 'nothing'}`);
    if (other !== round) behind += 1;
  }
  return { pairs: options.pairs, stale, behind };
}
