import { asObject, asObjectList, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import { sumQuantities } from '../../machinery/sum-quantities.ts';

/** What a whole pod asks for or is limited to: its own word before its containers', and its overhead on top. */
export function podTotals(spec: JsonObject, kind: 'requests' | 'limits'): Record<string, string> {
  const totals = containerTotals(spec, kind);
  for (const [name, quantity] of Object.entries(asObject(asObject(spec.resources)?.[kind]) ?? {})) {
    totals[name] = String(quantity);
  }
  for (const [name, quantity] of Object.entries(asObject(spec.overhead) ?? {})) {
    if (kind === 'requests' || totals[name] !== undefined) totals[name] = sumQuantities([totals[name], quantity]);
  }
  return totals;
}

/** The containers together, or the largest init container beside the sidecars where that is more. */
export function containerTotals(spec: JsonObject, kind: 'requests' | 'limits'): Record<string, string> {
  const read = (container: JsonObject): JsonObject => asObject(asObject(container.resources)?.[kind]) ?? {};
  const inits = asObjectList(spec.initContainers);
  const sidecars = inits.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const totals = add([...asObjectList(spec.containers), ...sidecars].map(read));
  const before: JsonObject[] = [];
  for (const init of inits) {
    const moment = add([...before, read(init)]);
    if (init.restartPolicy === 'Always') before.push(read(init));
    for (const [name, quantity] of Object.entries(moment)) {
      if (totals[name] === undefined || compareQuantities(quantity, totals[name]) > 0) totals[name] = quantity;
    }
  }
  return totals;
}

function add(lists: readonly JsonObject[]): Record<string, string> {
  const names = new Set(lists.flatMap((list) => Object.keys(list)));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      sumQuantities(lists.map((list) => list[name]).filter((each) => each !== undefined)),
    ]),
  );
}
