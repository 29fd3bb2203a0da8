import { asObject, type JsonObject, setDefault } from '../../machinery/json.ts';

/** Fills what a behavior leaves out (`autoscaling/v2` defaults). The window for scaling down stays the controller's. */
export function defaultBehavior(behavior: JsonObject): void {
  behavior.scaleUp = withDefaults(behavior.scaleUp, [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  setDefault(behavior.scaleUp as JsonObject, 'stabilizationWindowSeconds', 0);
  behavior.scaleDown = withDefaults(behavior.scaleDown, [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}

function withDefaults(sent: unknown, policies: readonly object[]): JsonObject {
  const rules: JsonObject = { ...asObject(sent) };
  setDefault(rules, 'selectPolicy', 'Max');
  setDefault(rules, 'policies', [...policies]);
  return rules;
}
