import { readFileSync } from 'node:fs';
import { buildSchema, type GraphQLField, getNamedType, isNonNullType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { until } from '../support/until.ts';

interface Page {
  readonly nodes: readonly unknown[];
  readonly totalCount: number | null;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(isList);

let gateway: TestGateway;
let listedAtStart: readonly string[];

beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  await until(async () => {
    const pods = await page('pods', 'filter: { namespaces: ["shop"], ready: true }');
    expect(pods.totalCount).toBeGreaterThanOrEqual(4);
    // Whoever asks before all kinds are listed waits for them.
    for (const list of lists) if (list.name !== 'objects') await page(list.name);
  });
  // Kinds that no list above shows are listed too, in their own time.
  await until(async () => expect(await unsettledKinds()).toEqual([]));
  listedAtStart = requested().filter((request) => request.startsWith('list'));
});
afterAll(() => gateway.stop());

/** Whether it can be asked for without knowing anything. */
function isList({ type, args }: GraphQLField<unknown, unknown>): boolean {
  const isFree = args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined);
  return getNamedType(type).name.endsWith('Connection') && (isFree || args.some(({ name }) => name === 'apiVersion'));
}

/** Every list that a row leads to, the first of each. */
function rowFields(list: GraphQLField<unknown, unknown>): string {
  const connection = getNamedType(list.type);
  const row = isObjectType(connection) ? getNamedType(connection.getFields().nodes?.type ?? connection) : undefined;
  if (row === undefined || !('getFields' in row)) return '__typename';
  const below = Object.values(row.getFields()).filter((field) => isList(field as GraphQLField<unknown, unknown>));
  return ['__typename', ...below.map(({ name }) => `${name}(first: 1) { nodes { __typename } }`)].join(' ');
}

async function page(list: string, args = '', fields = '__typename'): Promise<Page> {
  const text = `{ page: ${list}(first: 1, ${args}) { nodes { ${fields} } totalCount pageInfo { hasNextPage endCursor } } }`;
  const { data, errors } = await gateway.query<{ page: Page }>(text.replace('(first: 1, )', '(first: 1)'));
  expect(errors).toBeUndefined();
  if (!data) throw new Error(`no answer to ${text}`);
  return data.page;
}

/** Kinds whose first list is still under way, as the metrics have it. */
async function unsettledKinds(): Promise<string[]> {
  const lines = (await (await fetch(`${gateway.url}/metrics`)).text())
    .split('\n')
    .filter((line) => line.startsWith('longshore_watch_state{'));
  expect(lines.length).toBeGreaterThan(20);
  return lines.filter((line) => !/state="(LIVE|MISSING)"/.test(line));
}

/** What the cluster was asked for, watches apart. */
function requested(): string[] {
  return gateway.cluster.requests.entries
    .filter(({ verb, resource }) => verb !== 'watch' && resource !== '')
    .map(({ verb, namespace, resource, group }) =>
      [verb, namespace, group === '' ? resource : `${resource}.${group}`].filter(Boolean).join(' '),
    );
}

async function requestsOf(run: () => Promise<unknown>): Promise<string[]> {
  gateway.cluster.requests.clear();
  await run();
  return requested();
}

describe('a page of a list', () => {
  it('finds each kind listed at the start, and once (P36, CORE-39)', () => {
    expect(listedAtStart.length).toBeGreaterThan(5);
    expect(listedAtStart.toSorted()).toEqual([...new Set(listedAtStart)].sort());
  });

  it.each(
    lists.filter(({ name }) => name !== 'objects').map((list) => [list.name, list] as const),
  )('of %s costs the cluster nothing, nor does the next one, with every list its rows lead to (P36)', async (name, list) => {
    const requests = await requestsOf(async () => {
      const { pageInfo } = await page(name, '', rowFields(list));
      if (pageInfo.hasNextPage) await page(name, `after: ${JSON.stringify(pageInfo.endCursor)}`, rowFields(list));
    });
    expect(requests).toEqual([]);
  });

  it.each([
    ['of a kind that is cached', 'ConfigMap', 'v1', []],
    ['of a kind that is not', 'Role', 'rbac.authorization.k8s.io/v1', ['list roles.rbac.authorization.k8s.io']],
    [
      'of a kind that is not and lives in no namespace',
      'ClusterRole',
      'rbac.authorization.k8s.io/v1',
      ['list clusterroles.rbac.authorization.k8s.io'],
    ],
  ])('of objects %s costs one LIST or none, each page (P36)', async (_what, kind, apiVersion, expected) => {
    const args = `cluster: "embedded", apiVersion: "${apiVersion}", kind: "${kind}"`;
    let after: string | null = null;
    expect(
      await requestsOf(async () => {
        const { pageInfo } = await page('objects', args);
        after = pageInfo.endCursor;
      }),
    ).toEqual(expected);
    expect(await requestsOf(() => page('objects', `${args}, after: ${JSON.stringify(after)}`))).toEqual(expected);
  });
});
