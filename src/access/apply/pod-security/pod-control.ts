import type { ApplyViolation } from '../apply-violation.ts';
import type { PodSpec } from '../find-pod-specs.ts';
import { type ManifestNode, type ManifestPath, nodeAt } from '../read-manifest.ts';

/** One control of the Pod Security Standards, level baseline, named as Kubernetes names it. */
export interface PodControl {
  readonly name: string;
  /** Pure; every place that breaks the control. */
  check(pod: PodSpec): readonly ApplyViolation[];
}

/** The security contexts of the pod and of each container. */
export function securityContexts(
  pod: PodSpec,
): readonly { readonly context: ManifestNode; readonly path: ManifestPath }[] {
  return [{ container: pod.spec, path: pod.path }, ...pod.containers].flatMap(({ container, path }) => {
    const context = nodeAt(container, 'securityContext');
    return context ? [{ context, path: [...path, 'securityContext'] }] : [];
  });
}
