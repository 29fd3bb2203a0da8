import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AcmeGateway, startAcmeGateway } from './acme-gateway.ts';

let acme: AcmeGateway;
let podId: string;
beforeAll(async () => {
  acme = await startAcmeGateway();
  podId = await acme.createPod('storied');
  const { store } = acme.gateway.cluster;
  store.create(store.resource('', 'events'), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'storied.1', namespace: 'shop' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'storied', uid: 'an-earlier-one' },
    reason: 'BackOff',
    message: 'It does not start',
    type: 'Warning',
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
  });
  const opened = await acme.open(podId);
  await acme.pass(5_000);
  await acme.close(opened.supportCase?.id ?? '');
});
afterAll(() => acme?.[Symbol.asyncDispose]());

interface Page {
  readonly edges: readonly {
    readonly cursor: string;
    readonly node: {
      readonly source: string;
      readonly title: string;
      readonly node: { readonly __typename: string } | null;
    };
  }[];
  readonly pageInfo: { readonly hasNextPage: boolean };
}

async function timeline(args: string, options: object = {}): Promise<Page> {
  const { data, errors } = await acme.gateway.query<{ timeline: Page }>(
    `query ($id: ID!) { timeline(id: $id ${args}) { pageInfo { hasNextPage } edges { cursor node { source title isProblem node { __typename } } } } }`,
    { id: podId },
    options,
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.timeline;
}
const titles = ({ edges }: Page) => edges.map(({ node }) => `${node.source} ${node.title} ${node.node?.__typename}`);

describe('timeline', () => {
  const startedEvent = 'KUBERNETES_EVENTS Started KubernetesEvent';
  const whole = [
    'ACME_SUPPORT_CASES It hums AcmeSupportCase',
    'OPERATION_RECORDS openAcmeSupportCase OperationRecord',
    'ACME_SUPPORT_CASES It hums AcmeSupportCase',
    'KUBERNETES_EVENTS BackOff KubernetesEvent',
  ];

  it('joins records, events of the cluster and what a plugin adds (CORE-20)', async () => {
    // The kubelet tells of the pod too; its last word is that it has started.
    await vi.waitFor(async () => {
      expect(titles(await timeline(''))).toEqual(expect.arrayContaining([...whole, startedEvent]));
    }, 10_000);
  });

  it('goes page by page over all sources, without repeating or skipping (CORE-20)', async () => {
    const all = titles(await timeline(''));
    const walked: string[] = [];
    let after = '';
    for (;;) {
      const page = await timeline(`first: 1 ${after}`);
      walked.push(...titles(page));
      if (!page.pageInfo.hasNextPage) break;
      after = `after: "${page.edges[0]?.cursor}"`;
    }
    expect(walked).toEqual(all);
  });

  it.each([
    'ACME_SUPPORT_CASES',
    'OPERATION_RECORDS',
    'KUBERNETES_EVENTS',
  ])('filters by the source %s', async (source) => {
    const found = titles(await timeline(`filter: {sources: [${source}]}`));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((title) => title.startsWith(source))).toBe(true);
  });

  it('filters by time', async () => {
    expect(titles(await timeline('filter: {to: "2020-01-01T00:00:00Z"}'))).toEqual([]);
    expect(titles(await timeline('filter: {from: "2100-01-01T00:00:00Z"}'))).toEqual([]);
  });

  it('refuses a cursor of another list (refused)', async () => {
    await expect(timeline('after: "eHg"')).rejects.toThrow('BAD_USER_INPUT');
  });
});
