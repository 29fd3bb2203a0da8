import { applicationLabel, descriptionAnnotation } from 'longshore/plugins/core';
import type { Profile } from 'longshore/sdk';
import type { Maybe } from '../services/service-form.ts';
import { mergeMap, setField } from '../services/write-maps.ts';
import {
  type PolicyForm,
  type PolicyPeerForm,
  type PolicyRuleForm,
  policyTypes,
  type SelectorForm,
  selectorOperators,
} from './policy-form.ts';

type Json = Record<string, unknown>;
type Path = readonly (string | number)[];

export interface PolicyRequest {
  readonly namespace: string;
  readonly name: string;
  readonly form: PolicyForm;
  readonly profile: Profile;
  /** The policy as it is; undefined where it is made. It is left as it is. */
  readonly existing: object | undefined;
}

/** In the order in which the cluster writes them, with the field of the manifest that has their peers. */
export const directions = [
  { field: 'ingress', peers: 'from', type: 'Ingress' },
  { field: 'egress', peers: 'to', type: 'Egress' },
] as const;

/** The manifest that a form makes, or makes of the policy that is there: what the form does not mention stays (NET-33). Pure. */
export function writePolicy({ namespace, name, form, profile, existing }: PolicyRequest): Json {
  const manifest = (
    existing
      ? JSON.parse(JSON.stringify(existing))
      : { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace } }
  ) as Json;
  const metadata = manifest.metadata as Json;
  const label = profile.get(applicationLabel);
  mergeMap(metadata, 'labels', form.labels, form.removeLabels, label === null ? {} : { [label]: form.application });
  mergeMap(metadata, 'annotations', form.annotations, form.removeAnnotations, {
    [descriptionAnnotation]: form.description === '' ? null : form.description,
  });
  const spec = (manifest.spec ?? {}) as Json;
  manifest.spec = spec;
  // Without a selector a policy is for every pod of its namespace.
  if (form.podSelector !== undefined || !existing) spec.podSelector = selectorOf(form.podSelector ?? {});
  for (const { field, peers } of directions) {
    const rules = form[field];
    setField(spec, field, rules?.map((rule) => ruleOf(rule, peers)) ?? rules);
  }
  setField(spec, 'policyTypes', typesOf(form, spec));
  return manifest;
}

/** Rules that are given where nothing is said of types shall count: of a new policy the cluster sees to that. */
function typesOf(form: PolicyForm, spec: Json): Maybe<readonly string[]> {
  if (form.policyTypes)
    return Object.entries(policyTypes).flatMap(([word, type]) => (form.policyTypes?.includes(type) ? [word] : []));
  const standing = spec.policyTypes as readonly string[] | undefined;
  if (form.policyTypes === null || standing === undefined) return form.policyTypes;
  const given = directions.filter(({ field, type }) => form[field]?.length && !standing.includes(type));
  return given.length > 0 ? [...standing, ...given.map(({ type }) => type)] : undefined;
}

function ruleOf({ peers, ports }: PolicyRuleForm, field: 'from' | 'to'): Json {
  return {
    ...(peers?.length ? { [field]: peers.map(peerOf) } : {}),
    ...(ports?.length
      ? {
          ports: ports.map(({ protocol, port, endPort }) => ({
            protocol: protocol ?? 'TCP',
            ...(port === null || port === undefined ? {} : { port }),
            ...(endPort === null || endPort === undefined ? {} : { endPort }),
          })),
        }
      : {}),
  };
}

function peerOf({ podSelector, namespaceSelector, ipBlock }: PolicyPeerForm): Json {
  return {
    ...(podSelector ? { podSelector: selectorOf(podSelector) } : {}),
    ...(namespaceSelector ? { namespaceSelector: selectorOf(namespaceSelector) } : {}),
    ...(ipBlock
      ? { ipBlock: { cidr: ipBlock.cidr, ...(ipBlock.except?.length ? { except: [...ipBlock.except] } : {}) } }
      : {}),
  };
}

function selectorOf({ matchLabels, matchExpressions }: SelectorForm): Json {
  return {
    ...(matchLabels?.length
      ? { matchLabels: Object.fromEntries(matchLabels.map(({ key, value }) => [key, value])) }
      : {}),
    ...(matchExpressions?.length
      ? {
          matchExpressions: matchExpressions.map(({ key, operator, values }) => ({
            key,
            operator: Object.entries(selectorOperators).find(([, word]) => word === operator)?.[0],
            ...(values?.length ? { values: [...values] } : {}),
          })),
        }
      : {}),
  };
}

/** Where the form has what stands at a place of the manifest. */
export function inputPathOfPolicy(path: Path): Path {
  const [top, field, index, ...rest] = path;
  if (top === 'metadata') return field === 'name' ? ['name'] : path.slice(1);
  if (top !== 'spec') return path;
  const [part, ...inner] = rest;
  return part === 'from' || part === 'to' ? [field ?? '', index ?? '', 'peers', ...inner] : path.slice(1);
}
