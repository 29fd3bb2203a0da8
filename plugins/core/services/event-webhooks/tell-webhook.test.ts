import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type EgressRequest,
  type LeasedLoopContext,
  RequestError,
  type StandingMessage,
  ValidationError,
} from 'longshore/sdk';
import { createManualClock } from 'longshore/testing';
import { describe, expect, it } from 'vitest';
import { type EventWebhook, idOfEventWebhook } from './event-webhooks.ts';
import type { EventWebhookProgress } from './event-webhooks-service.ts';
import { type RunEnd, tellWebhook } from './tell-webhook.ts';
import type { WebhookDesk } from './webhook-desk.ts';

const uuid = '7b0f1c3e-0000-4000-8000-000000000000';
const webhook: EventWebhook = {
  ...{
    uuid,
    nodeTypeName: 'EventWebhook',
    id: idOfEventWebhook(uuid),
    displayName: 'hook',
    url: 'https://hooks.example.com/x',
  },
  ...{
    subscription: 'subscription { things { type } }',
    variables: {},
    ownerId: 'ann',
    ownerName: 'Ann',
    impersonatedBy: null,
  },
  ...{ isPaused: false, stoppedReason: null, problem: null, httpStatus: null, failingSince: null, position: 'c0' },
  ...{
    resyncedAt: null,
    resyncReason: null,
    delivered: 0,
    deliveredAt: null,
    secretGeneration: 1,
    secretRotatedAt: null,
  },
  ...{ version: 1, createdAt: new Date(0) },
};

interface Asked {
  readonly id: string;
  readonly atMs: number;
}

