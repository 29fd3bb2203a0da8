import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../kernel/logger.ts';
import { noTracing, type Tracing } from '../../kernel/tracing.ts';
import type { Metrics } from './create-metrics.ts';

export interface OpenTracing extends Tracing {
  /** Sends what is left, for at most two seconds. */
  close(): Promise<void>;
}

/** Traces for the collector of the settings. Without one nothing is loaded, and nothing is traced. */
export async function openTracing(options: {
  readonly settings: Pick<Settings, 'tracing'>;
  readonly metrics: Metrics;
  readonly logger: Logger;
}): Promise<OpenTracing> {
  const { endpoint, sampledPercent, headers } = options.settings.tracing;
  if (endpoint === undefined) return { ...noTracing, close: async () => {} };
  const { exportTraces } = await import('./export-traces.ts');
  return exportTraces({ endpoint, sampledPercent, headers, metrics: options.metrics, logger: options.logger });
}
