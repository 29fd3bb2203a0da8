import { type PodObject, persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type Instance,
  loadOfKind,
  type MutationTarget,
  type OperationHandle,
  origin,
  PreconditionError,
  type RequestContext,
  RequestError,
  subjectOf,
  systemPrincipal,
  ValidationError,
} from 'longshore/sdk';
import { browserContainer, browserMountPath } from '../../services/files/browser-pod.ts';
import { standingOfBrowser } from '../../services/files/browser-state.ts';
import { browserUsesRef } from '../../services/files/browser-uses.ts';
import { browserOfClaim, type ClaimObject, requireUnused, usersOfClaim } from '../../services/files/open-browser.ts';
import type { VolumeSite } from '../../services/files/volume-files.ts';

/** A claim and the pod behind its file browser. */
export interface Browser {
  readonly claim: ClaimObject;
  readonly pod: PodObject;
}

/**
 * A claim that the caller may browse. What stands in volumes may be as secret as a Secret, and is had by a program that runs there: who may
 * not change the claim, and may not run programs in the namespace, may not have it through us either.
 */
export async function loadBrowsable(id: string, context: RequestContext): Promise<MutationTarget<ClaimObject>> {
  const target = await loadOfKind(id, persistentVolumeClaimKind, context);
  requireRights(target, context);
  return target;
}

/** The same for a mutation, which asks for BROWSE itself: a refusal of it has a record. */
export async function loadForBrowsing(id: string, context: RequestContext): Promise<MutationTarget<ClaimObject>> {
  const target = await loadOfKind(id, persistentVolumeClaimKind, context);
  if (context.access.allowed('BROWSE', target.instance)) requireRights(target, context);
  return target;
}

function requireRights({ value, instance }: MutationTarget<ClaimObject>, context: RequestContext): void {
  context.access.requireAllowed('BROWSE', instance);
  context.access.requireAllowed('UPDATE', instance);
  context.access.requireAllowed('EXEC', podInstance(value));
}

/** Whether `loadBrowsable` would let this caller. */
export function mayBrowse(claim: ClaimObject, { access }: RequestContext): boolean {
  const instance = claim as Instance;
  const may = access.allowed('BROWSE', instance) && access.allowed('UPDATE', instance);
  return may && access.allowed('EXEC', podInstance(claim));
}

/** The pod behind it as rights are asked about it, also where there is none. */
export function podInstance({ metadata: { namespace }, [origin]: { cluster } }: ClaimObject): Instance {
  return { subject: subjectOf(podKind), cluster, namespace } as Instance;
}

export function findBrowser(claim: ClaimObject, context: RequestContext) {
  return browserOfClaim(context.kube(claim[origin].cluster), claim);
}

/** Throws `InUseError` where pods mount the claim, also such as the caller does not see. */
export async function requireNoUsers(claim: ClaimObject, context: RequestContext): Promise<void> {
  const reader = context.cluster(claim[origin].cluster).reader(systemPrincipal, context.signal);
  const pods = await usersOfClaim(reader, claim);
  requireUnused(claim, pods, (pod) => context.access.allowed('READ', pod as Instance));
}

/** Where files are looked at: throws `PreconditionError` where the file browser is not open, and `InUseError` where others mount it by now. */
export async function siteOf(
  claim: ClaimObject,
  context: RequestContext,
  ticket?: OperationHandle,
): Promise<VolumeSite & { readonly podUid: string }> {
  const { namespace = '', name } = claim.metadata;
  const { cluster } = claim[origin];
  const pod = await findBrowser(claim, context);
  const standing = pod && standingOfBrowser(pod);
  if (!pod || standing?.state !== 'OPEN') {
    const how = standing ? `is ${standing.state}` : 'is closed';
    throw new PreconditionError('FILE_BROWSER_NOT_OPEN', `The file browser of claim '${name}' ${how}: open it first`);
  }
  await requireNoUsers(claim, context);
  const podUid = pod.metadata.uid ?? '';
  await context.service(browserUsesRef).touch(podUid);
  return {
    cluster: context.cluster(cluster),
    namespace,
    pod: pod.metadata.name,
    podUid,
    container: browserContainer,
    mountPath: browserMountPath,
    principal: context.principal,
    operationId: ticket?.id,
    clock: context.clock,
    signal: context.signal,
  };
}

/** In a query what is wrong with a path is wrong with the request. */
export function asBadInput(error: unknown): unknown {
  return error instanceof ValidationError ? new RequestError('BAD_USER_INPUT', error.message, { cause: error }) : error;
}

export const profileOf = ({ metadata: { namespace }, [origin]: { cluster } }: ClaimObject, context: RequestContext) =>
  context.services.profiles.at({ cluster, namespace });

export const browseSubject = subjectOf(persistentVolumeClaimKind);
