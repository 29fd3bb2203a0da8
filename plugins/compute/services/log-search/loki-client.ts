import { type EgressClient, UpstreamError, ValidationError } from 'longshore/sdk';
import type { LokiSettings } from '../../settings.ts';

export interface LokiLine {
  /** Nanoseconds since 1970, as digits: more than a number holds. */
  readonly ns: string;
  readonly text: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LokiPoint {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix time in seconds: the end of what is counted. */
  readonly atSeconds: number;
  readonly count: number;
}

export interface LokiRange {
  readonly query: string;
  readonly fromNs: bigint;
  /** Exclusive. */
  readonly toNs: bigint;
}

/** Loki's HTTP API (`/loki/api/v1`). Failures are `UpstreamError`; none of them tells the token or what the address resolves to. */
export interface LokiClient {
  lines(
    range: LokiRange,
    options: { readonly limit: number; readonly isOldestFirst: boolean; readonly signal: AbortSignal },
  ): Promise<readonly LokiLine[]>;
  counts(
    range: LokiRange,
    options: { readonly stepSeconds: number; readonly signal: AbortSignal },
  ): Promise<readonly LokiPoint[]>;
  /** Tells, until it is closed or the signal aborts, that there are lines of a query, and of when the newest is, in UTC ms. */
  tail(
    query: string,
    options: {
      readonly signal: AbortSignal;
      readonly onOpen: () => void;
      readonly onLines: (newestMs: number) => void;
    },
  ): Promise<void>;
}

const maxAnswerBytes = 32 * 1_048_576;
const timeoutMs = 30_000;

export function createLokiClient(
  { cluster, url, tenant, token }: Pick<LokiSettings, 'cluster' | 'url' | 'tenant' | 'token'>,
  egress: Pick<EgressClient, 'request' | 'listen'>,
): LokiClient {
  const name = `Loki of cluster '${cluster}'`;
  const headers = {
    accept: 'application/json',
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };

  const addressOf = (endpoint: string, parameters: Record<string, string>): string =>
    `${url.replace(/\/+$/, '')}/loki/api/v1/${endpoint}?${new URLSearchParams(parameters).toString()}`;

  async function ask(parameters: Record<string, string>, signal: AbortSignal): Promise<unknown[]> {
    const address = addressOf('query_range', parameters);
    const { status, body } = await egress
      .request({ url: address, headers, maxBytes: maxAnswerBytes, timeoutMs, signal })
      .catch((error: unknown) => {
        if (error instanceof ValidationError)
          throw new UpstreamError(name, `${name}: ${error.message}`, { cause: error });
        throw error;
      });
    const text = Buffer.from(body).toString('utf8');
    if (status !== 200) throw refusal(status, text);
    const result = resultOf(text);
    if (!result) throw new UpstreamError(name, `${name} answers something else than its API says`);
    return result;
  }

  function refusal(status: number, text: string): UpstreamError {
    if (status === 401 || status === 403) return new UpstreamError(name, `${name} refuses the gateway's credentials`);
    const says = status === 400 ? `: ${text.trim().slice(0, 200)}` : '';
    return new UpstreamError(name, `${name} answers with status ${status}${says}`);
  }

  return {
    tail: (query, { signal, onOpen, onLines }) =>
      egress.listen({
        url: addressOf('tail', { query, limit: '1' }),
        headers,
        timeoutMs,
        signal,
        onOpen,
        onMessage: (text) => onLines(newestOf(text)),
      }),
    async lines({ query, fromNs, toNs }, { limit, isOldestFirst, signal }) {
      const streams = await ask(
        {
          query,
          start: String(fromNs),
          end: String(toNs),
          limit: String(limit),
          direction: isOldestFirst ? 'forward' : 'backward',
        },
        signal,
      );
      return streams.flatMap((stream) => linesOf(stream));
    },
    async counts({ query, fromNs, toNs }, { stepSeconds, signal }) {
      const step = BigInt(stepSeconds) * 1_000_000_000n;
      const series = await ask(
        { query, start: String(fromNs + step), end: String(toNs), step: `${stepSeconds}s` },
        signal,
      );
      return series.flatMap((each) => pointsOf(each));
    },
  };
}

/** Of what a tail tells; 0 where that cannot be read. */
function newestOf(text: string): number {
  try {
    const { streams } = JSON.parse(text) as { readonly streams?: unknown };
    const lines = Array.isArray(streams) ? streams.flatMap((stream) => linesOf(stream)) : [];
    return lines.reduce((newest, { ns }) => Math.max(newest, Number(BigInt(ns) / 1_000_000n)), 0);
  } catch {
    return 0;
  }
}

interface Stream {
  readonly stream?: Readonly<Record<string, string>>;
  readonly metric?: Readonly<Record<string, string>>;
  readonly values?: readonly (readonly unknown[])[];
}

function resultOf(text: string): unknown[] | undefined {
  try {
    const { data } = JSON.parse(text) as { data?: { result?: unknown } };
    return Array.isArray(data?.result) ? data.result : undefined;
  } catch {
    return undefined;
  }
}

/** Of a line its own metadata, such as the level that was detected, stands beside the stream's labels. */
function linesOf(given: unknown): LokiLine[] {
  const { stream = {}, values = [] } = given as Stream;
  return values.flatMap(([ns, text, more]) => {
    if (typeof ns !== 'string' || !/^\d{1,19}$/.test(ns) || typeof text !== 'string') return [];
    const own = (more as { structuredMetadata?: Record<string, string> } | undefined)?.structuredMetadata;
    return [{ ns: ns.padStart(19, '0'), text, labels: own ? { ...stream, ...own } : stream }];
  });
}

function pointsOf(given: unknown): LokiPoint[] {
  const { metric = {}, values = [] } = given as Stream;
  return values.flatMap(([at, count]) => {
    const [atSeconds, number] = [Number(at), Number(count)];
    return Number.isFinite(atSeconds) && Number.isFinite(number) ? [{ labels: metric, atSeconds, count: number }] : [];
  });
}
