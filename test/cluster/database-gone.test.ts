import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../../src/data/testing/start-postgres.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

const postgres: TestPostgres | undefined = await startPostgres();
afterAll(() => postgres?.stop());

describe.skipIf(!postgres?.crash)('a gateway whose database goes and comes back', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ databaseUrl: (await postgres?.createDatabase()) ?? '' });
  });
  afterAll(() => gateway?.stop());

  const create = (name: string) =>
    ask<{ createNamespace: { __typename: string; code?: string } }, object>(
      gateway,
      'mutation ($input: CreateNamespaceInput!) { createNamespace(input: $input) { __typename ... on Error { code } } }',
      { input: { cluster: 'embedded', name } },
    );
  const ready = async () => (await fetch(`${gateway.url}/readyz`)).status;

  it('goes on reading clusters, refuses to write without a record, and recovers by itself', async () => {
    expect((await create('before')).createNamespace.__typename).toBe('CreateNamespaceSuccess');
    const crash = await postgres?.crash?.();

    await until(async () => expect(await ready()).toBe(503));
    const { namespaces } = await ask<{ namespaces: { nodes: { name: string }[] } }, object>(
      gateway,
      '{ namespaces { nodes { name } } }',
    );
    expect(namespaces.nodes.map(({ name }) => name)).toContain('before');
    expect((await create('without-record')).createNamespace).toEqual({ __typename: 'UpstreamError', code: 'UPSTREAM' });
    expect(gateway.cluster.requests.count(({ verb, name }) => verb === 'create' && name === 'without-record')).toBe(0);
    const { store } = gateway.cluster;
    expect(store.get(store.resource('', 'namespaces'), undefined, 'without-record')).toBeUndefined();

    await crash?.startAgain();
    await until(
      async () => expect((await create('after')).createNamespace.__typename).toBe('CreateNamespaceSuccess'),
      20_000,
    );
    await until(async () => expect(await ready()).toBe(200));
  }, 60_000);
});
