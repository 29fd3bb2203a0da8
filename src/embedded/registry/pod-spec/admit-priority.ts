import { forbidden } from '../../api/status-error.ts';
import { asString, type JsonObject } from '../../machinery/json.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { StrategyEnvironment } from '../resource-strategy.ts';

/** Resolves a pod's PriorityClass, as the admission plugin Priority does. Throws `StatusError` 403. */
export function admitPriority(spec: JsonObject, name: string, environment: StrategyEnvironment): void {
  const wanted = asString(spec.priorityClassName) ?? '';
  const found =
    wanted === ''
      ? defaultClass(environment.list('scheduling.k8s.io', 'priorityclasses'))
      : environment.find('scheduling.k8s.io', 'priorityclasses', wanted);
  if (wanted !== '' && found === undefined) throw refusal(name, `no PriorityClass with name ${wanted} was found`);
  if (found !== undefined) spec.priorityClassName = found.metadata.name;
  const priority = Number(found?.value ?? 0);
  if (spec.priority !== undefined && spec.priority !== priority) {
    const given = String(spec.priority);
    const why = `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`;
    throw refusal(name, why);
  }
  spec.priority = priority;
  const policy = asString(found?.preemptionPolicy) ?? 'PreemptLowerPriority';
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    const given = String(spec.preemptionPolicy);
    const why = `the string value of PreemptionPolicy (${given}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
    throw refusal(name, why);
  }
  spec.preemptionPolicy = policy;
}

/** Of several classes marked as the default the one with the lowest value. */
function defaultClass(classes: readonly ClusterObject[]): ClusterObject | undefined {
  return classes
    .filter(({ globalDefault }) => globalDefault === true)
    .sort((left, right) => Number(left.value ?? 0) - Number(right.value ?? 0))[0];
}

function refusal(name: string, why: string): Error {
  return forbidden({ group: '', plural: 'pods' }, name, why);
}
