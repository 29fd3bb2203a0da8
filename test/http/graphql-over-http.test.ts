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
