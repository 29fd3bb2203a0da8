import type { ClusterObject } from '../store/types.ts';
import { canonicalJson } from './canonical-json.ts';
import { claimObjects } from './claim-objects.ts';
import type { ClusterContext } from './cluster-context.ts';
import { revisionHashLabel } from './controller-revisions.ts';
import { isNamespaceEnding } from './is-namespace-ending.ts';
import { createKindClient } from './kind-client.ts';
import type { LabelSelector, PersistentVolumeClaim, Pod, PodTemplate } from './kubernetes-shapes.ts';
import { controllerReference } from './owner-reference.ts';

const component = 'statefulset-controller';

/** A StatefulSet of apps/v1, or one of an engine. */
export interface StatefulOwner extends ClusterObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly serviceName?: string;
    readonly volumeClaimTemplates?: readonly PersistentVolumeClaim[];
    readonly persistentVolumeClaimRetentionPolicy?: { readonly whenDeleted?: string; readonly whenScaled?: string };
  };
}

/** What an owner adds to a pod besides its template. */
export interface PodMarks {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
}

/** The numbered pods of StatefulSets with their claims, and the Events about them. */
export interface StatefulPods {
  tell(set: StatefulOwner, reason: string, message: string, type?: 'Normal' | 'Warning'): void;
  /** Its numbered pods; orphans that bear its names are adopted. */
  owned(set: StatefulOwner): Pod[];
  /**
   * Makes the pod with its claims. Answers false where it has to wait: its name's last claim is still to go, or its
   * namespace ends. Throws `PodCreationError` for what was refused, and told in an Event; and what came when somebody
   * else's pod has the name, which is waited for in silence.
   */
  create(set: StatefulOwner, ordinal: number, template: PodTemplate, revision: string, marks?: PodMarks): boolean;
  delete(set: StatefulOwner, pod: Pod): void;
  /**
   * Whom a claim goes with: with its set where the policy deletes them together, with its pod once that is condemned
   * and the policy deletes what is scaled away. The garbage collector does the rest.
   */
  linkClaims(set: StatefulOwner, pod: Pod, isCondemned: boolean): void;
}

export class PodCreationError extends Error {
  override readonly name = 'PodCreationError';
}

