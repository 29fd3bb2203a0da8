import { type LongshoreBuilder, typeRef, type VolumeStats } from 'longshore/sdk';
import { persistentVolumeClaimTypeRef } from '../../api.ts';
import { usageOfClaim } from '../../services/classes/claim-usage.ts';

const usageRef = typeRef<VolumeStats>('VolumeUsage');

/** How full volumes are (STO-19). Nullable, and failing alone: CAPABILITY_MISSING where the gateway may not ask nodes. */
export function registerVolumeUsage(builder: LongshoreBuilder): void {
  builder.objectType(usageRef, {
    description:
      'How full the volume behind a claim is, as the kubelet of a node that has it mounted measured it (stats/v1alpha1). What its driver does not tell is null.',
    fields: (t) => {
      const count = (description: string, of: (stats: VolumeStats) => number | undefined) =>
        t.field({ type: 'SafeInt', nullable: true, description, resolve: (stats) => of(stats) ?? null });
      return {
        usedBytes: count('Bytes in use.', ({ usedBytes }) => usedBytes),
        capacityBytes: count(
          'Bytes that its file system has: a little less than the volume, and more than the claim where its driver shares one.',
          ({ capacityBytes }) => capacityBytes,
        ),
        availableBytes: count('Bytes that are left for users who are not root.', (stats) => stats.availableBytes),
        usedPercent: t.float({
          nullable: true,
          description: 'Bytes in use of those that its file system has, in percent, with one digit behind the point.',
          resolve: percentOf,
        }),
        inodes: count('Files and directories that it may hold.', (stats) => stats.inodes),
        inodesUsed: count('Files and directories that it holds.', ({ inodesUsed }) => inodesUsed),
        observedAt: t.field({
          type: 'DateTime',
          nullable: true,
          description: 'When it was measured; kubelets do that once a minute.',
          resolve: ({ measuredAt }) => measuredAt ?? null,
        }),
      };
    },
  });
  builder.objectField(persistentVolumeClaimTypeRef, 'usage', (t) =>
    t.field({
      type: usageRef,
      nullable: true,
      description:
        'How full its volume is. Null while no running pod mounts it: nobody measures what lies idle. Needs the right READ_METRICS.',
      resolve: async (claim, _args, context) => (await usageOfClaim(claim, context)) ?? null,
    }),
  );
}

function percentOf({ usedBytes, capacityBytes }: VolumeStats): number | null {
  if (usedBytes === undefined || !capacityBytes) return null;
  return Math.round((usedBytes / capacityBytes) * 1_000) / 10;
}
