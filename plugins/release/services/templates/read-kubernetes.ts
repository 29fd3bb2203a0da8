import { dependsOnAnnotation, templateKinds } from './kubernetes-kinds.ts';
import {
  type AppPlan,
  appNamePattern,
  appNameRule,
  at,
  isJson,
  type Json,
  jsonsAt,
  type TemplateIssue,
  type TemplateObject,
  type TemplatePlan,
  type TextPart,
} from './template-parts.ts';

/** Manifests (REL-40): each workload is an application, with the Services that lead to it and what scales it. */
export function readKubernetes(parts: readonly TextPart[]): TemplatePlan {
  const issues: TemplateIssue[] = [];
  const objects = parts.flatMap(({ index, value }) => readObject(index, value, issues));
  const seen = new Map<string, number>();
  for (const { object, place } of objects) {
    const key = `${String(object.kind)} '${nameOf(object)}'`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, place.document);
    else {
      const message = `Documents ${first} and ${place.document} are both ${key}`;
      issues.push({ document: place.document, path: ['metadata', 'name'], code: 'duplicate_object', message });
    }
  }
  const workloads = objects.filter(({ object }) => templateOf(object) !== undefined);
  const rest = objects.filter((each) => !workloads.includes(each));
  const owned = new Map<TemplateObject, TemplateObject>();
  for (const each of rest) {
    const owner = workloads.find((workload) => belongsTo(each.object, workload.object));
    if (owner) owned.set(each, owner);
  }
  const apps = workloads.map((workload) =>
    toApp(
      workload,
      rest.filter((each) => owned.get(each) === workload),
      issues,
    ),
  );
  const services = new Map(
    apps.map(({ name, objects: own }) => [
      name,
      own.filter(({ object }) => object.kind === 'Service').map(({ object }) => nameOf(object)),
    ]),
  );
  return {
    apps: apps.map((app) => ({ ...app, links: linksOf(app, services) })),
    shared: rest.filter((each) => !owned.has(each)),
    issues,
  };
}

function readObject(document: number, value: unknown, issues: TemplateIssue[]): readonly TemplateObject[] {
  const refuse = (path: readonly string[], code: string, message: string): readonly TemplateObject[] => {
    issues.push({ document, path, code, message });
    return [];
  };
  if (!isJson(value) || typeof value.kind !== 'string' || typeof value.apiVersion !== 'string') {
    return refuse([], 'not_an_object', 'A document must be a mapping with apiVersion, kind and metadata');
  }
  if (value.kind === 'Secret') {
    const message = 'A template is read by its whole project: make the Secret in the namespace, and name it here';
    return refuse(['kind'], 'kind_not_offered', message);
  }
  const kind = Object.hasOwn(templateKinds, value.kind) ? templateKinds[value.kind] : undefined;
  if (!kind) {
    const message = `A template has no ${value.kind.slice(0, 60)}; it may have ${Object.keys(templateKinds).join(', ')}`;
    return refuse(['kind'], 'kind_not_offered', message);
  }
  if (!kind.apiVersions.includes(value.apiVersion)) {
    return refuse(
      ['apiVersion'],
      'unknown_kind',
      `apiVersion of ${value.kind} must be ${kind.apiVersions.join(' or ')}`,
    );
  }
  if (!isJson(value.metadata) || typeof value.metadata.name !== 'string') {
    return refuse(['metadata', 'name'], 'required', 'metadata.name is missing: what it is called in the template');
  }
  const { name, namespace, ownerReferences, finalizers } = value.metadata;
  if (!appNamePattern.test(name))
    return refuse(['metadata', 'name'], 'invalid_name', `metadata.name must be ${appNameRule}`);
  if (namespace !== undefined) {
    return refuse(['metadata', 'namespace'], 'not_offered', 'A template says no namespace: who deploys it does');
  }
  if (ownerReferences !== undefined || finalizers !== undefined) {
    const path = ['metadata', ownerReferences === undefined ? 'finalizers' : 'ownerReferences'];
    return refuse(path, 'not_offered', 'It is set where the object is, not in a template');
  }
  return [{ object: value, place: { document, path: [] } }];
}

function toApp(
  workload: TemplateObject,
  own: readonly TemplateObject[],
  issues: TemplateIssue[],
): Omit<AppPlan, 'links'> {
  const { object, place } = workload;
  const name = nameOf(object);
  const spec = [...(templateOf(object) ?? []), 'spec'];
  const images = ['initContainers', 'containers'].flatMap((list) =>
    jsonsAt(object, [...spec, list]).flatMap(({ image }) => (typeof image === 'string' ? [image] : [])),
  );
  if (images.length === 0) {
    const message = 'Its pods have no container with an image';
    issues.push({ document: place.document, path: [...spec, 'containers'], code: 'required', message });
  }
  const annotation = at(object, ['metadata', 'annotations', dependsOnAnnotation]);
  const path = ['metadata', 'annotations', dependsOnAnnotation];
  if (annotation !== undefined && typeof annotation !== 'string') {
    const message = `${dependsOnAnnotation} must be names of applications, apart by commas`;
    issues.push({ document: place.document, path, code: 'not_a_text', message });
  }
  const words = typeof annotation === 'string' ? annotation.split(',').map((word) => word.trim()) : [];
  const dependsOn = [...new Set(words.filter((word) => word !== ''))];
  const replicas = at(object, ['spec', 'replicas']);
  return {
    name,
    kind: String(object.kind),
    replicas: typeof replicas === 'number' ? replicas : null,
    images,
    dependsOn,
    dependencyPlaces: dependsOn.map(() => path),
    place,
    objects: [
      ...own.filter((each) => each.object.kind === 'Service'),
      workload,
      ...own.filter((each) => each.object.kind !== 'Service'),
    ],
  };
}

/** Its pods find the Services of what it depends on by the names that the template gives them. */
function linksOf(
  { dependsOn }: Pick<AppPlan, 'dependsOn'>,
  services: ReadonlyMap<string, readonly string[]>,
): AppPlan['links'] {
  return dependsOn.flatMap((app) => (services.get(app) ?? []).map((alias) => ({ app, alias })));
}

/** A Service that selects the pods of a workload, what scales it, what keeps its pods. */
function belongsTo(object: Json, workload: Json): boolean {
  const template = templateOf(workload) ?? [];
  const labels = at(workload, [...template, 'metadata', 'labels']);
  if (object.kind === 'Service') return selects(at(object, ['spec', 'selector']), labels);
  if (object.kind === 'PodDisruptionBudget') return selects(at(object, ['spec', 'selector', 'matchLabels']), labels);
  if (object.kind !== 'HorizontalPodAutoscaler') return false;
  const target = at(object, ['spec', 'scaleTargetRef']);
  return at(target, ['kind']) === workload.kind && at(target, ['name']) === nameOf(workload);
}

function selects(selector: unknown, labels: unknown): boolean {
  if (!isJson(selector) || Object.keys(selector).length === 0) return false;
  return Object.entries(selector).every(([key, value]) => at(labels, [key]) === value);
}

const nameOf = (object: Json): string => String(at(object, ['metadata', 'name']));
const templateOf = ({ kind }: Json) => templateKinds[String(kind)]?.podTemplate;
