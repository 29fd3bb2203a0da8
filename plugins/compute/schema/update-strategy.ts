import { type LongshoreBuilder, registerEnum } from 'longshore/sdk';

/** How StatefulSets and DaemonSets replace their pods. */
export const updateStrategies = { RollingUpdate: 'ROLLING_UPDATE', OnDelete: 'ON_DELETE' } as const;

export function registerUpdateStrategy(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadUpdateStrategy', 'How a StatefulSet or DaemonSet replaces its pods.', {
    ROLLING_UPDATE: 'By itself, some at a time.',
    ON_DELETE: 'Only those that somebody deletes.',
    UNKNOWN: 'One that this version does not know.',
  });
}
