/** How busy a simulated container is over time, in percent of what it requests. */
export type LoadCurve =
  | { readonly kind: 'steady'; readonly percent: number }
  | { readonly kind: 'sine'; readonly low: number; readonly high: number; readonly periodMs: number }
  | { readonly kind: 'ramp'; readonly from: number; readonly to: number; readonly overMs: number }
  | {
      readonly kind: 'spike';
      readonly low: number;
      readonly high: number;
      readonly periodMs: number;
      readonly lengthMs: number;
    };

export interface Load {
  readonly curve: LoadCurve;
  /** The load is the whole workload's: each of its running pods has its share. */
  readonly isShared: boolean;
}

const maxPercent = 100_000;
const msPerUnit: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a load as an annotation writes it: `steady 60`, `sine 20..90 every 10m`, `ramp 10..100 over 30m`,
 * `spike 20..95 every 10m for 1m`, each with `shared` behind it or not. Undefined for anything else.
 */
export function parseLoad(text: string): Load | undefined {
  const words = text
    .trim()
    .toLowerCase()
    .split(/[\s,]+/)
    .map((word) => word.replace(/%$/, ''));
  const isShared = words.at(-1) === 'shared';
  const [kind = '', amount = '', ...rest] = isShared ? words.slice(0, -1) : words;
  const curve = parseCurve(kind, amount, rest.join(' '));
  return curve === undefined ? undefined : { curve, isShared };
}

/** The load in percent. A ramp begins when the container starts; the others follow the clock, so that pods agree. */
export function loadAt(curve: LoadCurve, nowMs: number, startedAtMs: number): number {
  switch (curve.kind) {
    case 'steady':
      return curve.percent;
    case 'sine': {
      const phase = (nowMs % curve.periodMs) / curve.periodMs;
      // Lowest at the turn of the period.
      return curve.low + ((curve.high - curve.low) * (1 - Math.cos(2 * Math.PI * phase))) / 2;
    }
    case 'ramp': {
      const done = Math.min(1, Math.max(0, (nowMs - startedAtMs) / curve.overMs));
      return curve.from + (curve.to - curve.from) * done;
    }
    case 'spike':
      return nowMs % curve.periodMs < curve.lengthMs ? curve.high : curve.low;
  }
}

function parseCurve(kind: string, amount: string, rest: string): LoadCurve | undefined {
  const single = percentOf(amount);
  if (kind === 'steady') return single === undefined || rest !== '' ? undefined : { kind, percent: single };
  const [lowText = '', highText = ''] = amount.split('..');
  const low = percentOf(lowText);
  const high = percentOf(highText);
  if (low === undefined || high === undefined) return undefined;
  if (kind === 'ramp') {
    const overMs = durationOf(/^over (\S+)$/.exec(rest)?.[1]);
    return overMs === undefined ? undefined : { kind, from: low, to: high, overMs };
  }
  const match = /^every (\S+?)(?: for (\S+))?$/.exec(rest);
  const periodMs = durationOf(match?.[1]);
  if (periodMs === undefined) return undefined;
  if (kind === 'sine') return match?.[2] === undefined ? { kind, low, high, periodMs } : undefined;
  const lengthMs = durationOf(match?.[2]);
  return kind === 'spike' && lengthMs !== undefined ? { kind, low, high, periodMs, lengthMs } : undefined;
}

function percentOf(text: string): number | undefined {
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  return Math.min(maxPercent, Number(text));
}

function durationOf(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text ?? '');
  const ms = Number(match?.[1]) * (msPerUnit[match?.[2] ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : undefined;
}
