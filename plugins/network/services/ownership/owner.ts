import type { Workspace } from 'longshore/plugins/core';
import {
  type KubeMetadata,
  NotFoundError,
  type ProfilePlace,
  placeOfWorkspace,
  type RequestContext,
  resolveNode,
  workspaceLabel,
} from 'longshore/sdk';

/** Whose an object is that lies in no namespace: a workspace's, or the platform's where undefined. */
export interface Owner {
  readonly uuid: string;
  /** Null where it came from an object that is there already. */
  readonly workspace: Workspace | null;
}

/**
 * The workspace that something shall be of; undefined where none is named, which is for administrators. Whoever may make things there is
 * asked about by `placeOfOwner`. Throws `NotFoundError` for one that is not there for the caller.
 */
export async function findOwner(
  workspaceId: string | null | undefined,
  context: RequestContext,
): Promise<Owner | undefined> {
  if (workspaceId === null || workspaceId === undefined) return undefined;
  const node = await resolveNode(workspaceId, context);
  if (node === null || !('nodeTypeName' in node) || node.nodeTypeName !== 'Workspace') {
    throw new NotFoundError('There is no workspace with this id.');
  }
  const workspace = node as Workspace;
  return { uuid: workspace.uuid, workspace };
}

/** For rights about what does not exist yet: `{ subject, cluster, name, ...placeOfOwner(owner) }`. */
export const placeOfOwner = (owner: Owner | undefined): ReturnType<typeof placeOfWorkspace> =>
  placeOfWorkspace(owner?.uuid);

/** Whose profile holds for it in a cluster. */
export const profilePlaceOf = (cluster: string, owner: Owner | undefined): ProfilePlace => ({
  cluster,
  workspace: owner?.uuid,
});

/** What it is labelled with. */
export const labelsOfOwner = (owner: Owner | undefined): Readonly<Record<string, string>> =>
  owner === undefined ? {} : { [workspaceLabel]: owner.uuid };

/** The owner of what is made for an object: the object's own. */
export function ownerOf({ labels }: Pick<KubeMetadata, 'labels'>): Owner | undefined {
  const uuid = labels?.[workspaceLabel];
  return uuid === undefined || uuid === '' ? undefined : { uuid, workspace: null };
}
