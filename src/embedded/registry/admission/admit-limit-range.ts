import { forbidden } from '../../api/status-error.ts';
import {
  asObject,
  asObjectList,
  asString,
  ensureObject,
  type JsonObject,
  sortedEntries,
} from '../../machinery/json.ts';
import { compareQuantities, nanosOf, unitsOf } from '../../machinery/quantity.ts';
import type { ClusterObject, ResourceDefinition } from '../../store/types.ts';
import { podTotals } from '../quota/pod-totals.ts';
import type { Draft } from '../resource-strategy.ts';

const annotation = 'kubernetes.io/limit-ranger';

/** Gives a pod's containers what a LimitRange has for those that ask for nothing, and writes down that it did. */
export function defaultByLimitRanges(draft: Draft, ranges: readonly ClusterObject[]): void {
  for (const range of ranges) {
    const said: string[] = [];
    const items = limitsOf(range).filter(({ type }) => type === 'Container');
    for (const [list, noun] of [
      ['containers', 'container'],
      ['initContainers', 'init container'],
    ] as const) {
      for (const container of asObjectList(asObject(draft.spec)?.[list])) {
        for (const [part, source, word] of [
          ['requests', 'defaultRequest', 'request'],
          ['limits', 'default', 'limit'],
        ] as const) {
          const set = fill(container, part, items, source);
          if (set.length > 0) said.push(`${set.sort().join(', ')} ${word} for ${noun} ${String(container.name)}`);
        }
      }
    }
    if (said.length > 0) {
      ensureObject(draft.metadata, 'annotations')[annotation] = `LimitRanger plugin set: ${said.join('; ')}`;
    }
  }
}

/** Refuses pods and claims outside the limits of their namespace. Throws `StatusError` 403. */
export function checkLimitRanges(definition: ResourceDefinition, draft: Draft, ranges: readonly ClusterObject[]): void {
  for (const range of ranges) {
    const found = limitsOf(range).flatMap((limit) =>
      definition.plural === 'pods' ? problemsOfPod(limit, draft) : problemsOfClaim(limit, draft),
    );
    if (found.length === 0) continue;
    const distinct = [...new Set(found)];
    const why = distinct.length === 1 ? String(distinct[0]) : `[${distinct.join(', ')}]`;
    throw forbidden(definition, asString(draft.metadata.name) ?? '', why);
  }
}

function fill(
  container: JsonObject,
  part: 'requests' | 'limits',
  items: readonly JsonObject[],
  source: 'default' | 'defaultRequest',
): string[] {
  const set: string[] = [];
  for (const item of items) {
    for (const [name, quantity] of Object.entries(asObject(item[source]) ?? {})) {
      const target = ensureObject(ensureObject(container, 'resources'), part);
      if (target[name] !== undefined) continue;
      target[name] = quantity;
      set.push(name);
    }
  }
  return set;
}

function problemsOfPod(limit: JsonObject, draft: Draft): string[] {
  const spec = asObject(draft.spec) ?? {};
  if (limit.type === 'Pod') {
    return problems(limit, 'Pod', podTotals(spec, 'requests'), podTotals(spec, 'limits'));
  }
  if (limit.type !== 'Container') return [];
  return [...asObjectList(spec.containers), ...asObjectList(spec.initContainers)].flatMap((container) => {
    const { requests, limits } = asObject(container.resources) ?? {};
    return problems(limit, 'Container', asObject(requests) ?? {}, asObject(limits) ?? {});
  });
}

function problemsOfClaim(limit: JsonObject, draft: Draft): string[] {
  if (limit.type !== 'PersistentVolumeClaim') return [];
  const type = 'PersistentVolumeClaim';
  const requests = asObject(asObject(asObject(draft.spec)?.resources)?.requests) ?? {};
  return [
    ...sortedEntries(asObject(limit.min)).flatMap(([name, least]) =>
      belowMinimum(type, name, least, requests[name], undefined),
    ),
    ...sortedEntries(asObject(limit.max)).flatMap(([name, most]) => {
      const head = `maximum ${name} usage per ${type} is ${String(most)}`;
      const asked = requests[name];
      if (asked === undefined) return [`${head}.  No request is specified`];
      return compareQuantities(asked, most) > 0 ? [`${head}, but request is ${String(asked)}`] : [];
    }),
  ];
}

function problems(limit: JsonObject, type: string, requests: JsonObject, limits: JsonObject): string[] {
  return [
    ...sortedEntries(asObject(limit.min)).flatMap(([name, least]) =>
      belowMinimum(type, name, least, requests[name], limits[name]),
    ),
    ...sortedEntries(asObject(limit.max)).flatMap(([name, most]) =>
      aboveMaximum(type, name, most, requests[name], limits[name]),
    ),
    ...sortedEntries(asObject(limit.maxLimitRequestRatio)).flatMap(([name, ratio]) =>
      aboveRatio(type, name, ratio, requests[name], limits[name]),
    ),
  ];
}

function belowMinimum(type: string, name: string, least: unknown, request: unknown, limit: unknown): string[] {
  const head = `minimum ${name} usage per ${type} is ${String(least)}`;
  if (request === undefined) return [`${head}.  No request is specified`];
  if (compareQuantities(request, least) < 0) return [`${head}, but request is ${String(request)}`];
  return limit !== undefined && compareQuantities(limit, least) < 0 ? [`${head}, but limit is ${String(limit)}`] : [];
}

function aboveMaximum(type: string, name: string, most: unknown, request: unknown, limit: unknown): string[] {
  const head = `maximum ${name} usage per ${type} is ${String(most)}`;
  if (limit === undefined) return [`${head}.  No limit is specified`];
  if (compareQuantities(limit, most) > 0) return [`${head}, but limit is ${String(limit)}`];
  return request !== undefined && compareQuantities(request, most) > 0
    ? [`${head}, but request is ${String(request)}`]
    : [];
}

function aboveRatio(type: string, name: string, ratio: unknown, request: unknown, limit: unknown): string[] {
  const head = `${name} max limit to request ratio per ${type} is ${String(ratio)}`;
  if (nanosOf(request) === 0n) return [`${head}, but no request is specified or request is 0`];
  if (nanosOf(limit) === 0n) return [`${head}, but no limit is specified or limit is 0`];
  const observed = Number(nanosOf(limit)) / Number(nanosOf(request));
  return observed > unitsOf(ratio) ? [`${head}, but provided ratio is ${observed.toFixed(6)}`] : [];
}

function limitsOf(range: ClusterObject): JsonObject[] {
  return asObjectList(asObject(range.spec)?.limits);
}
