import { auditServer } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

describe('GraphQL over HTTP', () => {
  it('passes every audit of the specification (CORE-41)', async () => {
    const results = await auditServer({ url: `${gateway.url}/graphql`, fetchFn: fetch });
    expect(results.length).toBeGreaterThan(50);
    expect(
      results
        .filter((result) => result.status !== 'ok')
        .map((result) => `${result.id} ${result.name} ${'reason' in result ? result.reason : ''}`),
    ).toEqual([]);
  });
});

describe('@defer', () => {
  const whole = '{ clusters { nodes { name ...More } } } fragment More on Cluster { state version }';
  const deferred = whole.replace('...More', '...More @defer(label: "more")');

  async function post(query: string, accept = 'application/json', variables = {}): Promise<Response> {
    const headers = { accept, 'content-type': 'application/json' };
    return fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  }
  const codeOf = async (query: string) =>
    ((await (await post(query)).json()) as { errors?: { extensions?: { code?: string } }[] }).errors?.[0]?.extensions
      ?.code;

  it('is taken, and answered at once and whole, also by what is compiled and kept', async () => {
    const expected = await (await post(whole)).json();
    for (let use = 0; use < 5; use += 1) expect(await (await post(deferred)).json()).toEqual(expected);
    const inline = '{ clusters { nodes { name ... @defer { state } ... on Cluster @defer { version } } } }';
    expect(await (await post(inline)).json()).toEqual(expected);
    const asVariable = `query ($later: Boolean!) ${whole.replace('...More', '...More @defer(if: $later)')}`;
    for (const later of [true, false]) {
      expect(await (await post(asVariable, undefined, { later })).json()).toEqual(expected);
    }
  });

  it.each([
    'multipart/mixed; deferSpec=20220824, application/json',
    'multipart/mixed',
    'text/event-stream',
  ])('is answered in one piece to who accepts %s', async (accept) => {
    const text = await (await post(deferred, accept)).text();
    const found = text.match(/\{"data".*\}/g) ?? [];
    expect(found).toHaveLength(1);
    expect(JSON.parse(found[0] ?? '')).toEqual(await (await post(whole)).json());
    expect(text).not.toContain('hasNext');
  });

  it('is answered in one message over a WebSocket', async () => {
    await using stream = gateway.subscribe(deferred);
    await stream.next();
    await stream.closed;
    expect(stream.received).toEqual([await (await post(whole)).json()]);
  });

  it.each([
    ['depth', `{ pods { nodes { ${nested(16)} } } }`],
    ['directives', `{ clusters { nodes { ${Array.from({ length: 60 }, () => '... @defer { name }').join(' ')} } } }`],
    ['cost', '{ pods(first: 1000) { nodes { ... @defer { node { pods(first: 1000) { nodes { name } } } } } } }'],
  ])('is no way round the limit of %s (refused)', async (_limit, query) => {
    expect(await codeOf(query)).toBe('TOO_COMPLEX');
  });

  it.each([
    ['on a subscription', 'subscription { clusterChanges { type ... @defer { cursor } } }'],
    ['at the root of a mutation', 'mutation { ... @defer { __typename } }'],
    [
      'with the label of another',
      '{ clusters { nodes { ... @defer(label: "a") { name } ... @defer(label: "a") { state } } } }',
    ],
    ['with a label that is a variable', 'query ($l: String) { clusters { nodes { ... @defer(label: $l) { name } } } }'],
    ['on a field', '{ clusters @defer { nodes { name } } }'],
    ['as @stream, which nobody knows', '{ clusters { nodes @stream { name } } }'],
  ])('is refused %s (refused, bad input)', async (_what, query) => {
    expect(await codeOf(query)).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

/** Fields within one another, each deferred. */
function nested(levels: number): string {
  return levels === 0 ? 'name' : `... @defer { node { ${nested(levels - 1)} } }`;
}
