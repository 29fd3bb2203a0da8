import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import {
  problemsOfConfigKey,
  problemsOfEnvironmentName,
  problemsOfName,
  problemsOfQualifiedName,
} from '../validation/names.ts';

const fieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const known = new Set([...fieldPaths, 'spec.restartPolicy', 'spec.schedulerName', 'spec.hostNetwork', 'status.phase']);
const containerResources = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

/** The variables of one container. */
export function validateEnvironment(variables: unknown, field: string, errors: FieldErrors): void {
  asObjectList(variables).forEach((variable, at) => {
    const name = asString(variable.name) ?? '';
    if (name === '') errors.required(`${field}[${at}].name`);
    else errors.eachInvalid(`${field}[${at}].name`, name, problemsOfEnvironmentName(name));
    const from = asObject(variable.valueFrom);
    if (from !== undefined) validateSource(from, variable, `${field}[${at}].valueFrom`, errors);
  });
}

/** Whole maps and secrets as variables. */
export function validateEnvironmentSources(list: unknown, field: string, errors: FieldErrors): void {
  asObjectList(list).forEach((source, at) => {
    const prefix = asString(source.prefix) ?? '';
    if (prefix !== '') errors.eachInvalid(`${field}[${at}].prefix`, prefix, problemsOfEnvironmentName(prefix));
    const present = (['configMapRef', 'secretRef'] as const).filter((kind) => source[kind] !== undefined);
    for (const kind of present) {
      const name = asString(asObject(source[kind])?.name) ?? '';
      if (name === '') errors.required(`${field}[${at}].${kind}.name`);
      else errors.eachInvalid(`${field}[${at}].${kind}.name`, name, problemsOfName(name, 'dns-subdomain'));
    }
    if (present.length === 0) errors.invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (present.length > 1) errors.invalid(field, '', 'may not have more than one field specified at a time');
  });
}

/** A field of the pod that a downward volume or variable shows. */
export function validateFieldRef(
  ref: JsonObject,
  allowed: readonly string[],
  field: string,
  errors: FieldErrors,
): void {
  const path = asString(ref.fieldPath) ?? '';
  if ((ref.apiVersion ?? '') === '') errors.required(`${field}.apiVersion`);
  else if (path === '') errors.required(`${field}.fieldPath`);
  else {
    const subscript = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/.exec(path);
    if (subscript !== null) {
      const key = subscript[2] ?? '';
      const checked = subscript[1] === 'metadata.annotations' ? key.toLowerCase() : key;
      errors.eachInvalid(field, key, problemsOfQualifiedName(checked));
    } else if (!known.has(path) && path !== 'metadata.labels' && path !== 'metadata.annotations') {
      errors.invalid(`${field}.fieldPath`, path, `error converting fieldPath: field label not supported: ${path}`);
    } else if (!allowed.includes(path)) errors.notSupported(`${field}.fieldPath`, path, [...allowed].sort());
  }
}

/** A container's resource that a downward volume or variable shows. */
export function validateResourceFieldRef(ref: JsonObject, isVolume: boolean, field: string, errors: FieldErrors): void {
  const resource = asString(ref.resource) ?? '';
  if (isVolume && (ref.containerName ?? '') === '') errors.required(`${field}.containerName`);
  else if (resource === '') errors.required(`${field}.resource`);
  else if (!containerResources.includes(resource) && !/^(limits|requests)\.hugepages-/.test(resource)) {
    errors.notSupported(`${field}.resource`, resource, containerResources);
  }
}

function validateSource(from: JsonObject, variable: JsonObject, field: string, errors: FieldErrors): void {
  const present = sources.filter((kind) => from[kind] !== undefined);
  for (const kind of present) {
    const source = asObject(from[kind]) ?? {};
    if (kind === 'fieldRef') validateFieldRef(source, fieldPaths, `${field}.fieldRef`, errors);
    else if (kind === 'resourceFieldRef') {
      validateResourceFieldRef(source, false, `${field}.resourceFieldRef`, errors);
    } else if (kind !== 'fileKeyRef') validateKeySelector(source, `${field}.${kind}`, errors);
  }
  if (present.length === 0) {
    errors.invalid(
      field,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    );
  } else if ((variable.value ?? '') !== '') {
    errors.invalid(field, '', 'may not be specified when `value` is not empty');
  } else if (present.length > 1) errors.invalid(field, '', 'may not have more than one field specified at a time');
}

function validateKeySelector(selector: JsonObject, field: string, errors: FieldErrors): void {
  const name = asString(selector.name) ?? '';
  const key = asString(selector.key) ?? '';
  if (name !== '') errors.eachInvalid(`${field}.name`, name, problemsOfName(name, 'dns-subdomain'));
  if (key === '') errors.required(`${field}.key`);
  else errors.eachInvalid(`${field}.key`, key, problemsOfConfigKey(key));
}
