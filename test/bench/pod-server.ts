/** Runs in a process of its own: a cluster with many realistic pods, so that its work is not counted as the reader's. */
import type { ServerResponse } from 'node:http';
import { type RecordedRequest, startFakeApi } from '../../src/kube/testing/start-fake-api.ts';
import { realisticPod } from './realistic-pods.ts';

/** What the measuring process asks for; each is answered with `{}` once it is done. */
export type PodServerAsk =
  | { readonly start: number }
  /** From now on every pod is listed as it is after so many changes. */
  | { readonly turn: number }
  /** Whoever watches must list anew. */
  | { readonly cut: true }
  /** Sends a change of each of so many pods, at once. */
  | { readonly burst: number };

const api = await startFakeApi();
let texts: string[] = [];
let version = 900_000_000;

process.on('message', (ask: PodServerAsk) => {
  if ('start' in ask) {
    texts = Array.from({ length: ask.start }, (_, index) => realisticPod(index));
    process.send?.({ kubeconfig: api.kubeconfig('bench'), url: api.url });
    return;
  }
  if ('turn' in ask) texts = texts.map((_, index) => realisticPod(index, ask.turn));
  if ('burst' in ask) burst(ask.burst);
  if ('cut' in ask) expire();
  process.send?.({});
});

api.intercept((request, response) => {
  if (request.path !== '/api/v1/pods' || request.isWatch) return false;
  sendPage(request, response);
  return true;
});

function sendPage({ query }: RecordedRequest, response: ServerResponse): void {
  const from = Number(query.get('continue') ?? 0);
  const to = from + Number(query.get('limit') ?? texts.length);
  const next = to < texts.length ? `,"continue":"${to}"` : '';
  const metadata = `{"resourceVersion":"${version}"${next}}`;
  const items = texts.slice(from, to).join(',');
  const body = Buffer.from(`{"kind":"PodList","apiVersion":"v1","metadata":${metadata},"items":[${items}]}\n`);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

function expire(): void {
  version += texts.length;
  for (const watch of api.watches) {
    watch.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired' });
    watch.end();
  }
}

function burst(count: number): void {
  const frames = Array.from({ length: count }, (_, index) => {
    version += 1;
    const pod = realisticPod(index, 7).replace(/"resourceVersion":"\d+"/, `"resourceVersion":"${version}"`);
    return `{"type":"MODIFIED","object":{"kind":"Pod","apiVersion":"v1",${pod.slice(1)}}\n`;
  });
  for (const watch of api.watches) if (watch.plural === 'pods') watch.write(frames.join(''));
}
