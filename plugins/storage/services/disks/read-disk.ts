import { eventKind } from 'longshore/plugins/core';
import { allMaybe, type ClusterReader, type MaybePromise, mapMaybe } from 'longshore/sdk';
import { type PersistentVolumeClaimObject, storageClassKind } from '../../api.ts';
import { claimPhaseOf, expansionOf } from '../classes/claim-facts.ts';
import { podsOfClaim } from '../classes/claim-users.ts';
import { bindingModeOf } from '../classes/class-facts.ts';
import { type DiskState, decideDiskState } from './disk-state.ts';

/** How a disk stands, as far as the reader sees what mounts it. */
export function diskStateOf(reader: ClusterReader, claim: PersistentVolumeClaimObject): MaybePromise<DiskState> {
  const seen = allMaybe<unknown>([podsOfClaim(reader, claim), waitsForPod(reader, claim)]);
  return mapMaybe(seen, ([pods, waits]) =>
    decideDiskState({ claim, pods: pods as never, waitsForPod: waits === true }),
  );
}

function waitsForPod(reader: ClusterReader, claim: PersistentVolumeClaimObject): MaybePromise<boolean> {
  const name = claim.spec?.storageClassName;
  if (!name || claimPhaseOf(claim) !== 'PENDING') return false;
  const found = reader.get(storageClassKind, undefined, name);
  return mapMaybe(found, (row) => row !== undefined && bindingModeOf(row) === 'WAIT_FOR_FIRST_CONSUMER');
}

/** What is wrong with a disk, in the cluster's words; undefined where nothing is known to be. */
export function diskProblemOf(
  reader: ClusterReader,
  claim: PersistentVolumeClaimObject,
): MaybePromise<string | undefined> {
  const phase = claimPhaseOf(claim);
  if (phase === 'LOST') return 'The volume behind it is gone.';
  const growth = expansionOf(claim);
  if (growth?.state === 'FAILED' || growth?.state === 'INFEASIBLE') {
    return growth.message ?? 'It cannot be made as large as was asked for.';
  }
  if (phase === 'BOUND') return undefined;
  // What its driver says of a disk that it cannot make, it says in events alone.
  return mapMaybe(reader.byIndex(eventKind, 'involvedObject', claim.metadata.uid), (events) => {
    const failures = events.filter(({ type, reason }) => type === 'Warning' && reason === 'ProvisioningFailed');
    return failures.toSorted((a, b) => timeOf(b).localeCompare(timeOf(a)))[0]?.message;
  });
}

const timeOf = (event: { readonly lastTimestamp?: unknown; readonly eventTime?: unknown }): string =>
  String(event.lastTimestamp ?? event.eventTime ?? '');
