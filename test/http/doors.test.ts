import { createHash } from 'node:crypto';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { dashboardExpressions } from '../support/dashboard-expressions.ts';
import { until } from '../support/until.ts';

const metricsToken = 'a-token-for-prometheus';
let gateway: TestGateway;
let http: ReturnType<typeof supertest>;
beforeAll(async () => {
  const tokenSha256 = createHash('sha256').update(metricsToken).digest('hex');
  gateway = await startTestGateway({ settings: { metrics: { tokenSha256 } } });
  http = supertest(gateway.url);
});
afterAll(() => gateway.stop());

describe('the doors besides /graphql', () => {
  it('answer on /livez and /readyz whatever the Host, and say nothing more', async () => {
    for (const path of ['/livez', '/readyz']) {
      await http.get(path).set('Host', 'probe.example:8080').expect(200, 'ok\n');
    }
  });

  it('tell an administrator why on /readyz?verbose', async () => {
    const { body } = await http.get('/readyz?verbose').expect(200);
    expect(body).toMatchObject({ isReady: true, database: 'ok', clusters: { embedded: 'READY' } });
  });

  it('tell nobody else why (refused)', async () => {
    await http.get('/readyz?verbose').set('Authorization', 'Bearer dev-developer').expect(403);
    await http.get('/readyz?verbose').set('Authorization', 'Bearer forged').expect(401);
  });

  it('serve metrics to the token that may read them and nothing else', async () => {
    await until(async () => {
      const { text } = await http.get('/metrics').set('Authorization', `Bearer ${metricsToken}`).expect(200);
      expect(text).toContain('longshore_request_duration_seconds');
      expect(text).toMatch(/longshore_watch_state\{cluster="embedded",kind="[^"]*Pod",state="LIVE"\} 1/);
    });
    await http
      .post('/graphql')
      .set('Authorization', `Bearer ${metricsToken}`)
      .send({ query: '{ viewer { name } }' })
      .expect(401);
  });

  it('serve every metric that the dashboard draws, and have every metric of the gateway on it', async () => {
    const { text } = await http.get('/metrics').set('Authorization', `Bearer ${metricsToken}`).expect(200);
    const served = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
    );
    const drawn = new Set(dashboardExpressions().flatMap((query) => query.match(/longshore_\w+/g) ?? []));
    expect(served).toEqual(expect.arrayContaining([...drawn].filter((name) => name !== 'longshore_trace_spans_total')));
    const own = served.filter((name) => !/^longshore_(process|nodejs)_|_(bucket|sum|count)$/.test(name));
    expect([...drawn]).toEqual(expect.arrayContaining(own));
  });

  it('serve metrics to no developer and to no forged token (refused)', async () => {
    await http.get('/metrics').set('Authorization', 'Bearer dev-developer').expect(403);
    await http.get('/metrics').set('Authorization', 'Bearer forged').expect(401);
  });

  it('send a browser to GraphiQL, which it asks for once', async () => {
    await http.get('/').expect(302).expect('location', '/graphql');
    const page = await http.get('/graphql').set('Accept', 'text/html').expect(200).expect('content-encoding', 'gzip');
    const etag = page.headers.etag ?? '';
    await http.get('/graphql').set('Accept', 'text/html').set('If-None-Match', etag).expect(304);
  });

  it('send what protects a browser with every answer', async () => {
    const { headers } = await http.get('/livez');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('know no other path (refused)', async () => {
    for (const path of ['/graphql/', '/graphiql', '/.env', '/health', '//graphql', '/livez/..']) {
      await http.get(path).expect(404);
    }
  });
});
