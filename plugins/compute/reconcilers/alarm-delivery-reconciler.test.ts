import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { QueueFence, ReconcileContext } from 'longshore/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgressClient } from '../../../src/kernel/egress-client.ts';
import { silentLogger } from '../../../src/kernel/logger.ts';
import { createManualClock } from '../../../src/kernel/manual-clock.ts';
import { alarmLoopRef } from '../services/alarms/alarm-loop.ts';
import { type AttemptEnd, alarmsServiceRef, type DueDelivery } from '../services/alarms/alarms-service.ts';
import { alarmDeliveryReconciler } from './alarm-delivery-reconciler.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serve(answer: RequestListener = (_request, response) => void response.writeHead(204).end()) {
  const calls: (string | undefined)[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    calls.push(request.method);
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, calls, connections: () => connections };
}

interface World {
  readonly delivery: Partial<DueDelivery>;
  /** What the name `hook.example` resolves to, one look-up after the other. */
  readonly addresses?: string[];
  readonly allow?: readonly string[];
}

async function attempt({ delivery, addresses = ['127.0.0.1'], allow = [] }: World) {
  const clock = createManualClock();
  let lookUps = 0;
  const egress = createEgressClient({
    allow,
    clock,
    resolve: async () => {
      lookUps += 1;
      return [{ address: addresses.shift() ?? '', family: 4 }];
    },
  });
  cleanups.push(() => egress.close());
  const due = { status: 'PENDING', attempts: 0, policyId: 'p', body: '{}', isWaiting: false, ...delivery };
  const ends: AttemptEnd[] = [];
  const services = new Map<string, unknown>([
    [alarmLoopRef.id, { egress }],
    [
      alarmsServiceRef.id,
      {
        delivery: async () => due,
        sign: () => 'sha256=x',
        endAttempt: async (_id: string, end: AttemptEnd) => void ends.push(end),
      },
    ],
  ]);
  const context: ReconcileContext = {
    clock,
    logger: silentLogger,
    signal: AbortSignal.timeout(60_000),
    fence: {} as QueueFence,
    attempt: 1,
    failpoints: { reach: async () => undefined } as never,
    service: (ref) => services.get(ref.id) as never,
  };
  const result = await alarmDeliveryReconciler.reconcile('d', context);
  return { result, end: ends[0], lookUps, nowMs: clock.now() };
}

const inside = 'leads to this machine or an inside network';

describe('alarmDeliveryReconciler', () => {
  it('tells a webhook, by one look-up and at the address that was checked (CMP-64)', async () => {
    const { port, calls } = await serve();
    const url = `http://hook.example:${port}/`;
    // A second look-up would answer with another address, as a name does that is bound anew.
    const { end, lookUps } = await attempt({
      delivery: { url },
      addresses: ['127.0.0.1', '127.0.0.2'],
      allow: ['127.0.0.1'],
    });
    expect({ end, lookUps, calls }).toEqual({
      end: { status: 'DELIVERED', attempts: 1, httpStatus: 204, problem: null, nextAttemptAt: null },
      lookUps: 1,
      calls: ['POST'],
    });
  });

  it.each([
    { name: 'resolves to this machine', url: 'http://hook.example:PORT/', address: '127.0.0.1' },
    { name: 'resolves to metadata', url: 'http://hook.example:PORT/', address: '169.254.169.254' },
    { name: 'resolves to an inside network', url: 'http://hook.example:PORT/', address: '10.0.0.1' },
    { name: 'is an address by itself', url: 'http://127.0.0.1:PORT/', address: '127.0.0.1' },
  ])('calls nothing that $name, and does not try again (refused, CMP-64)', async ({ url, address }) => {
    const server = await serve();
    const delivery = { url: url.replace('PORT', String(server.port)) };
    const { end } = await attempt({ delivery, addresses: [address] });
    expect(end).toMatchObject({
      status: 'FAILED',
      httpStatus: null,
      problem: expect.stringContaining(inside),
      nextAttemptAt: null,
    });
    expect(server.connections()).toBe(0);
  });

  it.each([
    301, 302, 303, 307, 308,
  ])('does not follow a redirect with %s, wherever it leads (refused, CMP-64)', async (status) => {
    const other = await serve();
    const first = await serve((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${other.port}/` }).end();
    });
    const { end } = await attempt({ delivery: { url: `http://127.0.0.1:${first.port}/` }, allow: ['127.0.0.1'] });
    expect(end).toMatchObject({ status: 'PENDING', httpStatus: status, problem: `It answered ${status}` });
    expect(other.connections()).toBe(0);
  });

  it('tries again, later each time, and gives up after eight (CMP-64)', async () => {
    const { port } = await serve((_request, response) => void response.writeHead(500).end('no'));
    const world = (attempts: number): World => ({
      delivery: { url: `http://127.0.0.1:${port}/hook?token=sesame`, attempts },
      allow: ['127.0.0.1'],
    });
    const first = await attempt(world(0));
    expect(first.end).toEqual({
      status: 'PENDING',
      attempts: 1,
      httpStatus: 500,
      problem: 'It answered 500',
      nextAttemptAt: new Date(first.nowMs + 10_000),
    });
    const third = await attempt(world(2));
    expect(third.end?.nextAttemptAt).toEqual(new Date(third.nowMs + 40_000));
    expect((await attempt(world(7))).end).toMatchObject({ status: 'FAILED', attempts: 8, nextAttemptAt: null });
  });

  it('says nothing of path and query of an address that does not answer (CMP-64)', async () => {
    const { end } = await attempt({ delivery: { url: 'http://127.0.0.1:9/hook?token=sesame' }, allow: ['127.0.0.1'] });
    expect(end).toMatchObject({ status: 'PENDING', httpStatus: null, problem: 'http://127.0.0.1:9 cannot be reached' });
  });

  it('ends what was to be told to a webhook that is gone, and waits for what is to be told before (CMP-64)', async () => {
    expect((await attempt({ delivery: { url: null } })).end).toMatchObject({ status: 'FAILED', attempts: 0 });
    expect((await attempt({ delivery: { url: 'http://hook.example/', isWaiting: true } })).end).toBeUndefined();
    expect((await attempt({ delivery: { status: 'DELIVERED' } })).end).toBeUndefined();
  });
});
