import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { CutMode } from './cut-modes.ts';
import type { Link } from './link.ts';
import { createPlannedAnswers, type RelayedRequest } from './planned-answers.ts';
import { relayBytes } from './relay-bytes.ts';
import { createRequestRelay } from './relay-requests.ts';
import type { LineConditions } from './shaper.ts';

export interface FaultProxyOptions {
  /** Where it leads: the URL of a cluster (`https:` or `http:`), or of anything else that speaks TCP. */
  readonly target: string;
  /** PEM of the authority behind an `https:` target. */
  readonly caCertificate?: string;
  /**
   * What the proxy understands. `requests`, the default: HTTP/1.1, in plain text towards the client and in TLS towards an
   * `https:` target, which every fault needs that looks into answers. `bytes`: nothing; TLS passes through untouched, and of
   * the faults there are `network`, `drop` and `sever`.
   */
  readonly wire?: 'requests' | 'bytes';
  /** Measures latency and bandwidth; the system's unless said otherwise. */
  readonly clock?: Clock;
}

export interface CutOptions {
  /** Only watches of this plural, e.g. `pods`; all unless said otherwise. */
  readonly resource?: string;
  /** For `deleted-before-watch`: what happens in the cluster between the list and the watch behind it. */
  readonly between?: () => void | Promise<void>;
}

/** A way to a cluster on which everything can go wrong. Listens on 127.0.0.1. */
export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`; `https:` where the wire is `bytes` and the target is. */
  readonly url: string;
  /** How the line behaves that is whole; assign to change it, for bytes that come in from then on. */
  network: LineConditions;
  /** Connections of clients that are open. */
  readonly connections: number;
  /** Connections that were ever accepted, dropped ones too. */
  readonly accepted: number;
  /** Requests that the target has not begun to answer; 0 where the wire is `bytes`. */
  readonly pending: number;
  /** Open watches of a plural, or of all. */
  watches(resource?: string): number;
  /**
   * Breaks the open watches in one of twelve ways (`cutModes`) and answers how many that concerns. Throws where the wire
   * is `bytes`.
   */
  cut(mode: CutMode, options?: CutOptions): number;
  /** How often each fault was carried out: some wait for the next frame or the next request. */
  readonly done: ReadonlyMap<CutMode, number>;
  /** As a firewall that drops packets: open connections go silent, new ones are never answered. */
  drop(): void;
  /** Ends that. What was silent is reset, as by a firewall that has forgotten it. */
  restore(): void;
  /** Resets every connection. */
  sever(): void;
  /** A kubeconfig of one context that leads through the proxy, as JSON. */
  kubeconfig(name: string, token: string): string;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port. Dispose of it, or call `stop`. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { wire = 'requests', clock = systemClock, caCertificate } = options;
  const target = new URL(options.target);
  const links = new Set<Link>();
  const done = new Map<CutMode, number>();
  const planned = createPlannedAnswers();
  const interludes: { readonly resource: string; readonly run: () => void | Promise<void> }[] = [];
  let isDropping = false;
  let accepted = 0;
  const relay = createRequestRelay({
    target,
    caCertificate,
    clock,
    conditions: () => proxy.network,
    answer: planned.answer,
    before: playInterludes,
  });

  const server = createServer((socket) => {
    const link: Link = { socket, isSilent: isDropping };
    links.add(link);
    accepted += 1;
    socket.on('error', () => {});
    socket.once('close', () => links.delete(link));
    if (isDropping) socket.pause();
    else if (wire === 'bytes') relayBytes(link, { target, clock, conditions: () => proxy.network });
    else relay.accept(link);
  });

  async function playInterludes(request: RelayedRequest): Promise<void> {
    if (!request.isWatch) return;
    for (const interlude of [...interludes]) {
      if (interlude.resource !== request.resource) continue;
      interludes.splice(interludes.indexOf(interlude), 1);
      await interlude.run();
    }
  }

  function count(mode: CutMode): () => void {
    return () => done.set(mode, (done.get(mode) ?? 0) + 1);
  }

  /** What follows the cut itself, where something does. */
  function plan(mode: CutMode, resource: string, between: CutOptions['between']): void {
    const onDone = count(mode);
    const silently = () => {};
    if (mode === 'gone-at-connect') planned.add({ resource, isWatch: true, status: 410, onDone });
    if (mode === 'throttled') {
      planned.add({ resource, isWatch: true, status: 429, onDone });
      planned.add({ resource, isWatch: true, status: 429, onDone: silently });
    }
    if (mode === 'relist-fails') {
      planned.add({ resource, isWatch: false, status: 500, onDone });
      planned.add({ resource, isWatch: false, status: 500, onDone: silently });
    }
    if (mode === 'deleted-before-watch') {
      interludes.push({
        resource,
        async run() {
          await between?.();
          onDone();
        },
      });
    }
  }

  const proxy: FaultProxy = {
    network: {},
    get url() {
      const protocol = wire === 'bytes' ? target.protocol : 'http:';
      return `${protocol}//127.0.0.1:${(server.address() as AddressInfo | null)?.port ?? 0}`;
    },
    get connections() {
      return links.size;
    },
    get accepted() {
      return accepted;
    },
    get pending() {
      return relay.pending;
    },
    watches: (resource) => [...relay.watches].filter((watch) => isOf(watch, resource)).length,
    cut(mode, { resource, between } = {}) {
      if (wire === 'bytes') throw new Error('A proxy that passes bytes cannot tell what a watch is.');
      const hit = [...relay.watches].filter((watch) => isOf(watch, resource) && watch.cut(mode, count(mode)));
      for (const plural of new Set(hit.map((watch) => watch.resource))) plan(mode, plural, between);
      return hit.length;
    },
    done,
    drop() {
      isDropping = true;
      for (const link of links) link.isSilent = true;
    },
    restore() {
      isDropping = false;
      for (const { socket, isSilent } of links) if (isSilent) socket.resetAndDestroy();
    },
    sever() {
      for (const { socket } of links) socket.resetAndDestroy();
    },
    kubeconfig: (name, token) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': name,
        clusters: [
          {
            name: 'proxy',
            cluster: {
              server: proxy.url,
              ...(wire === 'bytes' && caCertificate !== undefined
                ? { 'certificate-authority-data': Buffer.from(caCertificate).toString('base64') }
                : {}),
            },
          },
        ],
        users: [{ name: 'user', user: { token } }],
        contexts: [{ name, context: { cluster: 'proxy', user: 'user' } }],
      }),
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      proxy.sever();
      relay.stop();
      await closed;
    },
    [Symbol.asyncDispose]: () => proxy.stop(),
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return proxy;
}

const isOf = (watch: { readonly resource: string }, resource: string | undefined): boolean =>
  resource === undefined || watch.resource === resource;
