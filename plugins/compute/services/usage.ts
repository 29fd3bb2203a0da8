import { kindRef, parseQuantity } from 'longshore/sdk';

/** What metrics-server answers (`metrics.k8s.io/v1beta1`); measured when asked for, never stored. */
interface Measured {
  /** RFC 3339: the end of the window. */
  readonly timestamp?: string;
  /** A Go duration, e.g. `15.01s`. */
  readonly window?: string;
}
interface Amounts {
  readonly cpu?: string;
  readonly memory?: string;
}
export interface PodMetrics extends Measured {
  readonly containers?: readonly { readonly name: string; readonly usage?: Amounts }[];
}
export interface NodeMetrics extends Measured {
  readonly usage?: Amounts;
}

const group = { group: 'metrics.k8s.io', version: 'v1beta1' };
export const podMetricsKind = kindRef<PodMetrics>({ ...group, kind: 'PodMetrics', plural: 'pods', isNamespaced: true });
export const nodeMetricsKind = kindRef<NodeMetrics>({
  ...group,
  kind: 'NodeMetrics',
  plural: 'nodes',
  isNamespaced: false,
});

/** What something uses of its node. */
export interface Usage {
  readonly cpuMillicores: number;
  readonly memoryBytes: number;
}
export interface MeasuredUsage extends Usage {
  /** RFC 3339. */
  readonly measuredAt: string | undefined;
  readonly containers: readonly (Usage & { readonly name: string })[];
}

/** What a pod uses: its containers together. */
export function usageOfPod({ containers = [], timestamp }: PodMetrics): MeasuredUsage {
  const each = containers.map(({ name, usage }) => ({ name, ...usageOf(usage) }));
  return {
    cpuMillicores: each.reduce((sum, { cpuMillicores }) => sum + cpuMillicores, 0),
    memoryBytes: each.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    measuredAt: timestamp,
    containers: each,
  };
}

export function usageOfNode({ usage, timestamp }: NodeMetrics): MeasuredUsage {
  return { ...usageOf(usage), measuredAt: timestamp, containers: [] };
}

/** Rounded up, as `kubectl top` does. They change with every reading, so nothing of them is remembered. */
function usageOf({ cpu = '0', memory = '0' }: Amounts = {}): Usage {
  return { cpuMillicores: parseQuantity(cpu)?.milliunits ?? 0, memoryBytes: parseQuantity(memory)?.units ?? 0 };
}
