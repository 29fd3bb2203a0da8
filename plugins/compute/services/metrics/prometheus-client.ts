import { type EgressClient, UpstreamError, ValidationError } from 'longshore/sdk';
import type { PrometheusSettings } from '../../settings.ts';
import type { MetricRange } from './metric-range.ts';

export interface MetricPoint {
  readonly atSeconds: number;
  readonly value: number;
}

export interface MeasuredSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first; where nothing was measured, or what is no number, there is none. */
  readonly points: readonly MetricPoint[];
}

/** Prometheus' HTTP API (`/api/v1`). Failures are `UpstreamError`; none of them tells the token or what the address resolves to. */
export interface PrometheusClient {
  range(query: string, range: MetricRange, signal: AbortSignal): Promise<readonly MeasuredSeries[]>;
}

const maxAnswerBytes = 32 * 1_048_576;
const timeoutMs = 10_000;

export function createPrometheusClient(
  { cluster, url, tenant, token }: Pick<PrometheusSettings, 'cluster' | 'url' | 'tenant' | 'token'>,
  egress: Pick<EgressClient, 'request'>,
): PrometheusClient {
  const name = `Prometheus of cluster '${cluster}'`;
  const headers = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
    ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const address = `${url.replace(/\/+$/, '')}/api/v1/query_range`;

  return {
    async range(query, { startSeconds, endSeconds, stepSeconds }, signal) {
      const parameters = {
        query,
        start: String(startSeconds),
        end: String(endSeconds),
        step: String(stepSeconds),
        timeout: `${timeoutMs}ms`,
      };
      // As a form: names of many pods are longer than an address may be.
      const { status, body } = await egress
        .request({
          url: address,
          method: 'POST',
          headers,
          body: new URLSearchParams(parameters).toString(),
          maxBytes: maxAnswerBytes,
          maxRedirects: 0,
          timeoutMs,
          signal,
        })
        .catch((error: unknown) => {
          if (!(error instanceof ValidationError)) throw error;
          throw new UpstreamError(name, `${name}: ${error.message}`, { cause: error });
        });
      const answer = parse(Buffer.from(body).toString('utf8'));
      if (status !== 200) throw refusal(status, answer?.error);
      const result = answer?.status === 'success' ? answer.data?.result : undefined;
      if (!Array.isArray(result)) throw new UpstreamError(name, `${name} answers something else than its API says`);
      return result.map((each) => toSeries(each));
    },
  };

  function refusal(status: number, says: unknown): UpstreamError {
    if (status === 401 || status === 403) return new UpstreamError(name, `${name} refuses the gateway's credentials`);
    const why = (status === 400 || status === 422) && typeof says === 'string' ? `: ${says.slice(0, 200)}` : '';
    return new UpstreamError(name, `${name} answers with status ${status}${why}`);
  }
}

interface PrometheusAnswer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly data?: { readonly result?: unknown };
}

function parse(text: string): PrometheusAnswer | undefined {
  try {
    return (JSON.parse(text) as PrometheusAnswer | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function toSeries(given: unknown): MeasuredSeries {
  const { metric, values } = given as {
    readonly metric?: Readonly<Record<string, string>>;
    readonly values?: readonly (readonly unknown[])[];
  };
  return {
    labels: metric ?? {},
    points: (values ?? []).flatMap(([at, text]) => {
      const [atSeconds, value] = [Number(at), typeof text === 'string' ? Number(text) : Number.NaN];
      return Number.isFinite(atSeconds) && Number.isFinite(value) ? [{ atSeconds, value }] : [];
    }),
  };
}
