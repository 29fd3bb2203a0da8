import { type KubeObject, subjectOf, type ValidationIssue } from 'longshore/sdk';
import { isPlainObject } from './plain-value.ts';
import type { PlannedDocument } from './plan-apply.ts';

/** Where objects of a kind keep the template of their pods. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  'apps/Deployment': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'core/ReplicationController': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'apps.kruise.io/CloneSet': ['spec', 'template'],
  'apps.kruise.io/StatefulSet': ['spec', 'template'],
  'apps.kruise.io/DaemonSet': ['spec', 'template'],
};

type Json = Readonly<Record<string, unknown>>;

/**
 * The document with the label that makes it part of an application, in its pod template too (CORE-28). Its misfits name
 * each place where the text, or the object that is there, names another application.
 */
export function attachToApplication(plan: PlannedDocument, label: string, application: string): PlannedDocument {
  const misfits: ValidationIssue[] = [];
  const { document, existing } = plan;
  const object = plan.object as Json;
  const template = templatePaths[subjectOf(plan.kind)];
  const places = [
    ['metadata'],
    ...(template && isPlainObject(at(object, template)) ? [[...template, 'metadata']] : []),
  ];
  const refuse = (path: readonly string[], other: string, whose: string): void => {
    const message = `${whose} belongs to the application '${other}' by its label ${label}, not to '${application}'`;
    misfits.push({
      path: ['manifest', document.index, ...path],
      code: 'other_application',
      message,
      ...document.locate(path),
    });
  };
  for (const place of places) {
    const path = [...place, 'labels', label];
    const other = at(object, path);
    if (typeof other === 'string' && other !== application) refuse(path, other, 'It');
  }
  const held = labelOf(existing, label);
  const saysItself = at(object, ['metadata', 'labels', label]) !== undefined;
  if (held !== undefined && held !== application && !saysItself) refuse(['metadata'], held, 'The object that is there');
  const labelled = places.reduce<Json>((made, place) => put(made, [...place, 'labels', label], application), object);
  return { ...plan, object: labelled, misfits: [...plan.misfits, ...misfits] };
}

function labelOf(object: KubeObject | undefined, label: string): string | undefined {
  const labels = object?.metadata.labels;
  return labels && Object.hasOwn(labels, label) ? labels[label] : undefined;
}

function at(object: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    object,
  );
}

/** A copy with one value set; what stands in its way is left as it is, for the cluster to refuse. */
function put(object: Json, path: readonly string[], value: string): Json {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = object[name] ?? {};
  return isPlainObject(inner) ? { ...object, [name]: put(inner, rest, value) } : object;
}
