import { anyWorkloadKinds, type PodObject, persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type KindRef,
  type ManifestCheck,
  type ManifestMisfit,
  nameUsers,
  type RequestContext,
  type StartedObject,
  subjectOf,
  systemPrincipal,
  type WrittenObject,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { diskKindOf, isDisk, migrationOf } from './disk-facts.ts';
import { isFileBrowser } from './disk-state.ts';
import { everyPodOf } from './disk-users.ts';
import { type MountedClaim, mountedClaims } from './mounted-claims.ts';

const kinds = [podKind, ...anyWorkloadKinds] as readonly KindRef[];

/**
 * A cloud disk is mounted only once whatever had it has ended, and its file browser is closed; a workload lets one go only once its own pods have
 * ended (STO-16, STO-18). Forms and texts alike; and a workload that was stopped starts only while nobody else has its disks.
 */
export const mountCheck: ManifestCheck = {
  subjects: kinds.map(subjectOf),
  async check(written, context) {
    const { existing, object, road } = written;
    const had = existing ? mountedClaims(existing) : [];
    const has = mountedClaims(object);
    const added = has.filter(({ name }) => !had.some((each) => each.name === name));
    // A part that is applied says nothing of volumes that it leaves out.
    const removed =
      road === 'EDIT' && existing ? had.filter(({ name }) => !has.some((each) => each.name === name)) : [];
    const misfits = await Promise.all([
      ...added.map((claim) => checkMount(claim, written, context)),
      ...removed.map((claim) => checkRelease(claim, written, context)),
    ]);
    return misfits.flat();
  },
  async start(started, context) {
    const isOwn = ownPodsOf(started.object);
    const misfits = await Promise.all(
      mountedClaims(started.object).map((claim) => checkMount(claim, started, context, isOwn)),
    );
    return misfits.flat();
  },
};

interface Selecting {
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly jobTemplate?: {
      readonly spec?: {
        readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
      };
    };
  };
}

/** Which pods are of a workload that starts again, since its last ones may still be ending: they hold nothing against it. Pure. */
function ownPodsOf(workload: unknown): (pod: Pick<PodObject, 'metadata'>) => boolean {
  const { spec } = workload as Selecting;
  const labels = Object.entries(
    spec?.selector?.matchLabels ?? spec?.jobTemplate?.spec?.template?.metadata?.labels ?? {},
  );
  return ({ metadata }) => labels.length > 0 && labels.every(([key, value]) => metadata.labels?.[key] === value);
}

async function checkMount(
  claim: MountedClaim,
  written: StartedObject,
  context: RequestContext,
  isOwn: (pod: PodObject) => boolean = () => false,
): Promise<ManifestMisfit[]> {
  const disk = await findDisk(claim.name, written, context);
  if (!disk) return [];
  if (migrationOf(disk) !== undefined) {
    const message = `Disk '${claim.name}' cannot be mounted while it is moved: wait until that is done, or cancel it`;
    return [{ path: claim.path, code: 'disk_migrating', message }];
  }
  const pods = (await everyPodOf(disk, context)).filter((pod) => !isOwn(pod));
  if (pods.some((pod) => isFileBrowser(pod))) {
    const message = `Disk '${claim.name}' cannot be mounted while its file browser is open: close it first`;
    return [{ path: claim.path, code: 'disk_managed', message }];
  }
  if (pods.length === 0 || diskKindOf(disk) === 'SHARED') return [];
  const { words } = nameUsers(pods, context);
  const message = `Disk '${claim.name}' is mounted by ${words}: it can be mounted once that has ended`;
  return [{ path: claim.path, code: 'disk_in_use', message }];
}

async function checkRelease(
  claim: MountedClaim,
  written: WrittenObject,
  context: RequestContext,
): Promise<ManifestMisfit[]> {
  const disk = await findDisk(claim.name, written, context);
  // Who of many has a shared disk it does not say; letting it go harms none of them.
  if (!disk || diskKindOf(disk) === 'SHARED') return [];
  const pods = (await everyPodOf(disk, context)).filter((pod) => !isFileBrowser(pod));
  if (pods.length === 0) return [];
  const { words } = nameUsers(pods, context);
  const message = `Disk '${claim.name}' is mounted by ${words}: stop ${written.kind.kind} '${written.name}' before it lets the disk go`;
  return [{ path: claim.path, code: 'disk_in_use', message }];
}

/** As the gateway sees it: a disk is one also for who may not read it. */
async function findDisk(
  name: string,
  { cluster, namespace }: Pick<WrittenObject, 'cluster' | 'namespace'>,
  context: RequestContext,
): Promise<PersistentVolumeClaimObject | undefined> {
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const claim = await reader.get(persistentVolumeClaimKind, namespace, name);
  return claim && isDisk(claim) ? claim : undefined;
}
