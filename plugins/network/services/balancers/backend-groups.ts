import type { KubeObject } from 'longshore/sdk';
import { because, currentConditions, good, isPassing, type Outcome } from './condition-outcome.ts';
import type { BackendRef, RouteObject, RouteRule, V1Route } from './gateway-kinds.ts';

export type GroupState = 'PENDING' | 'RUNNING' | 'UNBOUND' | 'FAILED' | 'DELETING';

/** One Service of a group with its share. */
export interface GroupBackend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | undefined;
  /** 0 to 1,000,000: a share of the sum over the group. */
  readonly weight: number;
}

/** The Services that a group leads to, rule by rule; what is no Service is left out. */
export function backendsOf({ metadata, spec }: Pick<RouteObject, 'metadata' | 'spec'>): readonly GroupBackend[] {
  return (spec?.rules ?? []).flatMap(({ backendRefs }) =>
    (backendRefs ?? []).filter(isServiceRef).map((ref) => ({
      namespace: ref.namespace ?? metadata.namespace ?? '',
      service: ref.name,
      port: ref.port,
      weight: ref.weight ?? 1,
    })),
  );
}

const isServiceRef = ({ group, kind }: BackendRef): boolean =>
  (group ?? '') === '' && (kind ?? 'Service') === 'Service';

/** `namespace/name` of the Services that a route leads to, without duplicates. */
export function backendKeysOf(route: Pick<RouteObject, 'metadata' | 'spec'>): readonly string[] {
  return [...new Set(backendsOf(route).map(({ namespace, service }) => `${namespace}/${service}`))];
}

/** How many different Services one text of a route names; for objects that are not written yet, too. */
export function serviceCountOf(spec: V1Route['spec'], namespace: string | undefined): number {
  const metadata = { namespace } as KubeObject['metadata'];
  return backendKeysOf(spec === undefined ? { metadata } : { metadata, spec }).length;
}

/** The one rule of a route that the forms can change; undefined where it has several, which YAML alone can. */
export function onlyRuleOf({ spec }: Pick<RouteObject, 'spec'>): RouteRule | undefined {
  const rules = spec?.rules ?? [];
  return rules.length === 1 ? rules[0] : undefined;
}

/** How a group does: whether some listener takes it, and what it leads to can be found. */
export function groupOutcome({ metadata, spec, status }: RouteObject): Outcome<GroupState> {
  if (metadata.deletionTimestamp) return good('DELETING');
  if ((spec?.parentRefs ?? []).length === 0) {
    return because('UNBOUND', { reason: 'Unbound', message: 'No listener leads to it.' });
  }
  const parents = (status?.parents ?? []).map(({ conditions }) => currentConditions(conditions, metadata));
  for (const type of ['Accepted', 'ResolvedRefs', 'BackendsAvailable']) {
    const wrong = parents.map((conditions) => conditions.get(type)).find((condition) => condition?.status === 'False');
    if (wrong) return because(isPassing(wrong) ? 'PENDING' : 'FAILED', wrong);
  }
  if (parents.some((conditions) => conditions.get('Accepted')?.status === 'True')) return good('RUNNING');
  return because('PENDING', { reason: 'Pending', message: 'No controller has looked at it yet.' });
}
