import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateDescendingPath, validateNoBacksteps } from '../validation/paths.ts';
import { validateFieldRef, validateResourceFieldRef } from './validate-environment.ts';

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const downwardPaths = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const modeWords = 'must be a number between 0 and 0777 (octal), both inclusive';

/** Sources a volume may have besides those with rules of their own, in the order in which they are looked at. */
const order = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];

/** The volumes of a pod. Answers the names that mounts may use: those of volumes without a fault. */
export function validateVolumes(spec: JsonObject, field: string, errors: FieldErrors): ReadonlySet<string> {
  const names = new Set<string>();
  asObjectList(spec.volumes).forEach((volume, at) => {
    const place = `${field}[${at}]`;
    const before = errors.causes.length;
    validateVolumeSource(volume, place, errors);
    const name = asString(volume.name) ?? '';
    if (name === '') errors.required(`${place}.name`);
    else errors.eachInvalid(`${place}.name`, name, problemsOfName(name, 'dns-label'));
    if (names.has(name)) errors.duplicate(`${place}.name`, name);
    if (errors.causes.length === before) names.add(name);
  });
  return names;
}

/** Rules of one source; also those of a PersistentVolume that has the same source. */
export function validateSource(kind: string, source: JsonObject, field: string, errors: FieldErrors): void {
  switch (kind) {
    case 'emptyDir':
      if (source.sizeLimit !== undefined && compareQuantities(source.sizeLimit, '0') < 0) {
        errors.forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
      }
      return;
    case 'hostPath': {
      const path = asString(source.path) ?? '';
      if (path === '') {
        errors.required(`${field}.path`);
        return;
      }
      validateNoBacksteps(path, `${field}.path`, errors);
      if (source.type !== undefined) errors.oneOf(`${field}.type`, source.type, hostPathTypes);
      return;
    }
    case 'nfs':
      if ((source.server ?? '') === '') errors.required(`${field}.server`);
      if ((source.path ?? '') === '') errors.required(`${field}.path`);
      if (!String(source.path ?? '').startsWith('/')) {
        errors.invalid(`${field}.path`, source.path ?? '', 'must be an absolute path');
      }
      return;
    case 'secret':
      validateKeys(source, 'secretName', field, errors);
      return;
    case 'configMap':
      validateKeys(source, 'name', field, errors);
      return;
    case 'persistentVolumeClaim':
      if ((source.claimName ?? '') === '') errors.required(`${field}.claimName`);
      return;
    case 'downwardAPI':
      validateMode(source.defaultMode, `${field}.defaultMode`, errors);
      for (const item of asObjectList(source.items)) validateDownwardItem(item, field, errors);
      return;
    case 'projected':
      validateProjection(source, field, errors);
      return;
    case 'csi':
      if ((source.driver ?? '') === '') errors.required(`${field}.driver`);
      return;
    case 'ephemeral':
      if (source.volumeClaimTemplate === undefined) errors.required(`${field}.volumeClaimTemplate`);
      return;
  }
}

function validateVolumeSource(volume: JsonObject, place: string, errors: FieldErrors): void {
  let count = 0;
  for (const kind of order) {
    const source = asObject(volume[kind]);
    if (source === undefined) continue;
    if (count > 0) errors.forbidden(`${place}.${kind}`, 'may not specify more than 1 volume type');
    else validateSource(kind, source, `${place}.${kind}`, errors);
    count += 1;
  }
  if (count === 0) errors.required(place, 'must specify a volume type');
}

function validateKeys(source: JsonObject, nameKey: string, field: string, errors: FieldErrors): void {
  if ((source[nameKey] ?? '') === '') errors.required(`${field}.${nameKey}`);
  validateMode(source.defaultMode, `${field}.defaultMode`, errors);
  validateItems(source, field, errors);
}

function validateItems(source: JsonObject, field: string, errors: FieldErrors): void {
  asObjectList(source.items).forEach((item, at) => {
    const place = `${field}.items[${at}]`;
    if ((item.key ?? '') === '') errors.required(`${place}.key`);
    if ((item.path ?? '') === '') errors.required(`${place}.path`);
    validateLocalPath(item.path, `${place}.path`, errors);
    validateMode(item.mode, `${place}.mode`, errors);
  });
}

function validateDownwardItem(item: JsonObject, field: string, errors: FieldErrors): void {
  if ((item.path ?? '') === '') errors.required(`${field}.path`);
  validateLocalPath(item.path, `${field}.path`, errors);
  const fieldRef = asObject(item.fieldRef);
  const resourceRef = asObject(item.resourceFieldRef);
  if (fieldRef !== undefined) {
    validateFieldRef(fieldRef, downwardPaths, `${field}.fieldRef`, errors);
    if (resourceRef !== undefined) {
      errors.invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously');
    }
  } else if (resourceRef !== undefined) {
    validateResourceFieldRef(resourceRef, true, `${field}.resourceFieldRef`, errors);
  } else errors.required(field, 'one of fieldRef and resourceFieldRef is required');
  validateMode(item.mode, `${field}.mode`, errors);
}

function validateProjection(source: JsonObject, field: string, errors: FieldErrors): void {
  validateMode(source.defaultMode, `${field}.defaultMode`, errors);
  asObjectList(source.sources).forEach((part, at) => {
    const place = `${field}.sources[${at}]`;
    for (const kind of ['secret', 'configMap'] as const) {
      const keys = asObject(part[kind]);
      if (keys === undefined) continue;
      if ((keys.name ?? '') === '') errors.required(`${place}.${kind}.name`);
      validateItems(keys, `${place}.${kind}`, errors);
    }
    for (const item of asObjectList(asObject(part.downwardAPI)?.items)) {
      validateDownwardItem(item, `${place}.downwardAPI`, errors);
    }
    const token = asObject(part.serviceAccountToken);
    if (token === undefined) return;
    const seconds = token.expirationSeconds;
    const secondsField = `${place}.serviceAccountToken.expirationSeconds`;
    if (typeof seconds === 'number' && seconds < 600) {
      errors.invalid(secondsField, seconds, 'may not specify a duration less than 10 minutes');
    }
    if (typeof seconds === 'number' && seconds > 2 ** 32) {
      errors.invalid(secondsField, seconds, 'may not specify a duration larger than 2^32 seconds');
    }
    if ((token.path ?? '') === '') errors.required(`${field}.path`);
    else validateLocalPath(token.path, `${field}.path`, errors);
  });
}

function validateLocalPath(path: unknown, field: string, errors: FieldErrors): void {
  validateDescendingPath(path, field, errors);
  if (typeof path === 'string' && path.startsWith('..') && !path.startsWith('../')) {
    errors.invalid(field, path, "must not start with '..'");
  }
}

function validateMode(mode: unknown, field: string, errors: FieldErrors): void {
  if (typeof mode === 'number' && (mode < 0 || mode > 0o777)) errors.invalid(field, mode, modeWords);
}
