import type { WorkloadParts } from 'longshore/plugins/compute';
import type { Profile } from 'longshore/sdk';
import type { StackScale } from '../../api.ts';
import { templateKinds } from '../templates/kubernetes-kinds.ts';
import { podStackApp } from '../templates/read-pod-stack.ts';
import type { ReadTemplate } from '../templates/read-template.ts';
import { type AppPlan, at, isJson, type Json, type TemplateObject } from '../templates/template-parts.ts';
import { changedAt, renameReferences } from './rename-references.ts';
import {
  digestOfManifest,
  type StackAppPlan,
  type StackObject,
  type StackPlan,
  stackAppLabel,
  stackDigestAnnotation,
  stackLabel,
} from './stack-plan.ts';

export interface RenderRequest {
  readonly read: Pick<ReadTemplate, 'apps' | 'shared' | 'directories'>;
  /** Uuid of the stack. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly profile: Profile;
  readonly parts: Pick<WorkloadParts, 'labelOf' | 'withDirectories'>;
  readonly scale: StackScale | null;
}

/** What a text comes to in a namespace: each name begins with that of the deployment (REL-44). Pure. */
export function renderStack(request: RenderRequest): StackPlan {
  const { read } = request;
  const own = new Set(
    [...read.shared, ...read.apps.flatMap(({ objects }) => objects)].map(
      ({ object }) => `${object.kind}/${nameOf(object)}`,
    ),
  );
  const apps = read.apps.map((app) => renderApp(app, own, request));
  return { shared: read.shared.map((object) => render(object, undefined, own, request)), apps };
}

function renderApp(app: AppPlan, own: ReadonlySet<string>, request: RenderRequest): StackAppPlan {
  const { objects, links, place: _place, dependencyPlaces: _places, ...rest } = app;
  const rendered = objects.map((object) => render(object, app, own, request));
  const workload = rendered.find(({ kind }) => kind === app.kind) as StackObject;
  const { apiVersion, kind, name } = workload;
  const scaler = request.scale ? [scalerOf(workload, request.scale, app, request)] : [];
  return {
    ...rest,
    workload: { apiVersion, kind, name },
    services: rendered.filter((each) => each.kind === 'Service').map((each) => each.name),
    objects: [...rendered, ...scaler],
    links: links.map(({ app: other, alias }) => ({ alias, service: serviceOf(other, alias, own, request) })),
  };
}

/** A link names a Service; in a compose text that is its application's. */
function serviceOf(app: string, alias: string, own: ReadonlySet<string>, request: RenderRequest): string {
  return nameIn(own.has(`Service/${alias}`) ? alias : app, request);
}

function render(
  { object }: TemplateObject,
  app: AppPlan | undefined,
  own: ReadonlySet<string>,
  request: RenderRequest,
): StackObject {
  const { id, profile, parts, namespace, read } = request;
  const kind = String(object.kind);
  const name = nameIn(nameOf(object), request);
  const labels = { [stackLabel]: id, ...(app ? { [stackAppLabel]: app.name } : {}) };
  const { podTemplate, hasSelector } = templateKinds[kind] ?? {};
  const workloadLabel = podTemplate ? parts.labelOf(kind, name, profile) : {};
  const rename = (of: string, given: string) => (own.has(`${of}/${given}`) ? nameIn(given, request) : given);

  let manifest = renameReferences(object, rename);
  manifest = changedAt(manifest, ['metadata', 'labels'], (before) => ({
    ...asJson(before),
    ...workloadLabel,
    ...labels,
  }));
  if (podTemplate) {
    manifest = changedAt(manifest, [...podTemplate, 'metadata', 'labels'], (before) => ({
      ...asJson(before),
      ...workloadLabel,
      ...labels,
    }));
  }
  if (podTemplate && read.directories.length > 0) {
    manifest = changedAt(manifest, [...podTemplate, 'spec'], (spec) =>
      parts.withDirectories(asJson(spec), read.directories),
    );
  }
  if (hasSelector) {
    // Two deployments of one text must not take each other's pods; a selector never changes, so that no profile is asked for it.
    manifest = changedAt(manifest, ['spec', 'selector', 'matchLabels'], (before) => ({ ...asJson(before), ...labels }));
  }
  for (const path of ownSelectors[kind] ?? []) {
    const before = at(manifest, path);
    if (isJson(before)) manifest = changedAt(manifest, path, () => ({ ...before, [stackLabel]: id }));
  }
  if (
    podTemplate &&
    (kind === 'Job' || kind === 'CronJob') &&
    at(manifest, [...podTemplate, 'spec', 'restartPolicy']) === undefined
  ) {
    manifest = changedAt(manifest, [...podTemplate, 'spec', 'restartPolicy'], () => 'Never');
  }
  return finished(manifest, { name, namespace });
}

/** Selectors of pods that would find those of another deployment of the same text. */
const ownSelectors: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Service: [['spec', 'selector']],
  PodDisruptionBudget: [['spec', 'selector', 'matchLabels']],
  NetworkPolicy: [['spec', 'podSelector', 'matchLabels']],
};

function scalerOf(
  workload: StackObject,
  scale: StackScale,
  app: AppPlan,
  { id, namespace }: RenderRequest,
): StackObject {
  const { apiVersion, kind, name } = workload;
  const { minReplicas, maxReplicas, targetCpuUtilization } = scale;
  const target = { type: 'Utilization', averageUtilization: targetCpuUtilization };
  const manifest = {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { labels: { [stackLabel]: id, [stackAppLabel]: app.name } },
    spec: {
      scaleTargetRef: { apiVersion, kind, name },
      minReplicas,
      maxReplicas,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
  };
  return finished(manifest, { name, namespace });
}

function finished(manifest: Json, place: { readonly name: string; readonly namespace: string }): StackObject {
  const named = changedAt(manifest, ['metadata'], (before) => ({ ...asJson(before), ...place }));
  const digest = digestOfManifest(named);
  const whole = changedAt(named, ['metadata', 'annotations'], (before) => ({
    ...asJson(before),
    [stackDigestAnnotation]: digest,
  }));
  return { apiVersion: String(whole.apiVersion), kind: String(whole.kind), name: place.name, manifest: whole };
}

/** The one application of a pod stack has no name of its own. */
const nameIn = (own: string, { name }: RenderRequest): string => (own === podStackApp ? name : `${name}-${own}`);
const nameOf = (object: Json): string => String(at(object, ['metadata', 'name']));
const asJson = (value: unknown): Json => (isJson(value) ? value : {});
