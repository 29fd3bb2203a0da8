import type { ClusterObject, ClusterStore } from '../store/types.ts';
import { canonicalJson } from './canonical-json.ts';
import { createKindClient } from './kind-client.ts';
import type { ControllerRevision, PodTemplate } from './kubernetes-shapes.ts';
import { controllerReference } from './owner-reference.ts';
import { templateHash } from './template-hash.ts';

export const revisionHashLabel = 'controller-revision-hash';
const hashLabel = 'controller.kubernetes.io/hash';

/** The templates a StatefulSet or DaemonSet has had, as ControllerRevisions. */
export interface RevisionHistory {
  /** The revision of the owner's present template, made or brought to the front when it is not the newest. */
  ensureCurrent(owner: ClusterObject, template: PodTemplate): ControllerRevision;
  list(owner: ClusterObject): readonly ControllerRevision[];
  /** Deletes the oldest beyond the limit, but none that is in use. */
  prune(owner: ClusterObject, limit: number, inUse: ReadonlySet<string>): void;
}

/** The hash of a revision, as DaemonSets label their pods with it. */
export function revisionHash(revision: ControllerRevision): string {
  return revision.metadata.labels?.[hashLabel] ?? '';
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

  function list(owner: ClusterObject): readonly ControllerRevision[] {
    return store
      .listOwned(owner.metadata.uid ?? '')
      .filter((object): object is ControllerRevision => object.kind === 'ControllerRevision')
      .sort((left, right) => left.revision - right.revision);
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
          labels: { ...template.metadata?.labels, [hashLabel]: hash },
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
