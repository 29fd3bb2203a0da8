import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { canonicalJson } from './canonical-json.ts';
import { claimObjects } from './claim-objects.ts';
import { createObjectIndex } from './create-object-index.ts';
import { createKindClient } from './kind-client.ts';
import type { ControllerRevision, LabelSelector, PodTemplate } from './kubernetes-shapes.ts';
import { controllerOf, controllerReference } from './owner-reference.ts';
import { templateHash } from './template-hash.ts';

export const revisionHashLabel = 'controller-revision-hash';
/** DaemonSets label their revisions like their pods, all others with a label of its own. */
const hashLabels: Readonly<Record<string, string>> = {
  DaemonSet: revisionHashLabel,
  StatefulSet: 'controller.kubernetes.io/hash',
  CloneSet: 'controller.kubernetes.io/hash',
};

/** A StatefulSet, DaemonSet, or what an engine keeps revisions of. */
type RevisionOwner = ClusterObject & { readonly spec: { readonly selector: LabelSelector } };

/** The templates a workload has had, as ControllerRevisions. */
export interface RevisionHistory {
  /** The revision of the owner's present template, made or brought to the front when it is not the newest. */
  ensureCurrent(owner: RevisionOwner, template: PodTemplate): ControllerRevision;
  list(owner: RevisionOwner): readonly ControllerRevision[];
  /** Deletes the oldest beyond the limit, but none that is in use. */
  prune(owner: RevisionOwner, limit: number, inUse: ReadonlySet<string>): void;
}

/** The hash of a revision, as DaemonSets label their pods with it. */
export function revisionHash(revision: ControllerRevision): string {
  return revision.metadata.labels?.[revisionHashLabel] ?? '';
}

/** The pod template a revision stands for. */
export function templateOf(revision: ControllerRevision): PodTemplate {
  const data = revision.data as { readonly spec: { readonly template: PodTemplate & { readonly $patch?: string } } };
  const { $patch: _, ...template } = data.spec.template;
  return template;
}

export function createRevisionHistory(store: ClusterStore): RevisionHistory {
  const revisions = createKindClient<ControllerRevision>(
    store,
    'kube-controller-manager',
    'apps',
    'controllerrevisions',
  );

  const orphans = createObjectIndex<ControllerRevision>(store, revisions.resource, (revision) =>
    controllerOf(revision) === undefined ? [revision.metadata.namespace ?? ''] : [],
  );

  /** Revisions that an owner of the same name left behind are adopted with the pods they stand for. */
  function list(owner: RevisionOwner): readonly ControllerRevision[] {
    const owned = store
      .listOwned(owner.metadata.uid ?? '')
      .filter((object): object is ControllerRevision => object.kind === 'ControllerRevision');
    return claimObjects({
      owner,
      selector: owner.spec.selector,
      candidates: [...owned, ...orphans.get(owner.metadata.namespace ?? '')],
      relink: (revision, ownerReferences) =>
        revisions.update({ ...revision, metadata: { ...revision.metadata, ownerReferences } }),
    }).sort((left, right) => left.revision - right.revision);
  }

  return {
    list,
    ensureCurrent(owner, template) {
      const known = list(owner);
      const wanted = canonicalJson(template);
      const newest = known.at(-1);
      const equal = known.find((revision) => canonicalJson(templateOf(revision)) === wanted);
      if (equal !== undefined && equal === newest) return equal;
      const revision = (newest?.revision ?? 0) + 1;
      if (equal !== undefined) return revisions.update({ ...equal, revision });
      const { namespace, name } = owner.metadata;
      let collisions = 0;
      while (revisions.get(namespace, `${name}-${templateHash(template, collisions)}`) !== undefined) collisions += 1;
      const hash = templateHash(template, collisions);
      return revisions.create({
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          name: `${name}-${hash}`,
          namespace,
          labels: { ...template.metadata?.labels, ...hashLabelOf(owner, hash) },
          ...(owner.metadata.annotations === undefined ? {} : { annotations: owner.metadata.annotations }),
          ownerReferences: [controllerReference(owner)],
        },
        data: { spec: { template: { ...template, $patch: 'replace' } } },
        revision,
      });
    },
    prune(owner, limit, inUse) {
      const idle = list(owner).filter(({ metadata }) => !inUse.has(metadata.name));
      for (const revision of idle.slice(0, Math.max(0, idle.length - limit))) revisions.delete(revision);
    },
  };
}

function hashLabelOf(owner: ClusterObject, hash: string): Record<string, string> {
  const label = hashLabels[owner.kind];
  return label === undefined ? {} : { [label]: hash };
}
