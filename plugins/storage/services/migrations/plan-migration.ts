import { origin, type RequestContext, systemPrincipal, type ValidationIssue } from 'longshore/sdk';
import {
  type PersistentVolumeClaimObject,
  persistentVolumeKind,
  type StorageClassObject,
  storageClassKind,
} from '../../api.ts';
import { bindingModeOf, zonesOfClass } from '../classes/class-facts.ts';
import { judgeClaim } from '../classes/judge-claim.ts';
import { zonesOfVolume } from '../classes/volume-facts.ts';
import { chooseClass } from '../disks/choose-class.ts';
import { diskKindOf, fileSystemOf } from '../disks/disk-facts.ts';
import { snapshotClassFor } from '../snapshots/snapshot-class-for.ts';
import { helperNameOf, keptOfClaim, type MigrationPlan } from './migration-plan.ts';

export interface WantedPlace {
  readonly storageClass: string;
  readonly zone?: string | null | undefined;
  readonly snapshotClass?: string | null | undefined;
}

export type PlannedMigration =
  | { readonly issues: readonly ValidationIssue[] }
  | { readonly waitsForPod: boolean; readonly planOf: (id: string) => MigrationPlan };

/** A move by the rules of its place (STO-08, STO-10, STO-15). Throws as `snapshotClassFor` does. */
export async function planMigration(
  disk: PersistentVolumeClaimObject,
  wanted: WantedPlace,
  context: RequestContext,
): Promise<PlannedMigration> {
  const { cluster } = disk[origin];
  const profile = context.services.profiles.at({ cluster, namespace: disk.metadata.namespace });
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const [{ items: classes }, volume] = await Promise.all([
    context.kube(cluster).list(storageClassKind),
    reader.get(persistentVolumeKind, undefined, disk.spec?.volumeName ?? ''),
  ]);
  const from = classes.find(({ metadata }) => metadata.name === disk.spec?.storageClassName);
  const noted = fileSystemOf(disk);
  const chosen = chooseClass(classes, {
    kind: diskKindOf(disk),
    fileSystem: noted === 'UNKNOWN' ? undefined : noted,
    asked: wanted.storageClass,
    preferred: undefined,
    profile: profile.name,
  });
  if ('issue' in chosen) return { issues: [{ ...chosen.issue, path: ['storageClass'] }] };
  const to = classes.find(({ metadata }) => metadata.name === chosen.storageClass) as StorageClassObject;
  const zone = wanted.zone ?? undefined;
  const issues = [
    ...checkTarget({ from, to, zone, zones: volume ? zonesOfVolume(volume) : [] }),
    ...judgeClaim(
      { ...disk.spec, storageClassName: to.metadata.name },
      { classes, hasVolumesOf: () => false, profile },
    ).map(({ code, message }) => ({ path: ['storageClass'], code, message })),
  ];
  if (issues.length > 0) return { issues };
  const snapshotClass = await snapshotClassFor(disk, wanted.snapshotClass ?? undefined, context);
  const waitsForPod = bindingModeOf(to) === 'WAIT_FOR_FIRST_CONSUMER';
  return {
    waitsForPod,
    planOf: (id) => ({
      diskUid: disk.metadata.uid ?? '',
      oldVolume: disk.spec?.volumeName ?? '',
      storageClass: to.metadata.name,
      zone,
      snapshotClass,
      waitsForPod,
      helperName: helperNameOf(disk.metadata.name, id),
      claim: keptOfClaim(disk),
    }),
  };
}

export interface MigrationTarget {
  /** Undefined where it is gone. */
  readonly from: StorageClassObject | undefined;
  readonly to: StorageClassObject;
  readonly zone: string | undefined;
  /** Zones in which the volume lies now; none where it does not say. */
  readonly zones: readonly string[];
}

/** Whether a volume of a class can be filled from a snapshot of another, there where it shall lie. Pure. */
export function checkTarget({ from, to, zone, zones }: MigrationTarget): readonly ValidationIssue[] {
  const name = to.metadata.name;
  const isSameClass = from?.metadata.name === name;
  if (isSameClass && (zone === undefined || zones.includes(zone))) {
    const where = zone === undefined ? '' : ` in zone '${zone}'`;
    return [
      issue(zone === undefined ? 'storageClass' : 'zone', 'same_place', `The disk is of '${name}'${where} already`),
    ];
  }
  if (from && from.provisioner !== to.provisioner) {
    const message = `storageClass must be of driver '${from.provisioner}', which takes the snapshot: '${name}' is of '${to.provisioner}', which cannot read it`;
    return [issue('storageClass', 'other_driver', message)];
  }
  if (zone === undefined) return [];
  const offered = zonesOfClass(to);
  if (offered.length > 0 && !offered.includes(zone)) {
    return [
      issue('zone', 'zone_not_offered', `zone must be one of ${offered.join(', ')} of class '${name}', got ${zone}`),
    ];
  }
  if (bindingModeOf(to) === 'WAIT_FOR_FIRST_CONSUMER' || (offered.length === 1 && offered[0] === zone)) return [];
  const message = `zone cannot be chosen in class '${name}': it makes volumes at once, wherever it does. Take one with WaitForFirstConsumer, or one for that zone alone`;
  return [issue('zone', 'zone_not_chosen', message)];
}

const issue = (field: string, code: string, message: string): ValidationIssue => ({ path: [field], code, message });
