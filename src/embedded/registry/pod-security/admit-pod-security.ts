import { forbidden } from '../../api/status-error.ts';
import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject, ResourceDefinition } from '../../store/types.ts';
import type { Draft } from '../resource-strategy.ts';
import { describeViolations, evaluatePod } from './evaluate-pod.ts';
import { policyOf, type SecurityPolicy } from './security-levels.ts';

/** Where the pod template of a workload stands. */
const templates: Readonly<Record<string, readonly string[]>> = {
  '/replicationcontrollers': ['spec', 'template'],
  '/podtemplates': ['template'],
  'apps/deployments': ['spec', 'template'],
  'apps/replicasets': ['spec', 'template'],
  'apps/statefulsets': ['spec', 'template'],
  'apps/daemonsets': ['spec', 'template'],
  'batch/jobs': ['spec', 'template'],
  'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template'],
};

/** How many pods of a namespace are looked at when its level changes: the default of the real plugin. */
const maxExistingPods = 3000;

/**
 * Holds pods to the Pod Security Standards by the labels of their namespace (admission plugin PodSecurity): `enforce`
 * refuses pods, `warn` warns of pods and of workloads that would make such pods. Nothing is audited.
 * Throws `StatusError` 403.
 */
export function admitPodSecurity(
  definition: ResourceDefinition,
  draft: Draft,
  current: ClusterObject | undefined,
  namespace: ClusterObject | undefined,
  warn: (sentence: string) => void,
): void {
  const id = `${definition.group}/${definition.plural}`;
  const labels = namespace?.metadata.labels;
  const isPod = id === '/pods';
  if (!isPod && templates[id] === undefined) return;
  const subject: JsonObject = isPod ? draft : templateOf(draft, templates[id] ?? []);
  const spec = asObject(subject.spec);
  if (spec === undefined) return;
  if (isPod && current !== undefined && !runsAnother(draft, current)) return;
  if (isPod) {
    const policy = policyOf(labels, 'enforce');
    const found = evaluatePod(policy, subject.metadata, spec);
    if (found.length > 0) {
      const why = `violates PodSecurity "${print(policy)}": ${describeViolations(found)}`;
      throw forbidden(definition, asString(draft.metadata.name) ?? '', why);
    }
  }
  const policy = policyOf(labels, 'warn');
  const found = evaluatePod(policy, subject.metadata, spec);
  if (found.length > 0) warn(`would violate PodSecurity "${print(policy)}": ${describeViolations(found)}`);
}

/** What a namespace that is told to enforce a stricter level says of the pods it already has. */
export function warnOfExistingPods(
  draft: Draft,
  current: ClusterObject,
  listPods: () => readonly ClusterObject[],
): readonly string[] {
  const policy = policyOf(asObject(draft.metadata.labels) as Readonly<Record<string, string>> | undefined, 'enforce');
  const before = policyOf(current.metadata.labels, 'enforce');
  const order = ['privileged', 'baseline', 'restricted'];
  const isStricter = order.indexOf(policy.level) > order.indexOf(before.level);
  if (policy.level === 'privileged' || (policy.version === before.version && !isStricter)) return [];
  const pods = listPods();
  const checked = pods.slice(0, maxExistingPods);
  const byReason = new Map<string, string[]>();
  for (const pod of checked) {
    const reasons = evaluatePod(policy, pod.metadata, asObject(pod.spec) ?? {}).map(({ reason }) => reason);
    if (reasons.length === 0) continue;
    const key = reasons.join(', ');
    const names = byReason.get(key);
    if (names === undefined) byReason.set(key, [pod.metadata.name]);
    else names.push(pod.metadata.name);
  }
  const partly = `new PodSecurity enforce level only checked against the first ${checked.length} of ${pods.length} existing pods`;
  const limits = checked.length < pods.length ? [partly] : [];
  if (byReason.size === 0) return limits;
  const lines = [...byReason].map(([reasons, names]) => {
    const [first = '', ...others] = names.sort();
    const rest = others.length === 0 ? '' : ` (and ${others.length} other pod${others.length === 1 ? '' : 's'})`;
    return `${first}${rest}: ${reasons}`;
  });
  const head = `existing pods in namespace "${current.metadata.name}" violate the new PodSecurity enforce level "${print(policy)}"`;
  return [...limits, head, ...lines.sort()];
}

/** Of what may change about a pod, only its images have to do with security. */
function runsAnother(draft: Draft, current: ClusterObject): boolean {
  const images = (object: JsonObject | ClusterObject): string[] =>
    ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
      asObjectList(asObject(object.spec)?.[list]).map(({ name, image }) => `${String(name)}=${String(image)}`),
    );
  return images(draft).join() !== images(current).join();
}

function templateOf(draft: Draft, path: readonly string[]): JsonObject {
  let value: JsonObject = draft;
  for (const key of path) value = asObject(value[key]) ?? {};
  return value;
}

function print({ level, version }: SecurityPolicy): string {
  return `${level}:${version}`;
}
