import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCertificates } from '../../embedded/certificates/create-certificates.ts';
import { ForbiddenError, UpstreamError } from '../../kernel/answer-error.ts';
import { createManualClock, type ManualClock } from '../../kernel/manual-clock.ts';
import { createRecordedTracing } from '../../kernel/recorded-tracing.ts';
import { inSpan } from '../../kernel/tracing.ts';
import type { ClusterSettings } from '../cluster-settings.ts';
import { noMetrics } from '../kube-metrics.ts';
import { type FakeApi, sendJson, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { admin, podKind } from '../testing/test-cluster.ts';
import type { ClusterTransport, KubeRequest } from './cluster-transport.ts';
import { faultOf } from './connection-error.ts';
import { createTransport } from './create-transport.ts';
import { statusOf } from './kube-status-error.ts';

let api: FakeApi;
let clock: ManualClock;
let folder: string;
const transports: ClusterTransport[] = [];

beforeEach(async () => {
  api = await startFakeApi();
  clock = createManualClock(Date.now());
  folder = mkdtempSync(join(tmpdir(), 'kube-'));
});
afterEach(async () => {
  await Promise.all(transports.splice(0).map((transport) => transport.stop()));
  await api.stop();
  rmSync(folder, { recursive: true });
});

function transportTo(settings: Partial<ClusterSettings> = {}, user?: object): ClusterTransport {
  const source = { kubeconfigText: api.kubeconfig('fake', user) };
  const transport = createTransport({
    settings: { name: 'c', source, ...settings },
    clock,
    metrics: noMetrics,
    random: () => 0,
  });
  transports.push(transport);
  return transport;
}

const version: KubeRequest = { path: '/version' };
const writePod: KubeRequest = {
  method: 'POST',
  path: '/api/v1/namespaces/shop/pods',
  body: { metadata: { name: 'a', namespace: 'shop' } },
  kind: podKind,
};

describe('createTransport', () => {
  it('keeps its connections, also over TLS', async () => {
    const { serverKey, serverCertificate, caCertificate } = createCertificates(Date.now());
    await api.stop();
    api = await startFakeApi({ tls: { key: serverKey, cert: serverCertificate, ca: caCertificate } });
    const transport = transportTo();
    for (let turn = 0; turn < 10; turn += 1)
      expect((await transport.json(version)).body).toEqual({ gitVersion: 'v1.36.2' });
    // A second one may be opened while the first still finishes its answer.
    expect(api.connections).toBeLessThanOrEqual(2);
  });

  it('does not trust a certificate that the kubeconfig does not vouch for (refused)', async () => {
    const { serverKey, serverCertificate } = createCertificates(Date.now());
    await api.stop();
    api = await startFakeApi({
      tls: { key: serverKey, cert: serverCertificate, ca: createCertificates(Date.now()).caCertificate },
    });
    await expect(transportTo().json(version)).rejects.toThrow(
      "Cluster 'c' did not answer: its certificate is not signed by a known authority",
    );
  });

  it('sends the token, and names itself', async () => {
    await transportTo().json(version);
    expect(api.requests[0]?.headers).toMatchObject({ authorization: 'Bearer fake-token', 'user-agent': 'longshore' });
    await transportTo({}, { username: 'u', password: 'p' }).json(version);
    expect(api.requests[1]?.headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
  });

  it('tells the cluster which span asks, and makes the request a span inside it', async () => {
    const tracing = createRecordedTracing();
    const asking = tracing.start('query', 'internal', {});
    api.intercept(({ path }, response) => {
      if (!path.includes('/pods')) return false;
      sendStatus(response, 403, 'Forbidden', 'no');
      return true;
    });
    const transport = transportTo();
    await inSpan(asking, async () => {
      await transport.json(version);
      await transport.json({ ...writePod, namespace: 'shop', operationId: 'o-1' }).catch(() => undefined);
      asking?.end();
      await transport.json(version);
    });
    expect(api.requests.map(({ headers }) => headers.traceparent)).toEqual([
      `00-${'1'.repeat(32)}-0000000000000002-01`,
      `00-${'1'.repeat(32)}-0000000000000003-01`,
      undefined,
    ]);
    expect(tracing.spans.slice(1)).toMatchObject([
      {
        name: 'GET',
        within: ['query'],
        attributes: { 'http.request.method': 'GET', 'url.path': '/version', 'k8s.cluster.name': 'c' },
        isEnded: true,
      },
      {
        name: 'POST pods',
        within: ['query'],
        attributes: {
          'http.request.method': 'POST',
          'url.path': '/api/v1/namespaces/shop/pods',
          'k8s.cluster.name': 'c',
          'k8s.namespace.name': 'shop',
          'longshore.kind': 'Pod',
          'longshore.operation_id': 'o-1',
          'http.response.status_code': 403,
        },
        failure: '403',
        isEnded: true,
      },
    ]);
  });

  it('keeps the path of a server that stands behind another', async () => {
    const behind = api.kubeconfig().replace(api.url, `${api.url}/k8s/clusters/c-1/`);
    await expect(transportTo({ source: { kubeconfigText: behind } }).json(version)).rejects.toThrow();
    expect(api.requests[0]?.path).toBe('/k8s/clusters/c-1/version');
  });

  it('reads a token file again when the cluster refuses the old token, once', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, 'old');
    api.intercept(({ headers }, response) => {
      if (headers.authorization === 'Bearer new') return false;
      sendStatus(response, 401, 'Unauthorized', 'Unauthorized');
      return true;
    });
    const transport = transportTo({}, { tokenFile: file });
    await expect(transport.json(version)).rejects.toThrow("Cluster 'c' refused the gateway's credentials.");
    expect(api.requests.length).toBe(2);
    writeFileSync(file, 'new');
    clock.advance(5_000);
    await expect(transport.json(version)).resolves.toBeDefined();
  });

  it('asks an exec plugin for the token', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from-plugin' },
    };
    const exec = {
      apiVersion: credential.apiVersion,
      command: process.execPath,
      args: ['-e', `console.log('${JSON.stringify(credential)}')`],
    };
    await transportTo({}, { exec }).json(version);
    expect(api.requests[0]?.headers.authorization).toBe('Bearer from-plugin');
  });

  it.each([
    [
      'fails',
      { command: process.execPath, args: ['-e', 'console.error("no session\\n"); process.exit(3)'] },
      'no session',
    ],
    ['is not there', { command: '/nowhere/plugin', args: [] }, 'ENOENT'],
    [
      'prints no credential',
      { command: process.execPath, args: ['-e', 'console.log("hello")'] },
      'The credentials could not be had',
    ],
    [
      'prints a token with its failure',
      { command: process.execPath, args: ['-e', `console.error("${'s'.repeat(40)}"); process.exit(1)`] },
      'had: …',
    ],
  ])('says so where an exec plugin %s (refused)', async (_name, exec, message) => {
    const failure = transportTo({}, { exec: { apiVersion: 'client.authentication.k8s.io/v1', ...exec } }).json(version);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(UpstreamError);
    expect(api.requests).toEqual([]);
  });

  it('starts a hanging exec plugin once, however often it is asked', async () => {
    const marks = join(folder, 'starts');
    const script = `require('fs').appendFileSync('${marks}', 'x'); setInterval(() => {}, 1000); process.stdin.on('close', () => process.exit())`;
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
    const transport = transportTo({}, { exec });
    const failures = [transport.json(version), transport.json(version)].map((one) =>
      one.catch((error: unknown) => error),
    );
    await vi.waitFor(() => expect(readFileSync(marks, 'utf8')).toBe('x'));
    clock.advance(10_000);
    for (const failure of failures) expect(faultOf(await failure)).toBe('deadline');
    expect(readFileSync(marks, 'utf8')).toBe('x');
  });

  it('ends an exec plugin that does not end by itself, also where what it started goes on, and asks it anew', async () => {
    const marks = join(folder, 'starts');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 't' },
    };
    const script = `echo x >> ${marks}; if [ $(wc -l < ${marks}) = 1 ]; then sleep 20; else echo '${JSON.stringify(credential)}'; fi`;
    const exec = { apiVersion: credential.apiVersion, command: '/bin/sh', args: ['-c', script] };
    const transport = transportTo({}, { exec });
    const stuck = transport.json(version).catch((error: unknown) => error);
    await vi.waitFor(() => expect(readFileSync(marks, 'utf8')).toBe('x\n'));
    clock.advance(15_000);
    expect(faultOf(await stuck)).toBe('deadline');
    await vi.waitFor(() => expect(transport.json(version)).resolves.toBeDefined());
    expect(readFileSync(marks, 'utf8')).toBe('x\nx\n');
  });

  it('gives an exec plugin nothing to wait for on its input', async () => {
    const script = `process.stdin.on('end', () => process.exit(4)).resume(); process.on('exit', () => console.error('nobody is there'))`;
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] };
    await expect(transportTo({}, { exec }).json(version)).rejects.toThrow('nobody is there');
  });

  it.each([
    ['is broken', 'a: [', 'is not valid YAML'],
    ['is empty', '', 'is not a kubeconfig'],
    ['has no such context', JSON.stringify({ contexts: [], clusters: [], users: [] }), 'has no context'],
  ])('says so where the kubeconfig %s (refused)', async (_name, kubeconfigText, message) => {
    await expect(transportTo({ source: { kubeconfigText } }).json(version)).rejects.toThrow(message);
  });

  it('uses a kubeconfig file as soon as it is there', async () => {
    const kubeconfigPath = join(folder, 'config');
    const transport = transportTo({ source: { kubeconfigPath } });
    await expect(transport.json(version)).rejects.toThrow(`The kubeconfig '${kubeconfigPath}' cannot be read: ENOENT`);
    writeFileSync(kubeconfigPath, api.kubeconfig());
    await expect(transport.json(version)).resolves.toBeDefined();
  });

  it('gives up at the deadline', async () => {
    api.intercept(() => true);
    const late = transportTo().json(version);
    await vi.waitFor(() => expect(api.requests.length).toBe(1));
    clock.advance(9_999);
    clock.advance(1);
    await expect(late).rejects.toThrow("Cluster 'c' did not answer: no answer within 10 s");
    expect(faultOf(await late.catch((error: unknown) => error))).toBe('deadline');
  });

  it('passes the caller’s own going away on, and charges nobody for it', async () => {
    api.intercept(() => true);
    const transport = transportTo();
    for (let turn = 0; turn < 4; turn += 1) {
      const gone = new AbortController();
      const pending = transport.json({ ...version, signal: gone.signal });
      await vi.waitFor(() => expect(api.requests.length).toBe(turn + 1));
      gone.abort(new Error('gone'));
      await expect(pending).rejects.toThrow('gone');
    }
    expect(transport.isReachable).toBe(true);
  });

  it('waits as long as a busy server asks, once', async () => {
    const remove = api.intercept((_request, response) => {
      sendStatus(response, 429, 'TooManyRequests', 'busy', {}, { 'retry-after': '2' });
      return true;
    });
    const answered = transportTo().json(version);
    await vi.waitFor(() => expect(api.requests.length).toBe(1));
    remove();
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(api.requests.length).toBe(2);
    });
    await expect(answered).resolves.toBeDefined();
  });

  it.each([
    ['asks for too long a pause', { 'retry-after': '60' }, {}],
    ['names no pause', {}, {}],
    [
      'says that a budget forbids it',
      { 'retry-after': '1' },
      { causes: [{ reason: 'DisruptionBudget', message: 'no' }] },
    ],
  ])('does not wait where a busy server %s (refused)', async (_name, headers, details) => {
    api.intercept((_request, response) => {
      sendStatus(response, 429, 'TooManyRequests', 'busy', details, headers);
      return true;
    });
    const failure = await transportTo()
      .json(writePod)
      .catch((error: unknown) => error);
    expect(statusOf(failure)).toBe(429);
    expect(api.requests.length).toBe(1);
  });

  it('repeats a read whose connection was closed under it, once', async () => {
    const transport = transportTo();
    let cuts = 1;
    api.intercept((_request, response) => {
      if (cuts === 0) return false;
      cuts -= 1;
      response.socket?.destroy();
      return true;
    });
    await expect(transport.json(version)).resolves.toBeDefined();
    expect(api.requests.length).toBe(2);
    cuts = 2;
    await expect(transport.json(version)).rejects.toThrow('the connection was closed');
  });

  it('does not repeat a write whose connection was closed under it (refused)', async () => {
    api.intercept((_request, response) => {
      response.socket?.destroy();
      return true;
    });
    await expect(transportTo().json(writePod)).rejects.toThrow(UpstreamError);
    expect(api.requests.length).toBe(1);
  });

  it('stops asking after three failures, and only a probe finds out that it is well again', async () => {
    await api.close();
    const transport = transportTo();
    for (let turn = 0; turn < 3; turn += 1)
      await expect(transport.json(version)).rejects.toThrow('the connection was refused');
    await api.listen();
    expect(faultOf(await transport.json(version).catch((error: unknown) => error))).toBe('breaker');
    expect(transport.isReachable).toBe(false);
    clock.advance(30_000);
    expect(faultOf(await transport.json(version).catch((error: unknown) => error))).toBe('breaker');
    expect(api.requests.length).toBe(0);
    await transport.json({ ...version, isProbe: true });
    expect(transport.isReachable).toBe(true);
    await transport.json(version);
  });

  it('goes on asking a cluster of which one node fails for logs and terminals', async () => {
    const transport = transportTo();
    const ofNode = { path: '/api/v1/namespaces/shop/pods/a/log', kind: podKind, isOfNode: true };
    const stop = api.intercept((_request, response) => {
      sendStatus(response, 503, 'ServiceUnavailable', 'the node is away');
      return true;
    });
    for (let turn = 0; turn < 4; turn += 1) await expect(transport.stream(ofNode)).rejects.toThrow(UpstreamError);
    stop();
    await transport.json(version);
    expect(transport.isReachable).toBe(true);
  });

  it('takes no answer over its bound, nor one that is not JSON (refused)', async () => {
    const transport = transportTo({ limits: { maxResponseBytes: 1_000 } });
    let body = JSON.stringify({ text: 'x'.repeat(2_000) });
    api.intercept((_request, response) => {
      response.end(body);
      return true;
    });
    expect(faultOf(await transport.json(version).catch((error: unknown) => error))).toBe('too-large');
    body = '<html>canary-5f1d</html>';
    const failure = await transport.json(version).catch((error: unknown) => error);
    expect(faultOf(failure)).toBe('garbage');
    expect(String(failure)).not.toContain('canary');
  });

  it('acts as the caller only where the cluster impersonates', async () => {
    await transportTo().json({ ...version, principal: admin });
    await transportTo({ identity: 'impersonate' }).json({ ...version, principal: { ...admin, groups: ['a', 'b'] } });
    await transportTo({ identity: 'impersonate' }, { token: 't', as: 'somebody' }).json({
      ...version,
      principal: { ...admin, kind: 'SYSTEM' },
    });
    const [own, caller, system] = api.requests.map(({ rawHeaders }) =>
      rawHeaders.filter((_, index, all) => /^impersonate/i.test(all[index - (index % 2)] ?? '')),
    );
    expect(own).toEqual([]);
    expect(caller).toEqual(['Impersonate-User', 'alice', 'Impersonate-Group', 'a', 'Impersonate-Group', 'b']);
    expect(system).toEqual(['Impersonate-User', 'somebody']);
  });

  it('reserved names never reach the cluster (refused)', async () => {
    const transport = transportTo({ identity: 'impersonate' });
    await expect(transport.json({ ...version, principal: { ...admin, groups: ['system:masters'] } })).rejects.toThrow(
      ForbiddenError,
    );
    expect(api.requests).toEqual([]);
    expect(transport.isReachable).toBe(true);
  });

  it('keeps a silent stream open past every deadline, and ends it without a trace', async () => {
    const transport = transportTo();
    const watch: KubeRequest = { path: '/api/v1/pods', query: { watch: true, resourceVersion: '100' }, kind: podKind };
    const stream = await transport.stream(watch);
    clock.advance(3_600_000);
    expect(api.watches.size).toBe(1);
    stream.close();
    stream.close();
    await vi.waitFor(() => expect(api.watches.size).toBe(0));
    const gone = new AbortController();
    const second = await transport.stream({ ...watch, signal: gone.signal });
    gone.abort();
    await expect(second.body.toArray()).rejects.toThrow();
    const third = await transport.stream(watch);
    await transport.stop();
    await expect(third.body.toArray()).rejects.toThrow();
    await expect(transport.json(version)).rejects.toThrow('the gateway is stopping');
  });

  it('opens no more streams than its bound (refused), and again when one ends', async () => {
    const transport = transportTo({ limits: { streams: 1 } });
    const watch: KubeRequest = { path: '/api/v1/pods', query: { watch: true, resourceVersion: '100' }, kind: podKind };
    const first = await transport.stream(watch);
    await expect(transport.stream(watch)).rejects.toThrow('1 streams are already open');
    first.close();
    await vi.waitFor(async () => (await transport.stream(watch)).close());
  });

  it('reports what a request came to', async () => {
    const request = vi.fn();
    const source = { kubeconfigText: api.kubeconfig() };
    const transport = createTransport({ settings: { name: 'c', source }, clock, metrics: { ...noMetrics, request } });
    transports.push(transport);
    await transport.json(version);
    await expect(transport.json({ path: '/api/v1/nothing', kind: podKind })).rejects.toThrow();
    api.intercept((_request, response) => {
      sendJson(response, 503, {});
      return true;
    });
    await expect(transport.json(version)).rejects.toThrow();
    expect(request.mock.calls.map(([cluster, verb, outcome]) => [cluster, verb, outcome])).toEqual([
      ['c', 'GET', 'ok'],
      ['c', 'GET', '404'],
      ['c', 'GET', '503'],
    ]);
  });
});
