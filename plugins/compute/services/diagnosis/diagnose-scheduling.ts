import type { PodObject } from '../../api.ts';
import type { PodFinding, PodFindingCode } from './pod-finding.ts';

/** The scheduler's words (kube-scheduler's plugins, their `ErrReason…`) and what they come down to; the first that fits. */
const reasons: readonly (readonly [RegExp, PodFindingCode])[] = [
  [/^Insufficient /, 'INSUFFICIENT_RESOURCES'],
  [/^Too many pods/, 'TOO_MANY_PODS'],
  [
    /node affinity\/selector|MatchNodeSelector|node\(s\) didn't satisfy plugin\(s\) \[NodeAffinity\]/,
    'NODE_SELECTOR_MISMATCH',
  ],
  [/volume node affinity conflict|node\(s\) had no available volume zone/, 'VOLUME_ELSEWHERE'],
  [/persistentvolumeclaim|PersistentVolumeClaims|persistent volumes? to bind|unbound/i, 'VOLUME_NOT_BOUND'],
  [/pod affinity|anti-affinity|topology spread/, 'POD_AFFINITY_MISMATCH'],
  [/free ports/, 'PORT_TAKEN'],
  [/unschedulable/, 'NODE_UNSCHEDULABLE'],
  [/taint/, 'TAINT_NOT_TOLERATED'],
];

/** Why no node takes a pod, from its condition PodScheduled; each reason once, with how many nodes gave it. */
export function diagnoseScheduling(pod: PodObject): readonly PodFinding[] {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (condition?.status !== 'False') return [];
  const message = condition.message ?? '';
  if (condition.reason === 'SchedulingGated') return [finding('SCHEDULING_GATED', message)];
  if (/^no nodes available|^0\/0 nodes/.test(message)) return [finding('NO_NODES', message)];
  const found = new Map<PodFindingCode, string[]>();
  for (const part of partsOf(message)) {
    const code = reasons.find(([pattern]) => pattern.test(part.reason))?.[1];
    if (code) found.set(code, [...(found.get(code) ?? []), part.text]);
  }
  if (found.size === 0) return [finding('NOT_SCHEDULED', message)];
  return [...found].map(([code, texts]) => finding(code, texts.join(', ')));
}

const finding = (code: PodFindingCode, message: string): PodFinding => ({ code, container: undefined, message });

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. preemption: …` in its parts. */
function partsOf(message: string): readonly { readonly reason: string; readonly text: string }[] {
  const [, list] = /nodes are available: (.*)$/s.exec(message) ?? [];
  const own = (list ?? message).split(/\. (?:preemption|no new claims)/)[0] ?? '';
  return own
    .split(/, (?=\d+ )/)
    .map((text) => text.trim().replace(/\.$/, ''))
    .map((text) => ({ text, reason: text.replace(/^\d+ /, '') }));
}
