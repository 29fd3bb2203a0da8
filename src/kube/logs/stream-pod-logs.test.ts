import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForbiddenError, NotFoundError, PreconditionError, UpstreamError } from '../../kernel/answer-error.ts';
import type { PodLogLine, PodLogRequest } from '../pod-logs.ts';
import { type FakeApi, type RecordedRequest, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { admin, advanceUntil, connect, pod, type TestCluster } from '../testing/test-cluster.ts';

let api: FakeApi;
/** Log streams that are open, newest last. */
let open: { readonly request: RecordedRequest; readonly response: ServerResponse }[];
beforeEach(async () => {
  api = await startFakeApi();
  open = [];
  runs('c-1');
  api.intercept((request, response) => {
    if (!request.path.endsWith('/log')) return false;
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
    open.push({ request, response });
    return true;
  });
});
afterEach(() => api.stop());

function runs(containerID: string, state: object = { running: {} }, restartCount = 0): void {
  api.store.put(
    'pods',
    pod('web', 'shop', { status: { containerStatuses: [{ name: 'app', containerID, restartCount, state }] } }),
  );
}

const base: PodLogRequest = { namespace: 'shop', pod: 'web', follow: true };
const at = (second: number, text: string, fraction = '') =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}${fraction}Z ${text}\n`;

function start(test: TestCluster, request: Partial<PodLogRequest> = {}) {
  const gone = new AbortController();
  const lines: PodLogLine[] = [];
  const state = {
    lines,
    gone,
    texts: () => lines.map(({ text }) => text),
    ended: undefined as Promise<string> | undefined,
    result: '',
  };
  const run = async () => {
    try {
      for await (const line of test.cluster.podLogs({ ...base, ...request }, gone.signal)) lines.push(line);
      return 'ended';
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : 'odd';
    }
  };
  state.ended = run().then((result) => (state.result = result));
  return state;
}

async function stream(index: number): Promise<ServerResponse> {
  await vi.waitFor(() => expect(open.length).toBeGreaterThan(index));
  const found = open[index];
  if (found === undefined) throw new Error('no stream');
  return found.response;
}

const cut = (response: ServerResponse) => response.socket?.resetAndDestroy();
const streamThere = (count: number) => () => open.length === count;

describe('podLogs', () => {
  it('gives the lines of a container to its end', async () => {
    await using test = connect(api);
    const log = start(test, {
      follow: false,
      container: 'app',
      previous: true,
      tailLines: 10,
      sinceTime: '2026-01-01T00:00:00Z',
    });
    const response = await stream(0);
    response.write(at(1, 'one', '.5'));
    response.write(at(2, 'two\r').slice(0, 15));
    response.write(at(2, 'two\r').slice(15));
    response.write(at(3, ''));
    response.end('2026-01-01T00:00:04Z last without a break');
    expect(await log.ended).toBe('ended');
    expect(log.lines).toEqual([
      { time: '2026-01-01T00:00:01.5Z', text: 'one', isCut: false },
      { time: '2026-01-01T00:00:02Z', text: 'two', isCut: false },
      { time: '2026-01-01T00:00:03Z', text: '', isCut: false },
      { time: '2026-01-01T00:00:04Z', text: 'last without a break', isCut: false },
    ]);
    expect(Object.fromEntries(open[0]?.request.query ?? [])).toEqual({
      container: 'app',
      previous: 'true',
      tailLines: '10',
      timestamps: 'true',
      sinceTime: '2026-01-01T00:00:00Z',
    });
  });

  it('cuts a line at 256 KiB and goes on', async () => {
    await using test = connect(api);
    const log = start(test, { follow: false });
    const response = await stream(0);
    response.write(at(1, 'x'.repeat(300_000)));
    response.end(at(2, 'next'));
    await log.ended;
    expect(log.lines.map(({ text, isCut }) => [text.length, isCut])).toEqual([
      [256 * 1024 - '2026-01-01T00:00:01Z '.length, true],
      [4, false],
    ]);
  });

  it('gives the runtime’s own words a time', async () => {
    await using test = connect(api);
    const log = start(test, { follow: false });
    const response = await stream(0);
    response.write(at(1, 'one'));
    response.end('unable to retrieve container logs\n');
    await log.ended;
    expect(log.lines[1]).toEqual({
      time: '2026-01-01T00:00:01Z',
      text: 'unable to retrieve container logs',
      isCut: false,
    });
  });

  it('goes on after a cut where it stopped, without lines twice and without losing one', async () => {
    await using test = connect(api);
    const log = start(test);
    const first = await stream(0);
    for (const line of [
      at(1, 'one'),
      at(2, 'same'),
      at(2, 'same'),
      at(2, 'two', '.25'),
      '2026-01-01T00:00:02.5Z half a l',
    ])
      first.write(line);
    await vi.waitFor(() => expect(log.lines.length).toBe(4));
    cut(first);
    await advanceUntil(test, streamThere(2));
    expect(open[1]?.request.query.get('sinceTime')).toBe('2026-01-01T00:00:02.25Z');
    expect(open[1]?.request.query.has('tailLines')).toBe(false);
    const second = await stream(1);
    second.write(
      at(1, 'one') +
        at(2, 'same') +
        at(2, 'same') +
        at(2, 'same') +
        at(2, 'two', '.25') +
        at(2, 'half a line', '.5') +
        at(3, 'three'),
    );
    await vi.waitFor(() => expect(log.texts().at(-1)).toBe('three'));
    cut(second);
    await advanceUntil(test, streamThere(3));
    (await stream(2)).write(at(3, 'three') + at(4, 'four'));
    await vi.waitFor(() =>
      expect(log.texts()).toEqual(['one', 'same', 'same', 'two', 'same', 'half a line', 'three', 'four']),
    );
    log.gone.abort();
    expect(await log.ended).toBe('ended');
  });

  it('says what may be missing where what was read last is gone when it comes back (P10)', async () => {
    await using test = connect(api);
    const log = start(test);
    const first = await stream(0);
    first.write(at(1, 'one') + at(2, 'two'));
    await vi.waitFor(() => expect(log.lines.length).toBe(2));
    cut(first);
    await advanceUntil(test, streamThere(2));
    (await stream(1)).write(at(5, 'five') + at(6, 'six'));
    await vi.waitFor(() => expect(log.texts()).toEqual(['one', 'two', 'five', 'six']));
    expect(log.lines.map(({ missingSince }) => missingSince)).toEqual([
      undefined,
      undefined,
      '2026-01-01T00:00:02Z',
      undefined,
    ]);
    log.gone.abort();
    await log.ended;
  });

  it('goes on after a clean end while the container runs on, e.g. when its log was rotated', async () => {
    await using test = connect(api);
    const log = start(test);
    (await stream(0)).end(`${at(1, 'one')}2026-01-01T00:00:02Z tw`);
    await advanceUntil(test, streamThere(2));
    (await stream(1)).write(at(2, 'two'));
    await vi.waitFor(() => expect(log.texts()).toEqual(['one', 'two']));
    log.gone.abort();
    await log.ended;
  });

  it.each([
    ['ended', () => runs('c-1', { terminated: {} })],
    ['was restarted', () => runs('c-2', { running: {} }, 1)],
    ['is gone with its pod', () => api.store.remove('pods', 'shop', 'web')],
  ])('ends when the container %s', async (_name, happen) => {
    await using test = connect(api);
    const log = start(test);
    const response = await stream(0);
    response.write(at(1, 'one'));
    await vi.waitFor(() => expect(log.lines.length).toBe(1));
    happen();
    response.end('2026-01-01T00:00:02Z last');
    await advanceUntil(test, () => log.result !== '');
    expect(log.result).toBe('ended');
    expect(log.texts()).toEqual(['one', 'last']);
    expect(open.length).toBe(1);
  });

  it('comes back after the cluster was away', async () => {
    await using test = connect(api);
    const log = start(test);
    (await stream(0)).write(at(1, 'one'));
    await vi.waitFor(() => expect(log.lines.length).toBe(1));
    await api.close();
    test.clock.advance(5_000);
    await api.listen();
    await advanceUntil(test, streamThere(2));
    log.gone.abort();
    await log.ended;
  });

  it('tells a failure from an end: what is given up is thrown (refused)', async () => {
    await using test = connect(api);
    const log = start(test, { follow: false });
    const response = await stream(0);
    response.write(at(1, 'one'));
    await vi.waitFor(() => expect(log.lines.length).toBe(1));
    cut(response);
    expect(await log.ended).toBe("UpstreamError: The log of pod 'shop/web' was cut off.");
    const followed = start(test);
    await stream(1);
    await api.close();
    await advanceUntil(test, () => followed.result !== '', 5_000);
    expect(followed.result).toContain('UpstreamError');
  });

  it.each([
    ['a pod that is not there', 404, 'pods "web" not found', NotFoundError],
    ['a pod that may not be read', 403, 'pods/log is forbidden', ForbiddenError],
    [
      'a container that has not started',
      400,
      'container "app" is waiting to start: ContainerCreating',
      PreconditionError,
    ],
    ['a kubelet that does not answer', 502, 'dial tcp', UpstreamError],
  ])('%s (refused)', async (_name, status, message, error) => {
    api.intercept(({ path }, response) => {
      if (!path.endsWith('/log')) return false;
      sendStatus(response, status, '', message, { name: 'web' });
      return true;
    });
    await using test = connect(api);
    const log = test.cluster.podLogs({ ...base, follow: false }, new AbortController().signal);
    await expect(async () => {
      for await (const _line of log) throw new Error('there is no line');
    }).rejects.toThrow(error);
  });

  it('reads no faster than its lines are taken', async () => {
    await using test = connect(api);
    const gone = new AbortController();
    const iterator = test.cluster.podLogs({ ...base, follow: true }, gone.signal)[Symbol.asyncIterator]();
    const first = iterator.next();
    const response = await stream(0);
    response.write(at(1, 'one'));
    await first;
    let isFull = false;
    for (let index = 0; index < 2_000 && !isFull; index += 1) {
      if (!response.write(at(2, 'y'.repeat(16_000)))) await new Promise((resolve) => setTimeout(resolve, 1));
      isFull = response.writableLength > 4_000_000;
    }
    expect(isFull).toBe(true);
    await iterator.return?.();
    await vi.waitFor(() => expect(response.destroyed).toBe(true));
  });

  it('closes the stream when it is no longer read, in whatever way', async () => {
    await using test = connect(api);
    const early = start(test);
    early.gone.abort();
    expect(await early.ended).toBe('ended');
    const waiting = start(test);
    const response = await stream(open.length);
    waiting.gone.abort();
    expect(await waiting.ended).toBe('ended');
    await vi.waitFor(() => expect(response.destroyed).toBe(true));
    const pausing = start(test);
    cut(await stream(open.length));
    await vi.waitFor(() => expect(test.pending).toBe(0));
    pausing.gone.abort();
    expect(await pausing.ended).toBe('ended');
  });

  it('is shown as the caller where the cluster impersonates, and to nobody else (refused)', async () => {
    await using test = connect(api, { settings: { identity: 'impersonate' } });
    const log = start(test, { principal: admin });
    await stream(0);
    expect(open[0]?.request.headers['impersonate-user']).toBe('alice');
    log.gone.abort();
    await log.ended;
    expect(await start(test).ended).toContain('ForbiddenError');
  });
});
