import { revisionHashLabel } from '../../../controllers/controller-revisions.ts';
import type { PersistentVolumeClaim, Pod, PodTemplate } from '../../../controllers/kubernetes-shapes.ts';
import { controllerReference } from '../../../controllers/owner-reference.ts';
import { hashOf } from '../create-pod-updater.ts';
import type { CloneSet } from '../kinds.ts';
import { stateLabel, stateTimeAnnotation } from '../lifecycle.ts';
import { withGates } from '../readiness.ts';

/** What a pod and its claims have in common. */
export const instanceIdLabel = 'apps.kruise.io/cloneset-instance-id';

export interface PodOrder {
  readonly template: PodTemplate;
  readonly revision: string;
  /** Five characters that no other pod or claim of the CloneSet has. */
  readonly instanceId: string;
  /** RFC 3339. */
  readonly now: string;
}

/** A pod of a CloneSet as it is created. */
export function buildPod(set: CloneSet, { template, revision, instanceId, now }: PodOrder): object {
  const { name, namespace } = set.metadata;
  const claims = buildClaims(set, instanceId);
  const claimed = new Set(claims.map(({ volume }) => volume));
  const volumes = [
    ...claims.map(({ volume, claim }) => ({
      name: volume,
      persistentVolumeClaim: { claimName: claim.metadata.name },
    })),
    ...(template.spec.volumes ?? []).filter((volume) => !claimed.has(volume.name)),
  ];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${instanceId}`,
      generateName: `${name}-`,
      namespace,
      labels: {
        ...template.metadata?.labels,
        [revisionHashLabel]: revision,
        'pod-template-hash': hashOf(revision),
        [instanceIdLabel]: instanceId,
        [stateLabel]: 'PreparingNormal',
      },
      annotations: { ...template.metadata?.annotations, [stateTimeAnnotation]: now },
      ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...template.spec,
      readinessGates: withGates(template.spec.readinessGates),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  } satisfies Record<keyof Omit<Pod, 'status'>, unknown>;
}

export interface ClaimOfPod {
  /** The claim template's name, which is the volume's. */
  readonly volume: string;
  readonly claim: PersistentVolumeClaim;
}

/** The claims of the pod with this id; they belong to the CloneSet and go with the pod. */
export function buildClaims(set: CloneSet, instanceId: string): readonly ClaimOfPod[] {
  const { name, namespace } = set.metadata;
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    volume: metadata.name,
    claim: {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: `${metadata.name}-${name}-${instanceId}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...metadata.labels, ...set.spec.selector.matchLabels, [instanceIdLabel]: instanceId },
        ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
        ownerReferences: [controllerReference(set)],
      },
      spec,
    },
  }));
}
