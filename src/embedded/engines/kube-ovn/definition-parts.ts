import { type CrdColumn, defineCrd, type Schema } from '../define-crd.ts';
import type { EngineObject } from '../engine.ts';
import { group } from './kinds.ts';

/** What the definitions of kubeovn.io have in common: next to nothing in them is required or bounded. */
export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const whole: Schema = { type: 'integer' };
export const int32: Schema = { type: 'integer', format: 'int32' };
export const texts: Schema = { type: 'array', items: text };
const time: Schema = { type: 'string', format: 'date-time' };

export function object(properties: Readonly<Record<string, Schema>>, required?: readonly string[]): Schema {
  return { type: 'object', properties, ...(required === undefined ? {} : { required }) };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** Many fields of one type. */
export function fields(type: Schema, ...names: readonly string[]): Readonly<Record<string, Schema>> {
  return Object.fromEntries(names.map((name) => [name, type]));
}

const atomic = (items: Schema): Schema => ({ ...list(items), 'x-kubernetes-list-type': 'atomic' });
const requirements = atomic(object({ ...fields(text, 'key', 'operator'), values: atomic(text) }, ['key', 'operator']));
export const selector: Schema = {
  ...object({ matchExpressions: requirements, matchLabels: { type: 'object', additionalProperties: text } }),
  'x-kubernetes-map-type': 'atomic',
};

const conditionFields = {
  ...fields(time, 'lastTransitionTime', 'lastUpdateTime'),
  ...fields(text, 'message', 'reason', 'status', 'type'),
  observedGeneration: { type: 'integer', format: 'int64' },
};
export const conditions: Schema = list(object(conditionFields));
export const nodeConditions: Schema = list(object({ ...conditionFields, node: text }));
export const tolerations: Schema = list(
  object({
    ...fields(text, 'effect', 'key', 'operator', 'value'),
    tolerationSeconds: { type: 'integer', format: 'int64' },
  }),
);

const term: Schema = {
  ...object({ matchExpressions: requirements, matchFields: requirements }),
  'x-kubernetes-map-type': 'atomic',
};
const podTerm = object(
  {
    labelSelector: selector,
    matchLabelKeys: atomic(text),
    mismatchLabelKeys: atomic(text),
    namespaceSelector: selector,
    namespaces: atomic(text),
    topologyKey: text,
  },
  ['topologyKey'],
);
const podTerms = object({
  preferredDuringSchedulingIgnoredDuringExecution: atomic(
    object({ podAffinityTerm: podTerm, weight: int32 }, ['podAffinityTerm', 'weight']),
  ),
  requiredDuringSchedulingIgnoredDuringExecution: atomic(podTerm),
});
export const affinity: Schema = object({
  nodeAffinity: object({
    preferredDuringSchedulingIgnoredDuringExecution: atomic(
      object({ preference: term, weight: int32 }, ['preference', 'weight']),
    ),
    requiredDuringSchedulingIgnoredDuringExecution: {
      ...object({ nodeSelectorTerms: atomic(term) }, ['nodeSelectorTerms']),
      'x-kubernetes-map-type': 'atomic',
    },
  }),
  podAffinity: podTerms,
  podAntiAffinity: podTerms,
});

/** `Eip .spec.eip`, with the type in front where it is not a string. */
export function columns(...lines: readonly string[]): CrdColumn[] {
  return lines.map((line) => {
    const words = line.split(' ');
    const jsonPath = words.at(-1) ?? '';
    const typed = /^(boolean|number|date|integer):(.*)$/.exec(words[0] ?? '');
    return { name: typed?.[2] ?? words[0] ?? '', type: (typed?.[1] ?? 'string') as CrdColumn['type'], jsonPath };
  });
}

export interface OvnDefinition {
  readonly kind: string;
  readonly plural: string;
  /** Where it is not the kind in small letters. */
  readonly singular?: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: Schema;
  readonly status?: Schema;
  readonly columns?: readonly CrdColumn[];
  /** Set where the status is written with the rest of the object. */
  readonly hasPlainStatus?: boolean;
}

/** Writes a definition of the group; all its kinds are cluster scoped and have one version. */
export function defineOvn(definition: OvnDefinition): EngineObject {
  const { kind, plural, shortName, description, spec, status, hasPlainStatus = false } = definition;
  const isSubresource = status !== undefined && !hasPlainStatus;
  const crd = defineCrd({ group, kind, plural, shortNames: [shortName], isClusterScoped: true, description }, [
    {
      name: 'v1',
      spec,
      ...(definition.columns === undefined ? {} : { columns: definition.columns }),
      ...(isSubresource ? { status } : {}),
      ...(status !== undefined && hasPlainStatus ? { fields: { status } } : {}),
    },
  ]);
  if (definition.singular === undefined) return crd;
  const { names, ...rest } = crd.spec as { readonly names: object };
  return { ...crd, spec: { ...rest, names: { ...names, singular: definition.singular } } };
}