export function createStatefulPods(context: ClusterContext, manager: string): StatefulPods {
  const { store, events } = context;
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const claims = createKindClient<PersistentVolumeClaim>(store, manager, '', 'persistentvolumeclaims');

  function tell(set: StatefulOwner, reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    events.record(set, { type, reason, message, component });
  }

  function ownedPods(set: StatefulOwner): Pod[] {
    const owned = store.listOwned(set.metadata.uid ?? '').filter((object): object is Pod => object.kind === 'Pod');
    return claimObjects({
      owner: set,
      selector: set.spec.selector,
      candidates: [...owned, ...context.podIndex.orphans(set.metadata.namespace)].filter((pod) => isMember(set, pod)),
      relink: (pod, ownerReferences) => pods.update({ ...pod, metadata: { ...pod.metadata, ownerReferences } }),
    });
  }

  function tryCreate(...order: Parameters<typeof createPod>): boolean {
    const [set, ordinal] = order;
    const name = `${set.metadata.name}-${ordinal}`;
    if (hasStaleClaim(set, name)) return false;
    try {
      createPod(...order);
      return true;
    } catch (cause) {
      if (isNamespaceEnding(cause)) return false;
      if (pods.get(set.metadata.namespace, name) !== undefined) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${why}`;
      tell(set, 'FailedCreate', message, 'Warning');
      throw new PodCreationError(why, { cause });
    }
  }

  function createPod(
    set: StatefulOwner,
    ordinal: number,
    template: PodTemplate,
    revision: string,
    marks: PodMarks = {},
  ): void {
    const name = `${set.metadata.name}-${ordinal}`;
    for (const claim of set.spec.volumeClaimTemplates ?? []) ensureClaim(set, claim, name);
    const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}` },
    }));
    const names = new Set(claimed.map((volume) => volume.name));
    const volumes = [...(template.spec.volumes ?? []).filter((volume) => !names.has(volume.name)), ...claimed];
    pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        generateName: `${set.metadata.name}-`,
        namespace: set.metadata.namespace,
        labels: {
          ...template.metadata?.labels,
          [revisionHashLabel]: revision,
          'statefulset.kubernetes.io/pod-name': name,
          'apps.kubernetes.io/pod-index': String(ordinal),
          ...marks.labels,
        },
        ...annotationsOf(template, marks),
        ownerReferences: [controllerReference(set)],
      },
      spec: {
        ...template.spec,
        ...marks.spec,
        hostname: name,
        ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
        ...(volumes.length === 0 ? {} : { volumes }),
      },
    });
    tell(set, 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`);
  }

  function ensureClaim(set: StatefulOwner, template: PersistentVolumeClaim, pod: string): void {
    const { namespace } = set.metadata;
    const name = `${template.metadata.name}-${pod}`;
    const known = claims.get(namespace, name);
    if (known?.metadata.deletionTimestamp !== undefined) throw new Error(`pvc ${name} is being deleted`);
    if (known !== undefined) return;
    const leavesWithSet = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
    claims.create({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
        ...(template.metadata.annotations === undefined ? {} : { annotations: template.metadata.annotations }),
        ...(leavesWithSet ? { ownerReferences: [controllerReference(set)] } : {}),
      },
      spec: template.spec,
    });
    tell(set, 'SuccessfulCreate', `Create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`);
  }

  function linkClaims(set: StatefulOwner, pod: Pod, isCondemned: boolean): void {
    const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claim = claims.get(set.metadata.namespace, `${template.metadata.name}-${pod.metadata.name}`);
      if (claim === undefined) continue;
      const references = claim.metadata.ownerReferences ?? [];
      const foreign = references.filter(({ uid }) => uid !== set.metadata.uid && uid !== pod.metadata.uid);
      const owner =
        isCondemned && whenScaled === 'Delete' ? pod : whenDeleted === 'Delete' && !isCondemned ? set : undefined;
      const keepsSet = isCondemned && whenScaled !== 'Delete' && whenDeleted === 'Delete';
      const ownerReferences = [
        ...foreign,
        ...(owner === undefined ? [] : [controllerReference(owner)]),
        ...(keepsSet ? [controllerReference(set)] : []),
      ];
      if (canonicalJson(ownerReferences) === canonicalJson(references)) continue;
      claims.update({ ...claim, metadata: { ...claim.metadata, ownerReferences } });
    }
  }

  /** A claim that still belongs to an earlier pod of this name is about to go; the new pod must not take it. */
  function hasStaleClaim(set: StatefulOwner, name: string): boolean {
    if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
    return (set.spec.volumeClaimTemplates ?? []).some((template) => {
      const claim = claims.get(set.metadata.namespace, `${template.metadata.name}-${name}`);
      return (claim?.metadata.ownerReferences ?? []).some((owner) => owner.kind === 'Pod' && owner.name === name);
    });
  }

  function deletePod(set: StatefulOwner, pod: Pod): void {
    pods.delete(pod);
    tell(set, 'SuccessfulDelete', `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`);
  }

  return { tell, owned: ownedPods, create: tryCreate, delete: deletePod, linkClaims };
}

function annotationsOf(template: PodTemplate, marks: PodMarks): { readonly annotations?: object } {
  const annotations = { ...template.metadata?.annotations, ...marks.annotations };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

export function ordinalOf({ metadata }: ClusterObject, pod: Pod): number {
  return Number(pod.metadata.name.slice(metadata.name.length + 1));
}

/** Whether the pod bears a name that the set gives. */
function isMember({ metadata }: ClusterObject, pod: Pod): boolean {
  const prefix = `${metadata.name}-`;
  return pod.metadata.name.startsWith(prefix) && /^\d+$/.test(pod.metadata.name.slice(prefix.length));
}
