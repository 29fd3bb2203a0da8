import { isPlainObject } from '../manifest/plain-value.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'TRUE' | 'FALSE' | 'UNKNOWN';
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** RFC 3339. */
  readonly lastTransitionTime: string | undefined;
  /** RFC 3339. */
  readonly lastUpdateTime: string | undefined;
  readonly observedGeneration: number | undefined;
}

/**
 * `status.conditions` of any kind in one shape. Every engine has its own struct with most of these fields; what has no
 * type is none, and a status nobody knows is UNKNOWN.
 */
export function normalizeConditions(object: unknown): readonly Condition[] {
  const status = isPlainObject(object) ? object.status : undefined;
  const conditions = isPlainObject(status) ? status.conditions : undefined;
  if (!Array.isArray(conditions)) return [];
  return conditions.flatMap((condition: unknown) => {
    if (!isPlainObject(condition) || typeof condition.type !== 'string' || condition.type === '') return [];
    return [
      {
        type: condition.type,
        status: statusOf(condition.status),
        reason: textOf(condition.reason),
        message: textOf(condition.message),
        lastTransitionTime: timeOf(condition.lastTransitionTime),
        // Nodes call it a heartbeat, pods and jobs a probe.
        lastUpdateTime:
          timeOf(condition.lastUpdateTime) ?? timeOf(condition.lastHeartbeatTime) ?? timeOf(condition.lastProbeTime),
        observedGeneration: Number.isSafeInteger(condition.observedGeneration)
          ? Number(condition.observedGeneration)
          : undefined,
      },
    ];
  });
}

/** The API says `True`; some custom resources say `true`. */
function statusOf(status: unknown): Condition['status'] {
  const word = String(status).toUpperCase();
  return word === 'TRUE' || word === 'FALSE' ? word : 'UNKNOWN';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timeOf(value: unknown): string | undefined {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined;
}
