import { makesNoPods } from './find-pod-specs.ts';
import { isNode } from './read-manifest.ts';

/**
 * Whether a part of an object can change nothing that is judged, whatever it is merged into: then nobody needs to see the
 * whole. Kinds without pods have nothing else, Secrets (types) and Services (external addresses) apart. Pure.
 */
export function isHarmlessPart(subject: string, part: unknown): boolean {
  if (makesNoPods(subject) && subject !== 'core/Secret' && subject !== 'core/Service') return true;
  if (!isNode(part)) return false;
  const leaves: string[] = [];
  return collectPaths(part, '', 0, leaves) && leaves.every((path) => isHarmlessPath(subject, path));
}

/** Deeper parts are never among the harmless ones. */
const maxDepth = 6;

/** False where it goes too deep to be looked through. */
function collectPaths(node: object, prefix: string, depth: number, into: string[]): boolean {
  if (depth > maxDepth) return false;
  return Object.entries(node).every(([key, value]) => {
    const path = `${prefix}/${key}`;
    if (isNode(value) && Object.keys(value).length > 0) return collectPaths(value, path, depth + 1, into);
    into.push(path);
    return true;
  });
}

/** What says which object it is. */
const namingPaths = new Set([
  '/apiVersion',
  '/kind',
  '/metadata/name',
  '/metadata/namespace',
  '/metadata/uid',
  '/metadata/resourceVersion',
]);

/** What of the built-in workloads says how many pods there are and when, not which. */
const pacePaths = new Set([
  '/spec/replicas',
  '/spec/paused',
  '/spec/suspend',
  '/spec/minReadySeconds',
  '/spec/progressDeadlineSeconds',
  '/spec/revisionHistoryLimit',
  '/spec/schedule',
  '/spec/timeZone',
  '/spec/template/metadata/annotations/kubectl.kubernetes.io/restartedAt',
]);

const workloads = new Set([
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/Job',
  'batch/CronJob',
]);

function isHarmlessPath(subject: string, path: string): boolean {
  if (namingPaths.has(path) || path.startsWith('/metadata/labels/')) return true;
  // Annotations of a pod can loosen its confinement, those of a Secret make the cluster write a token into it.
  if (path.startsWith('/metadata/annotations/')) return workloads.has(subject) || subject === 'core/Service';
  return workloads.has(subject) && pacePaths.has(path);
}
