import { isDeepStrictEqual } from 'node:util';
import { ValidationError, type ValidationIssue } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import type { WorkloadRevision } from '../revisions/workload-revisions.ts';
import { type InstanceSet, strategyPatch } from './instance-set.ts';

/** Another image for a container of some instances. */
export interface ContainerImage {
  /** May be left out where there is only one. */
  readonly container?: string | null | undefined;
  readonly image: string;
}

export interface InstanceUpdate {
  readonly kind: 'CLONE_SET' | 'ADVANCED_STATEFUL_SET';
  readonly set: InstanceSet;
  readonly images: readonly ContainerImage[];
  /** Names of the instances; undefined for all of them. */
  readonly instances: readonly string[] | undefined;
  /** Pods that it has. */
  readonly pods: readonly PodObject[];
  readonly revisions: readonly WorkloadRevision[];
}

interface UpdatePatch {
  readonly spec: { readonly template: object };
}

const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const instanceIdLabel = 'apps.kruise.io/cloneset-instance-id';

/**
 * The one write by which OpenKruise gives chosen instances another image (CMP-79, CMP-80): the template has the image, the priorities
 * name the chosen ones, and the partition keeps as many as are neither chosen nor of that version already. What ran another version
 * before goes on with it, so several versions run at once. Throws `ValidationError`. Pure.
 */
export function planInstanceUpdate(update: InstanceUpdate): UpdatePatch {
  const { kind, set, pods, instances } = update;
  const template = withImages(set, update.images);
  const patch = { template: { spec: { containers: template.spec?.containers } } };
  if (instances === undefined) return { spec: { ...patch, ...strategyPatch(kind, { partition: 0 }) } };
  const chosen = chosenPods(kind, set, pods, instances);
  const partition = keptPods(update, template, new Set(instances)).length;
  const priorityStrategy = { weightPriority: [{ weight: 100, matchSelector: selectorOf(kind, chosen) }] };
  const priority = kind === 'CLONE_SET' ? { priorityStrategy } : { unorderedUpdate: { priorityStrategy } };
  return { spec: { ...patch, ...strategyPatch(kind, { partition, ...priority }) } };
}

/** The patch that makes new instances of another version and leaves those that are there as they are (CMP-79). */
export function planNewInstances(update: Omit<InstanceUpdate, 'instances'>, replicas: number): UpdatePatch {
  const template = withImages(update.set, update.images);
  const partition = keptPods(update, template, new Set()).length;
  const spec = { replicas, template: { spec: { containers: template.spec?.containers } } };
  return { spec: { ...spec, ...strategyPatch(update.kind, { partition }) } };
}

type Template = NonNullable<InstanceSet['spec']>['template'];

function withImages(set: InstanceSet, images: readonly ContainerImage[]): Template {
  const template: Template = set.spec?.template ?? {};
  const containers = template.spec?.containers ?? [];
  const issues: ValidationIssue[] = [];
  const chosen = new Map<string, string>();
  images.forEach(({ container, image }, index) => {
    const name = container ?? (containers.length === 1 ? containers[0]?.name : undefined);
    const known = containers.map((each) => each.name).join(', ');
    if (name === undefined) {
      const message = `It has several containers: say which one is meant, of ${known}`;
      issues.push({ path: ['images', index, 'container'], code: 'required', message });
    } else if (!containers.some((each) => each.name === name)) {
      const message = `There is no container '${name}'; there are ${known}`;
      issues.push({ path: ['images', index, 'container'], code: 'no_such_container', message });
    } else if (!/^\S{1,1024}$/.test(image)) {
      const message = `images.${index}.image must be the name of an image without spaces`;
      issues.push({ path: ['images', index, 'image'], code: 'invalid_image', message });
    } else if (chosen.has(name)) {
      issues.push({ path: ['images', index, 'container'], code: 'duplicate', message: `'${name}' stands here twice` });
    } else chosen.set(name, image);
  });
  if (images.length === 0) issues.push({ path: ['images'], code: 'required', message: 'There is no image to set' });
  if (issues.length > 0) throw new ValidationError(issues);
  const changed = containers.map((each) => ({ ...each, image: chosen.get(each.name) ?? each.image ?? '' }));
  return { ...template, spec: { ...template.spec, containers: changed } };
}

function chosenPods(
  kind: InstanceUpdate['kind'],
  set: InstanceSet,
  pods: readonly PodObject[],
  instances: readonly string[],
): readonly PodObject[] {
  const ordered =
    kind === 'ADVANCED_STATEFUL_SET' &&
    (set.spec as { podManagementPolicy?: string }).podManagementPolicy !== 'Parallel';
  if (ordered) {
    const message = `${set.metadata.name} updates its instances in their order, the last one first: only one with podManagementPolicy Parallel lets them be chosen`;
    throw new ValidationError([{ path: ['instances'], code: 'ordered', message }]);
  }
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const label = labelOf(kind);
  const issues = instances.flatMap((name, index): ValidationIssue[] => {
    const path = ['instances', index];
    const pod = byName.get(name);
    if (!pod) return [{ path, code: 'no_such_instance', message: `'${name}' is no instance of it` }];
    if (pod.metadata.labels?.[label] !== undefined) return [];
    return [{ path, code: 'not_addressable', message: `'${name}' has no label ${label}, by which it could be chosen` }];
  });
  if (instances.length === 0) issues.push({ path: ['instances'], code: 'required', message: 'No instance is named' });
  if (issues.length > 0) throw new ValidationError(issues);
  return instances.flatMap((name) => byName.get(name) ?? []);
}

/** What is left as it is: neither chosen, nor of the wanted version already. */
function keptPods(
  { pods, revisions }: Pick<InstanceUpdate, 'pods' | 'revisions'>,
  template: Template,
  chosen: ReadonlySet<string>,
): readonly PodObject[] {
  const known = revisions.find((revision) => isDeepStrictEqual(plain(revision.template), plain(template)));
  return pods.filter(
    ({ metadata }) => !chosen.has(metadata.name) && (known === undefined || !isAt(metadata.labels, known.name)),
  );
}

/** The label has the whole name of the ControllerRevision, or its hash alone (OpenKruise, gate CloneSetShortHash). */
function isAt(labels: Readonly<Record<string, string>> | undefined, revision: string): boolean {
  const hash = labels?.['controller-revision-hash'];
  return hash !== undefined && (hash === revision || revision.endsWith(`-${hash}`));
}

function selectorOf(kind: InstanceUpdate['kind'], chosen: readonly PodObject[]): object {
  const key = labelOf(kind);
  const values = chosen.flatMap(({ metadata }) => metadata.labels?.[key] ?? []);
  return { matchExpressions: [{ key, operator: 'In', values }] };
}

/** The label that tells one instance from all others. */
function labelOf(kind: InstanceUpdate['kind']): string {
  return kind === 'CLONE_SET' ? instanceIdLabel : podNameLabel;
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_key, part: unknown) => (part === null ? undefined : part));
}
