import type { NodeObject } from '../../api.ts';
import { isNodeReady } from '../node-facts.ts';

/** What is wrong with a node, as its kubelet or a detector of problems on it says. */
export interface NodeAnomaly {
  readonly node: NodeObject;
  /** `NotReady`, or the type of the condition, e.g. `DiskPressure`. */
  readonly reason: string;
  readonly message: string | undefined;
  /** RFC 3339. */
  readonly since: string | undefined;
}

/** Conditions that are bad when they are true: of the kubelet, of the network, and of node-problem-detector. */
const troubles = new Set([
  'MemoryPressure',
  'DiskPressure',
  'PIDPressure',
  'NetworkUnavailable',
  'KernelDeadlock',
  'ReadonlyFilesystem',
  'FrequentKubeletRestart',
  'FrequentContainerdRestart',
  'FrequentUnregisterNetDevice',
]);

/** What is wrong with a node, that it is not ready first; a node that is cordoned is as somebody wants it. */
export function nodeAnomalies(node: NodeObject): readonly NodeAnomaly[] {
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const notReady = isNodeReady(node)
    ? []
    : [{ node, reason: 'NotReady', message: ready?.message, since: timeOf(ready?.lastTransitionTime) }];
  const others = conditions
    .filter(({ type, status }) => status === 'True' && troubles.has(type))
    .map(({ type, message, lastTransitionTime }) => ({
      node,
      reason: type,
      message,
      since: timeOf(lastTransitionTime),
    }));
  return [...notReady, ...others];
}

/** Ready, and nothing else stands against it. */
export function isNodeHealthy(node: NodeObject): boolean {
  return nodeAnomalies(node).length === 0;
}

const timeOf = (time: unknown): string | undefined => (time === undefined || time === null ? undefined : String(time));
