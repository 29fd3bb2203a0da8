import { templateKinds } from '../templates/kubernetes-kinds.ts';
import { isJson, type Json } from '../templates/template-parts.ts';

/** The new name of something of a kind; the same for what is not of the text. */
export type Rename = (kind: string, name: string) => string;

/** An object whose references to others of its text lead to what these are called once they are deployed. Pure. */
export function renameReferences(object: Json, rename: Rename): Json {
  const kind = String(object.kind);
  const { podTemplate } = templateKinds[kind] ?? {};
  let renamed = object;
  const name = (path: readonly string[], of: string): void => {
    renamed = changedAt(renamed, path, (value) => (typeof value === 'string' ? rename(of, value) : value), true);
  };
  if (podTemplate) renamed = changedAt(renamed, [...podTemplate, 'spec'], (spec) => renameInPod(spec, rename), true);
  if (kind === 'StatefulSet') name(['spec', 'serviceName'], 'Service');
  if (kind === 'Ingress') renamed = renameServices(renamed, rename) as Json;
  if (kind === 'HorizontalPodAutoscaler') {
    renamed = changedAt(renamed, ['spec', 'scaleTargetRef'], (target) => renameTarget(target, rename), true);
  }
  return renamed;
}

function renameTarget(target: unknown, rename: Rename): unknown {
  if (!isJson(target) || typeof target.name !== 'string') return target;
  return { ...target, name: rename(String(target.kind), target.name) };
}

/** Names of ConfigMaps and claims wherever a pod's spec has them. */
function renameInPod(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((each) => renameInPod(each, rename));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (configKeys.has(key) && isJson(inner) && typeof inner.name === 'string') {
        return [key, { ...inner, name: rename('ConfigMap', inner.name) }];
      }
      if (key === 'claimName' && typeof inner === 'string') return [key, rename('PersistentVolumeClaim', inner)];
      return [key, renameInPod(inner, rename)];
    }),
  );
}

const configKeys = new Set(['configMap', 'configMapRef', 'configMapKeyRef']);

function renameServices(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((each) => renameServices(each, rename));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === 'service' && isJson(inner) && typeof inner.name === 'string'
        ? [key, { ...inner, name: rename('Service', inner.name) }]
        : [key, renameServices(inner, rename)],
    ),
  );
}

/** A copy with another value some levels down; where `isOnlyThere` nothing is made on the way. */
export function changedAt(
  object: Json,
  path: readonly string[],
  change: (value: unknown) => unknown,
  isOnlyThere = false,
): Json {
  const [key = '', ...rest] = path;
  const inner = object[key];
  if (isOnlyThere && inner === undefined) return object;
  if (rest.length === 0) return { ...object, [key]: change(inner) };
  if (inner !== undefined && inner !== null && !isJson(inner)) return object;
  return { ...object, [key]: changedAt(isJson(inner) ? inner : {}, rest, change, isOnlyThere) };
}
