import { CapabilityMissingError, RequestError } from 'longshore/sdk';
import type { IndicatorSettings } from '../../settings.ts';
import type { MonitoringCollector } from '../form/monitoring.ts';
import type { MetricUnit } from './usage-metrics.ts';

export const indicatorKinds = {
  COUNTER: 'What only grows, told per second.',
  GAUGE: 'What goes up and down, told as it is.',
} as const;

export const unitOfIndicator: Readonly<Record<keyof typeof indicatorKinds, MetricUnit>> = {
  COUNTER: 'PER_SECOND',
  GAUGE: 'COUNT',
};

/** Each is a question to Prometheus. */
const mostAsked = 20;

/**
 * The indicators of these names that the operator lists, all where none is named (CMP-113). Throws `CapabilityMissingError` where none is listed, and
 * `BAD_USER_INPUT` for a name that is not, or too many.
 */
export function chooseIndicators(
  { settings }: MonitoringCollector,
  names: readonly string[] | null | undefined,
): readonly IndicatorSettings[] {
  const listed = settings?.indicators ?? [];
  if (listed.length === 0) {
    throw new CapabilityMissingError('business monitoring', 'No indicators of apps are set', {
      hint: 'List their metrics under pluginSettings.compute.monitoring.indicators.',
    });
  }
  const asked = [...new Set(names ?? listed.slice(0, mostAsked).map(({ metric }) => metric))];
  if (asked.length > mostAsked) {
    throw new RequestError('BAD_USER_INPUT', `names may have ${mostAsked} indicators, got ${asked.length}`);
  }
  return asked.map((name) => {
    const found = listed.find(({ metric }) => metric === name);
    if (found) return found;
    const known = listed.map(({ metric }) => metric).join(', ');
    throw new RequestError('BAD_USER_INPUT', `names: '${name.slice(0, 100)}' is no indicator here; there are ${known}`);
  });
}
