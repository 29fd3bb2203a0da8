import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { evaluatePromql, type StandInSeries } from './evaluate-promql.ts';

export interface PrometheusStandIn extends AsyncDisposable {
  readonly url: string;
  readonly series: StandInSeries[];
  /** Headers and parameters of each request. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly parameters: URLSearchParams }[];
  /** Answers this instead, while it is set; `'silence'` is no answer at all. */
  failure: { readonly status: number; readonly body: string } | 'silence' | undefined;
}

/** Speaks `POST /api/v1/query_range`, as far as PromQL is used here. */
export async function startPrometheusStandIn(): Promise<PrometheusStandIn> {
  const server = createServer(async (request, response) => {
    let form = '';
    for await (const chunk of request) form += String(chunk);
    const parameters = new URLSearchParams(form);
    standIn.requests.push({ headers: request.headers, parameters });
    const { failure } = standIn;
    if (failure === 'silence') return;
    if (failure || request.method !== 'POST' || request.url !== '/api/v1/query_range') {
      response.writeHead(failure?.status ?? 404).end(failure?.body ?? 'page not found');
      return;
    }
    try {
      const result = rangeOf(standIn.series, parameters);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: String(error) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: PrometheusStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    series: [],
    requests: [],
    failure: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

function rangeOf(series: readonly StandInSeries[], parameters: URLSearchParams): object[] {
  const [start = 0, end = 0, step = 1] = ['start', 'end', 'step'].map((name) => Number(parameters.get(name)));
  if ((end - start) / step > 11_000) throw new Error('exceeded maximum resolution of 11,000 points per timeseries');
  const found = new Map<string, { metric: Readonly<Record<string, string>>; values: [number, string][] }>();
  for (let at = start; at <= end; at += step) {
    for (const { labels, value } of evaluatePromql(parameters.get('query') ?? '', series, at)) {
      const key = JSON.stringify(Object.entries(labels).sort());
      const row = found.get(key) ?? { metric: labels, values: [] };
      row.values.push([at, Number.isNaN(value) ? 'NaN' : value === Number.POSITIVE_INFINITY ? '+Inf' : String(value)]);
      found.set(key, row);
    }
  }
  return [...found.values()];
}
