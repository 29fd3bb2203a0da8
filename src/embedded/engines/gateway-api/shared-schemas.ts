import type { CrdColumn, Schema } from '../define-crd.ts';
import { group } from './kinds.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const slashName = "[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+";
export const hostnamePattern = `^(\\*\\.)?${subdomain}$`;
export const ruleSubdomain = `^${subdomain}$`;
const day0 = '1970-01-01T00:00:00Z';

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const count: Schema = { type: 'integer', format: 'int32' };
export const objectName: Schema = { type: 'string', minLength: 1, maxLength: 253 };
export const groupName: Schema = { type: 'string', maxLength: 253, pattern: `^$|^${subdomain}$` };
export const kindName: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
  pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
};
export const namespaceName: Schema = { type: 'string', minLength: 1, maxLength: 63, pattern: `^${label}$` };
export const sectionName: Schema = { ...objectName, pattern: `^${subdomain}$` };
export const hostname: Schema = { ...objectName, pattern: hostnamePattern };
/** Without a wildcard. */
export const preciseHostname: Schema = { ...objectName, pattern: `^${subdomain}$` };
export const port: Schema = { type: 'integer', format: 'int32', minimum: 1, maximum: 65_535 };
export const controller: Schema = { ...objectName, pattern: `^${subdomain}\\/${slashName}$` };
export const addressType: Schema = {
  type: 'string',
  default: 'IPAddress',
  minLength: 1,
  maxLength: 253,
  pattern: `^Hostname|IPAddress|NamedAddress|${subdomain}\\/${slashName}$`,
};
export const protocol: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  pattern: `^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|${subdomain}\\/[A-Za-z0-9]+$`,
};
export const headerName: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 256,
  pattern: "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$",
};
export const duration: Schema = { type: 'string', pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' };

/** A rule of `x-kubernetes-validations`. */
export function rule(expression: string, message: string): { readonly rule: string; readonly message: string } {
  return { rule: expression, message };
}

export function object(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

export function list(items: Schema, bounds: Readonly<Record<string, unknown>> = {}): Schema {
  return { type: 'array', items, 'x-kubernetes-list-type': 'atomic', ...bounds };
}

export function mapList(key: string, items: Schema, bounds: Readonly<Record<string, unknown>> = {}): Schema {
  return list(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key], ...bounds });
}

export const labelSelector: Schema = {
  ...object({
    matchLabels: { type: 'object', additionalProperties: text },
    matchExpressions: list(object({ key: text, operator: text, values: list(text) }, ['key', 'operator'])),
  }),
  'x-kubernetes-map-type': 'atomic',
};

const condition = object(
  {
    type: {
      type: 'string',
      maxLength: 316,
      pattern: `^(${subdomain}/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`,
    },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
    observedGeneration: { type: 'integer', format: 'int64', minimum: 0 },
    lastTransitionTime: { type: 'string', format: 'date-time' },
    reason: { type: 'string', minLength: 1, maxLength: 1_024, pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' },
    message: { type: 'string', maxLength: 32_768 },
  },
  ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
);
export const conditions: Schema = mapList('type', condition, { maxItems: 8 });

/** What stands in a status until a controller has looked. */
export function pending(...types: readonly string[]): object[] {
  return types.map((type) => ({
    type,
    status: 'Unknown',
    reason: 'Pending',
    message: 'Waiting for controller',
    lastTransitionTime: day0,
  }));
}

const kindDefault = (kind: string, ofGroup: string): Readonly<Record<string, Schema>> => ({
  group: { ...groupName, default: ofGroup },
  kind: { ...kindName, default: kind },
});

export const routeGroupKind = object({ group: { ...groupName, default: group }, kind: kindName }, ['kind']);
/** Of a Secret unless it says otherwise. */
export const secretRef = object({ ...kindDefault('Secret', ''), name: objectName, namespace: namespaceName }, ['name']);
export const parametersRef = object({ group: groupName, kind: kindName, name: objectName }, ['group', 'kind', 'name']);

const needsPort = rule(
  "size(self.group) == 0 && self.kind == 'Service' ? has(self.port) : true",
  'Must have port for Service reference',
);
const backendFields = { ...kindDefault('Service', ''), name: objectName, namespace: namespaceName, port };

/** One that takes a mirror's copy of the traffic. */
export const plainBackendRef: Schema = {
  ...object(backendFields, ['name']),
  'x-kubernetes-validations': [needsPort],
};

export function backendRef(more: Readonly<Record<string, Schema>> = {}): Schema {
  const weight: Schema = { ...count, default: 1, minimum: 0, maximum: 1_000_000 };
  return { ...object({ ...backendFields, weight, ...more }, ['name']), 'x-kubernetes-validations': [needsPort] };
}

const parentRef = object(
  {
    ...kindDefault('Gateway', group),
    name: objectName,
    namespace: namespaceName,
    sectionName,
    port,
  },
  ['name'],
);
const sameNamespace = '(has(a.__namespace__) ? a.__namespace__ : "") == (has(b.__namespace__) ? b.__namespace__ : "")';
const sameParent = `a.group == b.group && a.kind == b.kind && a.name == b.name && ${sameNamespace}`;
const section = (of: string): string => `(has(${of}.sectionName) ? ${of}.sectionName : "")`;

export const parentRefs: Schema = list(parentRef, {
  maxItems: 32,
  'x-kubernetes-validations': [
    rule(
      `self.all(a, self.all(b, ${sameParent} ? (${section('a')} == "") == (${section('b')} == "") : true))`,
      'sectionName must be specified when parentRefs includes 2 or more references to the same parent',
    ),
    rule(
      `self.all(a, self.exists_one(b, ${sameParent} && ${section('a')} == ${section('b')}))`,
      'sectionName must be unique when parentRefs includes 2 or more references to the same parent',
    ),
  ],
});

export const routeStatus: Schema = object(
  {
    parents: list(
      object(
        {
          parentRef,
          controllerName: controller,
          conditions: { ...conditions, minItems: 1 },
        },
        ['conditions', 'controllerName', 'parentRef'],
      ),
      { maxItems: 32 },
    ),
  },
  ['parents'],
);

export const hostnamesColumn: CrdColumn = { name: 'Hostnames', type: 'string', jsonPath: '.spec.hostnames' };
export const age: CrdColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** What the definitions of the bundle say of themselves. */
export const bundle = {
  'api-approved.kubernetes.io': 'https://github.com/kubernetes-sigs/gateway-api/pull/4530',
  'gateway.networking.k8s.io/bundle-version': 'v1.6.1',
  'gateway.networking.k8s.io/channel': 'standard',
};
