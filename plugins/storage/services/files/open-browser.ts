import { randomBytes } from 'node:crypto';
import { type PodObject, podKind } from 'longshore/plugins/compute';
import {
  type ClusterReader,
  InUseError,
  idOfObject,
  type MaybePromise,
  mapMaybe,
  PreconditionError,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { podsOfClaim } from '../classes/claim-users.ts';
import { migrationOf } from '../disks/disk-facts.ts';
import { browserPodName } from './browser-pod.ts';

export type ClaimObject = PersistentVolumeClaimObject;

/** The pod behind a claim's file browser; undefined where none is open. */
export function browserOfClaim(reader: ClusterReader, claim: ClaimObject): MaybePromise<PodObject | undefined> {
  return reader.get(podKind, claim.metadata.namespace, browserPodName(claim));
}

/** Pods that mount a claim, have not ended, and are no file browser of ours. */
export function usersOfClaim(reader: ClusterReader, claim: ClaimObject): MaybePromise<readonly PodObject[]> {
  const own = browserPodName(claim);
  return mapMaybe(podsOfClaim(reader, claim), (pods) => pods.filter(({ metadata }) => metadata.name !== own));
}

/** Throws `InUseError` with those of the pods that `isVisible`. */
export function requireUnused(
  { metadata: { name } }: ClaimObject,
  pods: readonly PodObject[],
  isVisible: (pod: PodObject) => boolean,
): void {
  if (pods.length === 0) return;
  const visible = pods.filter(isVisible);
  const names = visible.slice(0, 5).map((pod) => `'${pod.metadata.name}'`);
  const more = pods.length - names.length;
  const who = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  throw new InUseError(
    `Claim '${name}' is mounted by ${who}: its files can be browsed once nothing mounts it`,
    visible.map(idOfObject),
  );
}

/** Throws `PreconditionError` for a claim that has no files to show. */
export function requireBrowsable(claim: ClaimObject): void {
  const { metadata, spec, status } = claim;
  const refuse = (message: string): never => {
    throw new PreconditionError('NOT_BROWSABLE', `Claim '${metadata.name}' ${message}`);
  };
  if (metadata.deletionTimestamp !== undefined) refuse('is being deleted');
  if (migrationOf(claim) !== undefined) refuse('is being moved: its files can be browsed once that is done');
  if (spec?.volumeMode === 'Block') refuse('is a raw device, which has no files');
  if (status?.phase === 'Lost') refuse('has lost its volume');
}

/** What a file is called until it is whole; nobody can tell it beforehand. */
export const newPartName = (): string => `.longshore-upload-${randomBytes(8).toString('hex')}`;
