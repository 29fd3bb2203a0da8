import { isEqualJson } from '../../machinery/json.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Endpoint, EndpointGroup, EndpointPort } from './decide-endpoints.ts';

/** A slice that is there. */
export interface PresentSlice {
  readonly name: string;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SliceContent {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SliceChanges {
  readonly create: readonly SliceContent[];
  /** Slices that keep their name and get this content. */
  readonly update: ReadonlyMap<string, SliceContent>;
  readonly remove: readonly string[];
}

/**
 * How the slices of a Service become what they should be with few writes: endpoints stay in the slice they are in, new
 * ones fill slices that are written anyway, then others, then new ones. No slice has more than `limit` endpoints, and one
 * slice, if empty, always stands for the Service.
 */
export function decideSlices(
  groups: readonly EndpointGroup[],
  present: readonly PresentSlice[],
  limit: number,
): SliceChanges {
  const create: SliceContent[] = [];
  const update = new Map<string, SliceContent>();
  const remove: string[] = [];
  const wantedPorts = new Map(groups.map((group) => [canonicalJson(group.ports), group]));
  const byPorts = Map.groupBy(present, (slice) => canonicalJson(slice.ports));
  for (const [key, slices] of byPorts) {
    if (!wantedPorts.has(key)) remove.push(...slices.map(({ name }) => name));
  }
  for (const [key, group] of wantedPorts) fill(group, byPorts.get(key) ?? [], limit, { create, update, remove });

  // What would be deleted while something else is made is overwritten instead.
  const made = create.splice(0);
  for (const content of made) {
    const spare = remove.shift();
    if (spare === undefined) create.push(content);
    else update.set(spare, content);
  }
  const left = present.length - remove.length + create.length;
  if (left > 0) return { create, update, remove };
  // Nothing would be left: an empty slice stands in.
  const placeholder = present.find(({ ports, endpoints }) => ports.length === 0 && endpoints.length === 0);
  const spare = placeholder?.name ?? remove[0];
  if (spare === undefined) return { create: [{ ports: [], endpoints: [] }], update, remove };
  if (placeholder === undefined) update.set(spare, { ports: [], endpoints: [] });
  return { create, update, remove: remove.filter((name) => name !== spare) };
}

interface Output {
  readonly create: SliceContent[];
  readonly update: Map<string, SliceContent>;
  readonly remove: string[];
}

function fill(group: EndpointGroup, slices: readonly PresentSlice[], limit: number, out: Output): void {
  const wanted = new Map(group.endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const contents = slices.map((slice) => {
    const kept = slice.endpoints.flatMap((endpoint) => {
      const id = idOf(endpoint);
      const next = wanted.get(id);
      wanted.delete(id);
      return next === undefined ? [] : [next];
    });
    const isChanged = !isEqualJson(kept, slice.endpoints);
    return { name: slice.name, endpoints: kept, isChanged };
  });
  const missing = [...wanted.values()];
  const take = (count: number): Endpoint[] => missing.splice(0, Math.max(0, count));
  for (const slice of contents) if (slice.isChanged) slice.endpoints.push(...take(limit - slice.endpoints.length));
  for (const slice of contents) {
    if (missing.length === 0 || missing.length > limit - slice.endpoints.length) continue;
    slice.endpoints.push(...take(limit));
    slice.isChanged = true;
  }
  while (missing.length > 0) out.create.push({ ports: group.ports, endpoints: take(limit) });
  for (const { name, endpoints, isChanged } of contents) {
    if (endpoints.length === 0) out.remove.push(name);
    else if (isChanged) out.update.set(name, { ports: group.ports, endpoints });
  }
}

/** Two looks at the same pod, or at the same address where there is no pod. */
function idOf({ addresses, targetRef, hostname, nodeName }: Endpoint): string {
  const { uid, name } = (targetRef ?? {}) as { readonly uid?: string; readonly name?: string };
  return [addresses.join(' '), uid ?? name ?? '', hostname ?? '', nodeName ?? ''].join('\n');
}
