import type { LongshoreBuilder } from '../builder.ts';
import { scalarInputError } from './scalar-input-error.ts';

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** As Kubernetes writes times; only days that every month has, so that it names a moment for sure. */
const kubernetesTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** RFC 3339 in UTC with milliseconds, whatever zone or precision came in. */
export function serializeDateTime(value: string | number | Date): string {
  // A list of pods shows thousands of times: reading and writing a Date for each would be a sixth of its cost.
  if (typeof value === 'string' && kubernetesTime.test(value)) return `${value.slice(0, 19)}.000Z`;
  const date = value instanceof Date ? value : new Date(value);
  if (Number.isNaN(date.getTime())) throw new Error(`DateTime cannot show ${JSON.stringify(value)}`);
  return date.toISOString();
}

export function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && rfc3339.test(value)) {
    const date = new Date(value);
    // Date rolls 30 February over to March: what comes back must name the same day.
    if (!Number.isNaN(date.getTime()) && isRealDay(value)) return date;
  }
  throw scalarInputError('DateTime', 'RFC 3339 with a zone, e.g. 2026-01-31T12:00:00Z', value);
}

function isRealDay(value: string): boolean {
  const year = Number(value.slice(0, 4));
  const month = Number(value.slice(5, 7));
  const day = Number(value.slice(8, 10));
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function registerDateTime(builder: LongshoreBuilder): void {
  builder.scalarType('DateTime', {
    description:
      'A moment in UTC as RFC 3339 with milliseconds, e.g. `2026-01-31T12:00:00.000Z`. Input may carry any zone offset.',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
    serialize: serializeDateTime,
    parseValue: parseDateTime,
  });
}
