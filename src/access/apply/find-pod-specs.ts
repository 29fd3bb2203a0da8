import { isNode, itemsAt, type ManifestNode, type ManifestPath, nodeAt } from './read-manifest.ts';

export interface PodContainer {
  readonly container: ManifestNode;
  readonly path: ManifestPath;
}

/** What a manifest says of a pod, whole or in part: server-side apply takes parts too. */
export interface PodSpec {
  readonly spec: ManifestNode;
  readonly path: ManifestPath;
  /** Annotations the pod will have, and where they stand. */
  readonly annotations: ManifestNode;
  readonly annotationsPath: ManifestPath;
  /** Containers of every kind: init and ephemeral ones too. */
  readonly containers: readonly PodContainer[];
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

/** Where the pod spec of a built-in kind stands; null for built-in kinds that make no pods. */
const builtInPodSpecs: Readonly<Record<string, ManifestPath | null>> = {
  'core/Pod': ['spec'],
  'core/PodTemplate': ['template', 'spec'],
  'core/ReplicationController': ['spec', 'template', 'spec'],
  'apps/Deployment': ['spec', 'template', 'spec'],
  'apps/StatefulSet': ['spec', 'template', 'spec'],
  'apps/DaemonSet': ['spec', 'template', 'spec'],
  'apps/ReplicaSet': ['spec', 'template', 'spec'],
  'batch/Job': ['spec', 'template', 'spec'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  'core/ConfigMap': null,
  'core/Secret': null,
  'core/Service': null,
  'core/PersistentVolumeClaim': null,
  'networking.k8s.io/Ingress': null,
  'networking.k8s.io/NetworkPolicy': null,
  'autoscaling/HorizontalPodAutoscaler': null,
  'policy/PodDisruptionBudget': null,
};

/** Whether it is a built-in kind that makes no pods. */
export function makesNoPods(subject: string): boolean {
  return Object.hasOwn(builtInPodSpecs, subject) && builtInPodSpecs[subject] === null;
}

/** Deeper than any kind goes; what lies below is refused rather than passed over. */
const maxDepth = 64;

/**
 * Every pod a manifest can make. Built-in kinds have theirs in one place; in any other kind whatever looks like a part
 * of a pod is taken for one. `'too deep'` where a manifest cannot be looked through.
 */
export function findPodSpecs(subject: string, manifest: ManifestNode): readonly PodSpec[] | 'too deep' {
  const place = Object.hasOwn(builtInPodSpecs, subject) ? builtInPodSpecs[subject] : undefined;
  if (place === null) return [];
  if (place === undefined) return searchPodSpecs(manifest);
  const spec = nodeAt(manifest, ...place.map(String));
  const template = place.slice(0, -1);
  return [podSpecOf(spec ?? {}, place, nodeAt(manifest, ...template.map(String)), template)];
}

function searchPodSpecs(manifest: ManifestNode): readonly PodSpec[] | 'too deep' {
  const found: PodSpec[] = [];
  let isTooDeep = false;

  function search(value: unknown, path: ManifestPath, parent: ManifestNode | undefined): void {
    if (path.length > maxDepth) isTooDeep = true;
    if (isTooDeep || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        search(item, [...path, index], undefined);
      });
      return;
    }
    const node = value as ManifestNode;
    if (looksLikePodSpec(node) && !isContainer(path)) found.push(podSpecOf(node, path, parent, path.slice(0, -1)));
    // A part of a template can be its annotations alone.
    if (isNode(node.metadata) && !looksLikePodSpec(nodeAt(node, 'spec') ?? {})) {
      found.push(podSpecOf({}, [...path, 'spec'], node, path));
    }
    for (const [key, item] of Object.entries(node)) {
      // Labels and the like are the author's own words, whatever they say.
      if (!freeForm.has(key)) search(item, [...path, key], node);
    }
  }

  search(manifest, [], undefined);
  return isTooDeep ? 'too deep' : found;
}

const freeForm = new Set(['labels', 'annotations', 'matchLabels', 'nodeSelector', 'status']);

const podSpecKeys = [
  ...containerLists,
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'hostUsers',
  'volumes',
  'securityContext',
  'serviceAccountName',
  'serviceAccount',
];

function looksLikePodSpec(node: ManifestNode): boolean {
  return podSpecKeys.some((key) => Object.hasOwn(node, key));
}

/** A container has a security context of its own and is looked at with its pod. */
function isContainer(path: ManifestPath): boolean {
  const list = path.at(-2);
  return typeof path.at(-1) === 'number' && typeof list === 'string' && containerLists.includes(list);
}

function podSpecOf(
  spec: ManifestNode,
  path: ManifestPath,
  template: ManifestNode | undefined,
  templatePath: ManifestPath,
): PodSpec {
  return {
    spec,
    path,
    annotations: nodeAt(template, 'metadata', 'annotations') ?? {},
    annotationsPath: [...templatePath, 'metadata', 'annotations'],
    containers: containerLists.flatMap((list) =>
      itemsAt(spec, list).flatMap((container, index) =>
        isNode(container) ? [{ container, path: [...path, list, index] }] : [],
      ),
    ),
  };
}