/** A run over a stream, a receiver and a database that the test holds in its hands, on a clock that it moves. */
function start(given: {
  readonly answer: (event: { subject: string }, ask: number) => number;
  readonly row?: Partial<EventWebhook>;
  readonly policy?: Partial<WebhookDesk['policy']>;
}) {
  const clock = createManualClock();
  const queue: StandingMessage[] = [];
  let arrive = () => {};
  let fail: Error | undefined;
  const asked: Asked[] = [];
  const commits: EventWebhookProgress[] = [];
  const opened: (string | undefined)[] = [];
  let rights = 'all';
  let isOwnerThere = true;
  const row = { ...webhook, ...given.row };
  const over = new AbortController();
  const dead = { count: 0 };

  async function* stream(signal: AbortSignal): AsyncGenerator<StandingMessage> {
    while (!signal.aborted) {
      const message = queue.shift();
      if (message) yield message;
      else if (fail) throw fail;
      else
        await new Promise<void>((resolve) => {
          arrive = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }
  const contextFor = (_principal: unknown, _id: string, signal: AbortSignal) => ({
    access: { canonical: rights },
    clusters: { get: () => undefined },
    signal,
    fork: () => contextFor(_principal, _id, signal),
  });
  const desk = {
    webhooks: {
      webhooksById: async () => [row],
      wantedLetters: async () => [],
      advance: async (_webhook: unknown, progress: EventWebhookProgress) => {
        commits.push(progress);
        return true;
      },
    },
    database: { onSignal: () => () => {}, onSignalGap: () => () => {} },
    users: { actingAs: () => (isOwnerThere ? { id: 'ann' } : undefined) },
    contextFor,
    subscriptions: {
      check: () => ({ name: 'things', itemType: 'Thing' }),
      open: async (_subscription: unknown, after: string | undefined, { signal }: { signal: AbortSignal }) => {
        opened.push(after);
        return stream(signal);
      },
    },
    egress: {
      request: async ({ body = '' }: EgressRequest) => {
        const event = JSON.parse(String(body)) as { id: string; subject: string };
        asked.push({ id: event.subject, atMs: clock.now() });
        const status = given.answer(event, asked.length);
        if (status === 0) throw new ValidationError([{ path: [], message: 'leads inside', code: 'address_refused' }]);
        return { status, headers: {}, body: new Uint8Array(), url: '' };
      },
    },
    keys: { derive: () => new Uint8Array(32) },
    meters: { told() {}, failed() {}, dead: () => (dead.count += 1), lag() {}, leave() {} },
    policy: { maxAttempts: 3, stopAfterMs: 3_600_000, overlapMs: 0, ...given.policy },
  } as unknown as WebhookDesk;
  const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
  const context = {
    clock,
    logger,
    signal: over.signal,
    failpoints: { reach() {}, arm: () => () => {} },
    fence: { kind: 'lease', name: 'x', number: 1 },
    service: () => undefined,
  } as unknown as LeasedLoopContext;
  let ended: RunEnd | undefined;
  const done = tellWebhook(row, desk, context, new Map()).then((how) => {
    ended = how;
  });
  let places = 0;
  return {
    asked,
    commits,
    opened,
    dead,
    get ended() {
      return ended;
    },
    tell(...subjects: string[]) {
      for (const itemId of subjects) {
        places += 1;
        const cursor = `c${places}`;
        queue.push({ type: 'MODIFIED', cursor, reason: undefined, itemId, result: { data: { n: places } } });
      }
      arrive();
    },
    breakStream(error: Error) {
      fail = error;
      arrive();
    },
    lose: (what: 'rights' | 'owner') => {
      if (what === 'rights') rights = 'fewer';
      else isOwnerThere = false;
    },
    /** Moves the clock in steps, so that what each step sets off happens at its time. */
    async pass(ms: number, stepMs = 250) {
      for (let left = ms; left > 0 && ended === undefined; left -= stepMs) {
        clock.advance(stepMs);
        for (let turn = 0; turn < 6; turn += 1) await nextTurn();
      }
    },
    async stop() {
      over.abort();
      await this.pass(2_000);
      await done;
    },
  };
}

const positionOf = (run: { readonly commits: readonly EventWebhookProgress[] }) => run.commits.at(-1)?.position;

describe('telling a webhook', () => {
  it('goes on behind its place, and moves it only past what was told (P4)', async () => {
    const run = start({ answer: () => 204 });
    run.tell('a', 'b', 'a');
    await run.pass(1_000);
    expect(run.opened).toEqual(['c0']);
    expect(run.asked.map(({ id }) => id)).toEqual(['a', 'b', 'a']);
    expect(positionOf(run)).toBe('c3');
    await run.stop();
  });

  it('holds its place at an event that is refused, tells others, and passes it as a dead letter after so many attempts (CORE-41)', async () => {
    const run = start({ answer: ({ subject }) => (subject === 'bad' ? 500 : 204) });
    run.tell('good', 'bad', 'good', 'bad', 'other');
    await run.pass(500);
    expect(run.asked.filter(({ id }) => id !== 'bad').map(({ id }) => id)).toEqual(['good', 'good', 'other']);
    expect(positionOf(run)).toBe('c1');
    await run.pass(20_000);
    expect(run.asked.filter(({ id }) => id === 'bad')).toHaveLength(6);
    expect(run.dead.count).toBe(2);
    const letters = run.commits.flatMap(({ dead }) => dead);
    expect(letters).toMatchObject([
      { subject: 'bad', after: 'c1', attempts: 3, httpStatus: 500, rights: 'all' },
      { subject: 'bad', after: 'c3', attempts: 3 },
    ]);
    // Each stands beside the place that passes it.
    const passing = run.commits.find(({ dead }) => dead.length > 0);
    expect(passing?.position).toBe('c3');
    expect(positionOf(run)).toBe('c5');
    await run.stop();
  });

  it('asks a receiver that is away one thing at a time, gives nothing up for it, and stops when that lasts (CORE-41)', async () => {
    const run = start({ answer: () => 503, policy: { stopAfterMs: 600_000 } });
    run.tell('a', 'b', 'c', 'd');
    await run.pass(700_000, 500);
    expect(run.ended).toEqual({ kind: 'stopped', reason: 'RECEIVER_DOWN' });
    expect(run.dead.count).toBe(0);
    expect(run.asked.length).toBeLessThan(25);
    expect(run.commits.at(-1)).toMatchObject({ stoppedReason: 'RECEIVER_DOWN', position: 'c0', httpStatus: 503 });
    await run.stop();
  });

  it.each([
    [410, 'GONE'],
    [0, 'ADDRESS_REFUSED'],
  ])('stops at once where the answer is %d (0: the address leads inside by now): %s (P26)', async (status, reason) => {
    const run = start({ answer: () => status });
    run.tell('a', 'b');
    await run.pass(3_000);
    expect(run.ended).toEqual({ kind: 'stopped', reason });
    expect(run.commits.at(-1)).toMatchObject({ stoppedReason: reason, position: 'c0', dead: [] });
    await run.stop();
  });

  it('does not let an event that its receiver dies of be all that it is asked (CORE-41)', async () => {
    const run = start({ answer: ({ subject }) => (subject === 'poison' ? 504 : 204) });
    run.tell('poison', 'a', 'b');
    await run.pass(2_000);
    run.tell('c', 'd');
    await run.pass(4_000);
    run.tell('e');
    await run.pass(30_000);
    expect(
      run.asked
        .filter(({ id }) => id !== 'poison')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e']);
    await run.stop();
  });

  it('waits with reading where too much waits to be told, and gives up what holds it up (NFR-07)', async () => {
    const run = start({ answer: ({ subject }) => (subject === 'bad' ? 400 : 204) });
    run.tell('bad', ...Array.from({ length: 1_500 }, (_, index) => `thing-${index}`));
    await run.pass(750);
    const early = run.asked.filter(({ id }) => id !== 'bad').length;
    expect(early).toBeLessThan(1_000);
    await run.pass(120_000, 1_000);
    expect(new Set(run.asked.map(({ id }) => id)).size).toBe(1_501);
    expect(positionOf(run)).toBe('c1501');
    await run.stop();
  });

  it.each([
    ['their rights are others now: the stream is read anew', 'rights', { kind: 'anew' }],
    ['they are gone: it stops', 'owner', { kind: 'stopped', reason: 'OWNER_GONE' }],
  ] as const)('tells nothing once of its owner is known that %s (P22)', async (_name, what, how) => {
    const run = start({ answer: () => 204 });
    run.tell('a');
    await run.pass(500);
    run.lose(what);
    run.tell('b');
    await run.pass(6_000);
    expect(run.asked.map(({ id }) => id)).toEqual(['a']);
    expect(run.ended).toEqual(how);
    expect(positionOf(run)).toBe('c1');
    await run.stop();
  });

  it.each([
    ['FORBIDDEN', { kind: 'stopped', reason: 'FORBIDDEN' }],
    ['GRAPHQL_VALIDATION_FAILED', { kind: 'stopped', reason: 'SUBSCRIPTION_INVALID' }],
    ['UPSTREAM_UNAVAILABLE', { kind: 'later' }],
    ['INTERNAL', { kind: 'later' }],
  ] as const)('ends where its stream breaks with %s', async (code, how) => {
    const run = start({ answer: () => 204 });
    run.breakStream(new RequestError(code, 'no'));
    await run.pass(2_000);
    expect(run.ended).toEqual(how);
    await run.stop();
  });
});
