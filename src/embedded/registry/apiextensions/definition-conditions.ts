import { asObject, asObjectList, isEqualJson, type JsonObject } from '../../machinery/json.ts';

/** A condition of a CustomResourceDefinition without the time it changed. */
export interface DefinitionCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export function conditionOf(definition: Readonly<Record<string, unknown>>, type: string): JsonObject | undefined {
  return asObjectList(asObject(definition.status)?.conditions).find((condition) => condition.type === type);
}

/** The status with the condition in it; its time moves only with its status. The same object when nothing changes. */
export function withCondition(status: JsonObject, condition: DefinitionCondition, now: string): JsonObject {
  const conditions = asObjectList(status.conditions);
  const at = conditions.findIndex(({ type }) => type === condition.type);
  const present = conditions[at];
  const since = present?.status === condition.status ? present.lastTransitionTime : now;
  const { type, status: state, reason, message } = condition;
  const next = { type, status: state, lastTransitionTime: since, reason, message };
  if (isEqualJson(present, next)) return status;
  return {
    ...status,
    conditions: at === -1 ? [...conditions, next] : conditions.map((each, place) => (place === at ? next : each)),
  };
}
