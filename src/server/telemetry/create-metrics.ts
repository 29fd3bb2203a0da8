import { createHash, timingSafeEqual } from 'node:crypto';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  observeRequest(transport: 'http' | 'ws', status: number, durationMs: number): void;
  /** A value that is asked for at each scrape. */
  readAtScrape(name: string, help: string, read: () => number): void;
  gaugeOf<Label extends string>(name: string, help: string, labels: readonly Label[]): Gauge<Label>;
  counter<Label extends string>(name: string, help: string, labels: readonly Label[]): Counter<Label>;
  histogram<Label extends string>(name: string, help: string, labels: readonly Label[]): Histogram<Label>;
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Whether this Authorization header carries the token that may read metrics and nothing else. */
  isTokenValid(authorization: string | undefined): boolean;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Prometheus metrics of one gateway; its own registry, so that several may run in one process. */
export function createMetrics(tokenSha256: string | undefined): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'longshore_' });
  const expected = tokenSha256 === undefined ? undefined : Buffer.from(tokenSha256, 'hex');
  const requests = new Histogram({
    name: 'longshore_request_duration_seconds',
    help: 'GraphQL requests.',
    labelNames: ['transport', 'status'] as const,
    buckets,
    registers,
  });

  return {
    observeRequest: (transport, status, durationMs) =>
      requests.observe({ transport, status: String(status) }, durationMs / 1000),
    readAtScrape(name, help, read) {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    },
    gaugeOf: (name, help, labelNames) => new Gauge({ name, help, labelNames: [...labelNames], registers }),
    counter: (name, help, labelNames) => new Counter({ name, help, labelNames: [...labelNames], registers }),
    histogram: (name, help, labelNames) =>
      new Histogram({ name, help, labelNames: [...labelNames], buckets, registers }),
    scrape: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    isTokenValid(authorization) {
      const token = authorization?.match(/^Bearer (\S{1,512})$/i)?.[1];
      if (token === undefined || expected === undefined) return false;
      return timingSafeEqual(createHash('sha256').update(token).digest(), expected);
    },
  };
}
