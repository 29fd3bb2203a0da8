import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface StandInLine {
  /** Nanoseconds since 1970. */
  readonly ns: bigint;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface LokiStandIn extends AsyncDisposable {
  readonly url: string;
  readonly lines: StandInLine[];
  /** Headers and parameters of each request. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly parameters: URLSearchParams }[];
  /** Answers this instead, while it is set. */
  failure: { readonly status: number; readonly body: string } | undefined;
  /** Queries that somebody listens to. */
  readonly tailed: readonly string[];
  /** A line that is collected now: whoever listens is told. */
  collect(line: StandInLine): void;
  /** Ends what listens, as a backend does that is started anew. */
  dropTails(): void;
}

type Test = (line: StandInLine) => boolean;

/** Speaks `GET /loki/api/v1/query_range` for streams and counts, and `/loki/api/v1/tail` over a WebSocket, as far as LogQL is used here. Level: structured metadata. */
export async function startLokiStandIn(): Promise<LokiStandIn> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    standIn.requests.push({ headers: request.headers, parameters: searchParams });
    const { failure } = standIn;
    if (failure || pathname !== '/loki/api/v1/query_range') {
      response.writeHead(failure?.status ?? 404).end(failure?.body ?? 'page not found');
      return;
    }
    const data = answer(standIn.lines, searchParams);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data }));
  });
  const tails = new Map<WebSocket, { readonly query: string; readonly passes: Test }>();
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    standIn.requests.push({ headers: request.headers, parameters: searchParams });
    if (pathname !== '/loki/api/v1/tail') return void socket.destroy();
    const query = searchParams.get('query') ?? '';
    sockets.handleUpgrade(request, socket, head, (opened) => {
      tails.set(opened, { query, passes: parse(query) });
      opened.on('close', () => tails.delete(opened));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const standIn: LokiStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines: [],
    requests: [],
    failure: undefined,
    get tailed() {
      return [...tails.values()].map(({ query }) => query);
    },
    collect(line) {
      standIn.lines.push(line);
      const { labels, ns, text } = line;
      const message = JSON.stringify({ streams: [{ stream: labels, values: [[String(ns), text]] }] });
      for (const [socket, { passes }] of tails) if (passes(line)) socket.send(message);
    },
    dropTails() {
      for (const socket of tails.keys()) socket.terminate();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of tails.keys()) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return standIn;
}

function answer(lines: readonly StandInLine[], parameters: URLSearchParams): object {
  const query = parameters.get('query') ?? '';
  const [from, to] = [BigInt(parameters.get('start') ?? 0), BigInt(parameters.get('end') ?? 0)];
  const counted = /^sum by \((\w+)\) \(count_over_time\((.*) \[(\d+)s\]\)\)$/s.exec(query);
  if (!counted) return streams(lines, parse(query), from, to, parameters);
  const [, by = '', inner = '', width = '1'] = counted;
  const step = BigInt(width) * 1_000_000_000n;
  const found = lines.filter(parse(inner));
  const series = Map.groupBy(found, ({ labels }) => labels[by] ?? '');
  const result = [...series].map(([value, group]) => {
    const values: [number, string][] = [];
    for (let at = from; at <= to; at += step) {
      const count = group.filter(({ ns }) => ns > at - step && ns <= at).length;
      if (count > 0) values.push([Number(at / 1_000_000_000n), String(count)]);
    }
    return { metric: { [by]: value }, values };
  });
  return { resultType: 'matrix', result };
}

function streams(
  lines: readonly StandInLine[],
  passes: Test,
  from: bigint,
  to: bigint,
  parameters: URLSearchParams,
): object {
  const sign = parameters.get('direction') === 'forward' ? 1 : -1;
  const found = lines
    .filter((line) => line.ns >= from && line.ns < to && passes(line))
    .sort((one, other) => sign * Number(one.ns - other.ns))
    .slice(0, Number(parameters.get('limit') ?? 100));
  const result = [...Map.groupBy(found, ({ labels }) => JSON.stringify(labels))].map(([labels, group]) => ({
    stream: JSON.parse(labels) as object,
    values: group.map(({ ns, text }) => [String(ns), text]),
  }));
  return { resultType: 'streams', result };
}

const string = '"((?:[^"\\\\]|\\\\.)*)"';

/** Throws for what is no query that this understands: a test then fails by a status that Loki would not send. */
function parse(query: string): Test {
  const tests: Test[] = [];
  let rest = query.trim();
  const take = (pattern: string): string[] | undefined => {
    const found = new RegExp(`^${pattern}`, 's').exec(rest);
    if (found) rest = rest.slice(found[0].length).trimStart();
    return found ? [...found] : undefined;
  };
  if (!take('\\{')) throw new Error(`no selector in ${query}`);
  while (!take('\\}')) {
    const [, label = '', operator = '', text = ''] = take(`(\\w+)(=~|=)${string},?`) ?? [];
    if (label === '') throw new Error(`no matcher at ${rest}`);
    const matches = matcher(operator, unquoted(text), true);
    tests.push(({ labels }) => matches(labels[label] ?? ''));
  }
  while (rest !== '') {
    const [, operator = '', text = ''] = take(`(\\|=|!=|\\|~|!~)\\s*${string}`) ?? [];
    if (operator !== '') {
      const matches = matcher(operator.endsWith('~') ? '=~' : '|=', unquoted(text), false);
      tests.push((line) => matches(line.text) !== operator.startsWith('!'));
      continue;
    }
    const [, label = '', wanted = ''] = take(`\\|\\s*(\\w+)=~${string}`) ?? [];
    if (label === '') throw new Error(`no filter at ${rest}`);
    const matches = matcher('=~', unquoted(wanted), true);
    tests.push(({ labels }) => matches(labels[label] ?? ''));
  }
  return (line) => tests.every((test) => test(line));
}

const unquoted = (text: string): string => JSON.parse(`"${text}"`) as string;

function matcher(operator: string, text: string, isWhole: boolean): (value: string) => boolean {
  if (operator === '=') return (value) => value === text;
  if (operator === '|=') return (value) => value.includes(text);
  const flags = text.startsWith('(?i)') ? 'i' : '';
  const source = text.replace(/^\(\?i\)/, '');
  const pattern = new RegExp(isWhole ? `^(?:${source})$` : source, flags);
  return (value) => pattern.test(value);
}
