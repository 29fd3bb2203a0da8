import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../embedded/start-embedded-cluster.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { writableConfigMaps } from '../random-writer.ts';
import { runClockUntil } from '../run-clock-until.ts';
import { type CutMode, cutModes } from './cut-modes.ts';
import type { LineConditions } from './shaper.ts';
import { type FaultProxy, type FaultProxyOptions, startFaultProxy } from './start-fault-proxy.ts';

const path = '/api/v1/namespaces/default/configmaps';

let cluster: EmbeddedCluster;
let proxy: FaultProxy;
let agent: Agent;
beforeAll(async () => {
  cluster = await startEmbeddedCluster({ controllers: false });
});
afterAll(() => cluster.stop());
afterEach(async () => {
  await agent.destroy();
  await proxy.stop();
});

async function start(options: Partial<FaultProxyOptions> = {}): Promise<void> {
  const { url: target, caCertificate } = cluster;
  agent = new Agent({ connect: { ca: caCertificate } });
  proxy = await startFaultProxy({ target, caCertificate, ...options });
}

const ask = (query = '') =>
  request(`${proxy.url}${path}${query}`, {
    dispatcher: agent,
    headers: { authorization: `Bearer ${cluster.token}` },
  });

interface Heard {
  /** Lines that arrived whole. */
  readonly lines: string[];
  rest: string;
  /** How the watch ended. */
  end: 'open' | 'ended' | 'cut';
}

async function watch(): Promise<Heard> {
  const { resourceVersion } = cluster.store;
  const { body } = await ask(`?watch=true&resourceVersion=${resourceVersion}`);
  const heard: Heard = { lines: [], rest: '', end: 'open' };
  body.on('data', (chunk: Buffer) => {
    const lines = (heard.rest + chunk.toString()).split('\n');
    heard.rest = lines.pop() ?? '';
    heard.lines.push(...lines);
  });
  body.on('end', () => {
    heard.end = 'ended';
  });
  body.on('error', () => {
    heard.end = 'cut';
  });
  return heard;
}

let names = 0;
/** A change that a watch hears of. */
function change(): string {
  const name = `faulty-${++names}`;
  const created = writableConfigMaps(cluster, 'default').create(name, names);
  if (created instanceof Promise) throw new Error('the embedded cluster is written without waiting');
  return name;
}

const heardNames = ({ lines }: Heard) =>
  lines.map((line) => (JSON.parse(line) as { object: { metadata?: { name: string } } }).object.metadata?.name);

