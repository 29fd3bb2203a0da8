import { serviceLabel } from '../../engines/engine.ts';
import type { DeploymentSpec, ServiceName } from './version-spec.ts';

export type Json = Readonly<Record<string, unknown>>;

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const spreadKeys = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'] as const;

/**
 * Adds to a pod template where its pods run (REL-07), beside what the form says of that: near or away from other app services, and evenly
 * over zones and nodes as far as there is room. `anyOf`: the units on whose nodes they may be, where one workload has the pods of several.
 */
export function placePods(
  service: string,
  template: Json,
  { affinity: services, isSpread }: Pick<DeploymentSpec, 'affinity' | 'isSpread'>,
  anyOf: readonly { readonly nodeLabels: Readonly<Record<string, string>> }[],
): Json {
  const spec = (template.spec ?? {}) as Json;
  const affinity = {
    ...((spec.affinity ?? {}) as Json),
    ...withTerms(spec, 'podAffinity', services.sameNode),
    ...withTerms(spec, 'podAntiAffinity', services.differentNode),
    ...onNodesOf(spec, anyOf),
  };
  return {
    ...template,
    spec: {
      ...spec,
      ...(Object.keys(affinity).length > 0 ? { affinity } : {}),
      ...(isSpread && spec.topologySpreadConstraints === undefined
        ? { topologySpreadConstraints: spreadKeys.map((topologyKey) => evenly(topologyKey, service)) }
        : {}),
    },
  };
}

/** Pods go elsewhere where a zone or node has no room for them. */
const evenly = (topologyKey: string, service: string): object => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
  labelSelector: { matchLabels: { [serviceLabel]: service } },
});

function withTerms(spec: Json, kind: 'podAffinity' | 'podAntiAffinity', services: readonly ServiceName[]): Json {
  if (services.length === 0) return {};
  const before = ((spec.affinity as Json | undefined)?.[kind] ?? {}) as Json;
  return { [kind]: { ...before, [required]: [...listOf(before[required]), ...services.map(onItsNode)] } };
}

const onItsNode = ({ namespace, name }: ServiceName): object => ({
  labelSelector: { matchLabels: { [serviceLabel]: name } },
  namespaces: [namespace],
  topologyKey: 'kubernetes.io/hostname',
});

/** Each of the terms that are there, with each of the units: a node has to satisfy one whole term. */
function onNodesOf(spec: Json, units: readonly { readonly nodeLabels: Readonly<Record<string, string>> }[]): Json {
  if (units.length === 0) return {};
  const nodeAffinity = ((spec.affinity as Json | undefined)?.nodeAffinity ?? {}) as Json;
  const rules = (nodeAffinity[required] ?? {}) as Json;
  const terms = listOf(rules.nodeSelectorTerms);
  const wanted = valuesByLabel(units).map(([key, values]) => ({ key, operator: 'In', values }));
  return {
    nodeAffinity: {
      ...nodeAffinity,
      [required]: {
        nodeSelectorTerms: (terms.length > 0 ? terms : [{}]).map((term) => ({
          ...term,
          matchExpressions: [...listOf(term.matchExpressions), ...wanted],
        })),
      },
    },
  };
}

function valuesByLabel(
  units: readonly { readonly nodeLabels: Readonly<Record<string, string>> }[],
): readonly (readonly [string, readonly string[]])[] {
  const values = new Map<string, string[]>();
  for (const [key, value] of units.flatMap(({ nodeLabels }) => Object.entries(nodeLabels))) {
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return [...values];
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
