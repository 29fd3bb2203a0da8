import type { ClusterObject } from '../../store/types.ts';
import type { LabelSelector, Pod } from '../kubernetes-shapes.ts';
import { matchesSelector } from '../matches-selector.ts';
import { findCondition } from '../set-condition.ts';
import { type Nominations, nodeFilter, type Placement } from './decide-placement.ts';
import { describeRefusals } from './describe-refusals.ts';
import type { NodeInfo } from './node-info.ts';
import type { SchedulingWorld } from './scheduling-rules.ts';

/** A PodDisruptionBudget as far as preemption is concerned. */
export interface Budget extends ClusterObject {
  readonly spec?: { readonly selector?: LabelSelector };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
  };
}

export type Preemption =
  | { readonly node: string; readonly victims: readonly Pod[] }
  | { readonly refused: string /** Whether an earlier nomination has become void. */; readonly clears: boolean };

interface Candidate {
  readonly node: string;
  readonly victims: readonly Pod[];
  readonly violations: number;
}

/** However many nodes there are, no more than so many are tried; with fewer nodes all of them. */
const candidateLimit = 100;
const notHelpful = 'Preemption is not helpful for scheduling';

/** Which pods of lower priority on which node should go, so that the pod can run: as few and as unimportant as possible. */
export function decidePreemption(
  pod: Pod,
  placement: Exclude<Placement, { node: string }>,
  world: SchedulingWorld,
  nominations: Nominations,
  budgets: readonly Budget[],
): Preemption {
  if (pod.spec.preemptionPolicy === 'Never') {
    return { refused: 'not eligible due to preemptionPolicy=Never.', clears: false };
  }
  if (isWaitingForVictims(pod, placement, world)) {
    return { refused: 'not eligible due to a terminating pod on the nominated node.', clears: false };
  }
  const refusals: (readonly string[])[] = [];
  const candidates: Candidate[] = [];
  const promising = world.nodes.filter(({ name }) => placement.refusals.get(name)?.mayBePreempted === true);
  for (const node of promising.slice(0, candidateLimit)) {
    const found = victimsOn(node, pod, world, nominations, budgets);
    if ('reasons' in found) refusals.push(found.reasons);
    else candidates.push(found);
  }
  const best = candidates.sort(compareCandidates)[0];
  if (best !== undefined) return best;
  return { refused: describeRefusals(world.nodes.length, refusals, notHelpful), clears: true };
}

/** Its victims are on their way out: what they leave will be enough. */
function isWaitingForVictims(
  pod: Pod,
  placement: Exclude<Placement, { node: string }>,
  world: SchedulingWorld,
): boolean {
  const nominated = world.nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (nominated === undefined || placement.refusals.get(nominated.name)?.mayBePreempted === false) return false;
  return nominated.pods.some(
    (other) =>
      priorityOf(other) < priorityOf(pod) &&
      other.metadata.deletionTimestamp !== undefined &&
      findCondition(other.status?.conditions, 'DisruptionTarget')?.reason === 'PreemptionByScheduler',
  );
}

function victimsOn(
  node: NodeInfo,
  pod: Pod,
  world: SchedulingWorld,
  nominations: Nominations,
  budgets: readonly Budget[],
): Candidate | { readonly reasons: readonly string[] } {
  const potential = node.pods.filter((other) => priorityOf(other) < priorityOf(pod));
  if (potential.length === 0) return { reasons: ['No preemption victims found for incoming pod'] };
  const gone = new Set(potential.map(uidOf));
  const refusalWithout = (uids: ReadonlySet<string>) => {
    const emptier = node.without(uids);
    const nodes = world.nodes.map((info) => (info.name === node.name ? emptier : info));
    return nodeFilter(pod, { ...world, nodes }, nominations)(emptier);
  };
  const refusal = refusalWithout(gone);
  if (refusal !== undefined) return { reasons: refusal.reasons };
  const [violating, free] = splitByBudgets([...potential].sort(moreImportantFirst), budgets);
  let violations = 0;
  // The most important are spared first, those under a budget before the others.
  for (const victim of [...violating, ...free]) {
    gone.delete(uidOf(victim));
    if (refusalWithout(gone) === undefined) continue;
    gone.add(uidOf(victim));
    if (violating.includes(victim)) violations += 1;
  }
  const victims = potential.filter((other) => gone.has(uidOf(other))).sort(moreImportantFirst);
  return { node: node.name, victims, violations };
}

/** First those whose going would violate a budget. */
function splitByBudgets(pods: readonly Pod[], budgets: readonly Budget[]): readonly [readonly Pod[], readonly Pod[]] {
  const allowed = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]));
  const violating: Pod[] = [];
  const free: Pod[] = [];
  for (const pod of pods) {
    let isViolating = false;
    for (const [budget, left] of allowed) {
      if (!covers(budget, pod) || budget.status?.disruptedPods?.[pod.metadata.name] !== undefined) continue;
      allowed.set(budget, left - 1);
      if (left - 1 < 0) isViolating = true;
    }
    (isViolating ? violating : free).push(pod);
  }
  return [violating, free];
}

function covers(budget: Budget, pod: Pod): boolean {
  const selector = budget.spec?.selector;
  if (budget.metadata.namespace !== pod.metadata.namespace || selector === undefined) return false;
  const isEmpty =
    Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0;
  return !isEmpty && matchesSelector(selector, pod.metadata.labels);
}

/** Fewest violated budgets, lowest top priority, lowest sum, fewest victims, youngest; then by name. */
function compareCandidates(left: Candidate, right: Candidate): number {
  const lift = 2 ** 31;
  const sum = ({ victims }: Candidate): number =>
    victims.reduce((total, victim) => total + priorityOf(victim) + lift, 0);
  const top = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));
  const earliest = (candidate: Candidate): number =>
    Math.min(...candidate.victims.filter((victim) => priorityOf(victim) === top(candidate)).map(startedMs));
  return (
    left.violations - right.violations ||
    top(left) - top(right) ||
    sum(left) - sum(right) ||
    left.victims.length - right.victims.length ||
    earliest(right) - earliest(left) ||
    (left.node < right.node ? -1 : 1)
  );
}

function moreImportantFirst(left: Pod, right: Pod): number {
  return (
    priorityOf(right) - priorityOf(left) ||
    startedMs(left) - startedMs(right) ||
    (left.metadata.name < right.metadata.name ? -1 : 1)
  );
}

function startedMs(pod: Pod): number {
  return Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '') || 0;
}

function priorityOf(pod: Pod): number {
  return pod.spec.priority ?? 0;
}

function uidOf(pod: Pod): string {
  return pod.metadata.uid ?? '';
}
