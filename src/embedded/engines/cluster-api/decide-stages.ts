export interface StageTimes {
  readonly vm: number;
  readonly node: number;
  readonly etcd: number;
  readonly apiServer: number;
}

export interface Stages {
  readonly vm: boolean;
  readonly node: boolean;
  readonly etcd: boolean;
  readonly apiServer: boolean;
  /** Milliseconds until the next is done; undefined when all are. */
  readonly waitMs: number | undefined;
}

/** What of a simulated machine is up after so long: one stage behind the other, the last two on control planes only. */
export function decideStages(elapsedMs: number, times: StageTimes, isControlPlane: boolean): Stages {
  const node = times.vm + times.node;
  const etcd = node + times.etcd;
  const ends = isControlPlane ? [times.vm, node, etcd, etcd + times.apiServer] : [times.vm, node];
  const isDone = (at: number): boolean => at < ends.length && elapsedMs >= (ends[at] ?? 0);
  const next = ends.find((end) => elapsedMs < end);
  return {
    vm: isDone(0),
    node: isDone(1),
    etcd: isDone(2),
    apiServer: isDone(3),
    waitMs: next === undefined ? undefined : next - elapsedMs,
  };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A Go duration such as `1m30s` in milliseconds, longer by up to its share of `jitter`; 0 for what is none. */
export function parseStartup(
  provisioning: { readonly startupDuration: string; readonly startupJitter?: string } | undefined,
  random: number,
): number {
  const text = provisioning?.startupDuration ?? '';
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return 0;
  const base = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0),
    0,
  );
  const jitter = Number(provisioning?.startupJitter ?? 0);
  return base * (1 + (jitter > 0 ? random * jitter : 0));
}