describe('a proxy that understands requests', () => {
  it('passes requests, refusals and watches on as they are', async () => {
    await start();
    const direct = await request(`${cluster.url}${path}`, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${cluster.token}` },
    });
    const passed = await ask();
    expect([passed.statusCode, await passed.body.json()]).toEqual([200, await direct.body.json()]);
    expect((await request(`${proxy.url}/api/v1/nothing`)).statusCode).toBe(401);
    const heard = await watch();
    const name = change();
    await vi.waitFor(() => expect(heardNames(heard)).toEqual([name]));
    expect([proxy.watches(), proxy.watches('configmaps'), proxy.watches('pods')]).toEqual([1, 1, 0]);
  });

  it.each<{ mode: CutMode; end: Heard['end']; next?: number }>([
    { mode: 'reset', end: 'cut' },
    { mode: 'close', end: 'ended' },
    { mode: 'gone-at-connect', end: 'cut', next: 410 },
    { mode: 'gone-frame', end: 'ended' },
    { mode: 'throttled', end: 'cut', next: 429 },
    { mode: 'relist-fails', end: 'ended' },
  ])('ends a watch by $mode', async ({ mode, end, next = 200 }) => {
    await start();
    const heard = await watch();
    expect(proxy.cut(mode)).toBe(1);
    await vi.waitFor(() => expect(heard.end).toBe(end));
    const isGone = heard.lines.some((line) => line.includes('"code":410'));
    expect(isGone).toBe(mode === 'gone-frame' || mode === 'relist-fails');
    const again = await ask(`?watch=true&resourceVersion=${cluster.store.resourceVersion}`);
    expect(again.statusCode).toBe(next);
    expect(again.headers['retry-after']).toBe(next === 429 ? '1' : undefined);
    expect((await ask()).statusCode).toBe(mode === 'relist-fails' ? 500 : 200);
    expect(proxy.done.get(mode)).toBe(1);
  });

  it('lets a watch go silent without a word', async () => {
    await start();
    const heard = await watch();
    proxy.cut('black-hole');
    change();
    const another = await watch();
    const name = change();
    await vi.waitFor(() => expect(heardNames(another)).toEqual([name]));
    expect([heard.lines, heard.end]).toEqual([[], 'open']);
  });

  it('sends frames again, the newest or an old one', async () => {
    await start();
    const heard = await watch();
    const [first, second] = [change(), change()];
    await vi.waitFor(() => expect(heard.lines.length).toBe(2));
    proxy.cut('duplicate-frame');
    proxy.cut('version-back');
    await vi.waitFor(() => expect(heardNames(heard)).toEqual([first, second, second, first]));
  });

  it('cuts a line in the middle', async () => {
    await start();
    const heard = await watch();
    proxy.cut('half-line');
    change();
    await vi.waitFor(() => expect(heard.end).toBe('cut'));
    expect(heard.lines).toEqual([]);
    expect(heard.rest).toMatch(/^\{"type":"ADDED"/);
  });

  it('makes one object 2 MB larger, and changes nothing else of it', async () => {
    await start();
    const heard = await watch();
    proxy.cut('huge-object');
    const names = [change(), change()];
    await vi.waitFor(() => expect(heardNames(heard)).toEqual(names));
    expect(heard.lines.map((line) => line.length > 2_000_000)).toEqual([true, false]);
  });

  it('lets something happen between a list and the watch behind it', async () => {
    await start();
    await watch();
    let isBetween = false;
    proxy.cut('deleted-before-watch', {
      between() {
        isBetween = true;
      },
    });
    await (await ask()).body.dump();
    expect(isBetween).toBe(false);
    await watch();
    expect(isBetween).toBe(true);
  });

  it('carries out nothing where there is nothing to do it with (refused)', async () => {
    await start();
    for (const mode of cutModes) expect(proxy.cut(mode)).toBe(0);
    await watch();
    expect(proxy.cut('duplicate-frame')).toBe(0);
    expect(proxy.cut('reset', { resource: 'pods' })).toBe(0);
    expect(proxy.done.size).toBe(0);
  });

  it('delays and slows by its clock', async () => {
    const clock = createManualClock();
    await start({ clock });
    /** How long an answer takes, by the clock. */
    const timeOf = async (network: LineConditions): Promise<{ readonly ms: number; readonly length: number }> => {
      proxy.network = network;
      const startedAt = clock.now();
      let answer: string | undefined;
      const asked = ask().then(async ({ body }) => {
        answer = await body.text();
      });
      await runClockUntil(clock, () => answer !== undefined, { stepMs: 100, isBusy: () => proxy.pending > 0 });
      await asked;
      return { ms: clock.now() - startedAt, length: answer?.length ?? 0 };
    };
    const late = await timeOf({ latencyMs: 2_000 });
    expect(late.ms).toBeGreaterThanOrEqual(2_000);
    const slow = await timeOf({ bytesPerSecond: late.length / 10 });
    expect(slow.ms).toBeGreaterThanOrEqual(9_900);
    expect((await timeOf({})).ms).toBeLessThan(2_000);
  });
});

describe.each(['requests', 'bytes'] as const)('a proxy that understands %s', (wire) => {
  it('answers nobody while it drops, and afterwards goes on', async () => {
    await start({ wire });
    expect((await ask()).statusCode).toBe(200);
    proxy.drop();
    const socket: Socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const heard: string[] = [];
    socket.on('data', (data) => heard.push(String(data)));
    socket.on('error', () => heard.push('reset'));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const stuck = ask().then(
      () => 'answered',
      () => 'cut',
    );
    // Time enough for what is answered: the same cluster answers by itself.
    await request(`${cluster.url}${path}`, {
      dispatcher: agent,
      headers: { authorization: `Bearer ${cluster.token}` },
    }).then(({ body }) => body.dump());
    expect(heard).toEqual([]);
    proxy.restore();
    await vi.waitFor(() => expect(heard).toEqual(['reset']));
    expect(await stuck).toBe('cut');
    expect((await ask()).statusCode).toBe(200);
  });

  it('resets everybody', async () => {
    await start({ wire });
    const heard = await watch();
    proxy.sever();
    await vi.waitFor(() => expect(heard.end).toBe('cut'));
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
  });

  it('has a kubeconfig that leads through it', async () => {
    await start({ wire });
    const { clusters } = JSON.parse(proxy.kubeconfig('here', 'secret'));
    expect(clusters[0].cluster.server).toBe(proxy.url);
    expect(proxy.url).toMatch(wire === 'bytes' ? /^https:/ : /^http:/);
  });
});

describe('a proxy that understands bytes', () => {
  it('leaves TLS between the two ends, and knows of no watches (refused)', async () => {
    await start({ wire: 'bytes' });
    const heard = await watch();
    const name = change();
    await vi.waitFor(() => expect(heardNames(heard)).toEqual([name]));
    expect(() => proxy.cut('reset')).toThrow('cannot tell what a watch is');
  });
});
