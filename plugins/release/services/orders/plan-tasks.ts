import type { TaskKind, TaskPhase } from '../../api.ts';

export interface PlannedTask {
  readonly phase: TaskPhase;
  /** Null for those of the whole release. */
  readonly groupPosition: number | null;
  readonly position: number;
  readonly kind: TaskKind;
}

export interface TaskNeeds {
  /** Whether it has, or what it comes from had, Services of its own. */
  readonly hasServices: boolean;
  readonly hasTraffic: boolean;
  readonly isLossless: boolean;
  readonly groupCount: number;
}

/** Work around the groups of a release (REL-24 to REL-26, REL-38). Tasks that turn out to have nothing to do are SKIPPED. */
export function planTasks({ hasServices, hasTraffic, isLossless, groupCount }: TaskNeeds): readonly PlannedTask[] {
  const around = (phase: TaskPhase, kinds: readonly TaskKind[]) =>
    kinds.map((kind, position) => ({ phase, groupPosition: null, position, kind }));
  const services = (kind: TaskKind): TaskKind[] => (hasServices ? [kind] : []);
  const groups = isLossless ? Array.from({ length: groupCount }, (_, index) => index) : [];
  const traffic: TaskKind[] = hasTraffic ? ['SHIFT_TRAFFIC'] : [];
  return [
    ...around('PRE', [
      ...services('APPLY_SERVICES'),
      'APPLY_LOG_CONFIG',
      // What leads to the new version is made ready; there is nobody there yet.
      ...traffic,
    ]),
    ...groups.flatMap((groupPosition): PlannedTask[] => [
      { phase: 'GROUP', groupPosition, position: 0, kind: 'TAKE_OFF_TRAFFIC' },
      { phase: 'GROUP', groupPosition, position: 1, kind: 'PUT_BACK_TRAFFIC' },
    ]),
    // The first pods of the new version are there.
    ...traffic.map((kind): PlannedTask => ({ phase: 'GROUP', groupPosition: 0, position: 2, kind })),
    // All traffic goes over before what ran before goes away.
    ...around('POST', [...traffic, 'CLEAN_WORKLOADS', ...services('CLEAN_SERVICES'), 'DELETE_LOG_CONFIG']),
    ...around('ROLLBACK_POST', [...services('UNDO_SERVICES'), 'UNDO_LOG_CONFIG']),
  ];
}
