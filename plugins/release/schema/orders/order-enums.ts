import { type LongshoreBuilder, registerEnum } from 'longshore/sdk';

/** States, kinds and actions of release orders. */
export function registerOrderEnums(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ReleaseOrderState', 'Where a release order is (REL-22).', {
    INITIALIZING: 'It is being planned.',
    INIT_FAILED: 'It could not be planned; `reason` says why. It can be planned again.',
    READY: 'All is planned; it can be started.',
    RUNNING: 'It goes on by itself.',
    PAUSED: 'It waits for a confirmation, or for releases that nobody has started.',
    SUCCEEDED: 'All is released.',
    FAILED: 'Something failed; it can be retried or rolled back.',
    CANCELLED: 'It ended where it was.',
    ROLLING_BACK: 'It goes back to what ran before.',
    ROLLBACK_PENDING_CONFIRM: 'All is as it was before; somebody has to confirm that.',
    ROLLED_BACK: 'It went back, and that was confirmed.',
    ROLLBACK_FAILED: 'The way back failed; it can be retried or given up.',
  });
  registerEnum(builder, 'ServiceReleaseState', 'Where the release of one app service is.', {
    READY: 'It is planned and was not started.',
    WAITING: 'It was started and waits for what it depends on.',
    PRE_TASKS: 'What comes before its groups is done.',
    GROUPS: 'Pods are updated, group by group.',
    PAUSED: 'It waits until a group is confirmed.',
    POST_TASKS: 'What comes behind its groups is done.',
    SUCCEEDED: 'It is released.',
    FAILED: 'It failed; it can be retried or rolled back.',
    CANCELLED: 'It ended where it was.',
    ROLLING_BACK: 'Its pods go back to what ran before.',
    ROLLBACK_TASKS: 'What comes behind the way back is done.',
    ROLLBACK_PENDING_CONFIRM: 'All is as it was before; somebody has to confirm that.',
    ROLLED_BACK: 'It went back, and that was confirmed.',
    ROLLBACK_FAILED: 'The way back failed; it can be retried or given up.',
  });
  registerEnum(builder, 'ReleaseGroupState', 'Where a group of pods is in its release.', {
    PENDING: 'Its turn has not come.',
    RUNNING: 'Its pods are being updated.',
    WAITING_CONFIRM: 'Its pods are updated; it waits to be confirmed.',
    SUCCEEDED: 'Its pods are updated.',
    FAILED: 'A pod of it failed, or it took too long.',
    CANCELLED: 'It was not finished and will not be.',
  });
  registerEnum(builder, 'ReleasePodState', 'Where a pod is in a release (REL-27).', {
    NOT_UPDATED: 'It has another version.',
    UPDATING: 'It has the version, and is not ready or has not been for long enough (`release.podReadySeconds`).',
    UPDATED: 'It has the version and has been ready for long enough.',
    FAILED: 'It has the version and will not come up by itself; `problem` says why.',
  });
  registerEnum(builder, 'RollbackOutcome', 'What a rollback comes to (REL-34).', {
    TO_PREVIOUS: 'The last other version that was released with success runs again, with its configuration.',
    TO_EMPTY: 'Nothing was released before: what runs of the service is removed.',
    CANCEL_ONLY: 'Only this version was ever released: there is nothing to go back to, and the release ends.',
  });
  registerEnum(builder, 'ReleaseEngine', 'What drives the pods of an app service.', {
    CLONE_SET: 'A CloneSet for each deployment unit (OpenKruise).',
    ADVANCED_STATEFUL_SET: 'An Advanced StatefulSet for each deployment unit (OpenKruise).',
    STATEFUL_SET: 'A StatefulSet with a partition for each deployment unit (apps/v1).',
    DEPLOYMENT_PAIR: 'A stable and a next Deployment for each deployment unit (apps/v1).',
  });
  registerEnum(builder, 'ReleaseAction', 'What people do to a release order, or to one release of it.', {
    START: 'Starts it.',
    CANCEL: 'Ends it where it is.',
    CONFIRM: 'Confirms the group that it waits for.',
    RETRY: 'Goes on where it failed; before it was planned, plans it again.',
    IGNORE_TASK: 'Goes on without a task that failed.',
    ROLL_BACK: 'Goes back to what ran before.',
    CONFIRM_ROLLBACK: 'Confirms that all is as it was before.',
    ABANDON_ROLLBACK: 'Gives a way back up that failed.',
  });
  registerTaskEnums(builder);
  registerEnum(builder, 'ReleaseEventKind', 'What happened to a release order.', {
    CREATED: 'It was made.',
    INITIALIZED: 'It was planned.',
    INIT_FAILED: 'It could not be planned.',
    STARTED: 'It was started, or its turn came.',
    TASK: 'A task was done.',
    GROUP_STARTED: 'A group began.',
    GROUP_SUCCEEDED: 'The pods of a group are updated.',
    PAUSED: 'It waits for a confirmation.',
    CONFIRMED: 'A group or a rollback was confirmed.',
    FAILED: 'It failed.',
    RETRIED: 'It was tried again.',
    IGNORED: 'A task that failed is ignored.',
    CANCELLED: 'It was cancelled.',
    SUCCEEDED: 'It is released.',
    ROLLBACK_STARTED: 'It goes back.',
    ROLLBACK_FAILED: 'The way back failed.',
    ROLLED_BACK: 'All is as it was before.',
    ROLLBACK_ABANDONED: 'The way back was given up.',
  });
}

function registerTaskEnums(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ReleaseTaskPhase', 'When a task of a release has its turn (REL-24).', {
    PRE: 'Before the groups.',
    GROUP: 'Around one group.',
    POST: 'Behind the groups.',
    ROLLBACK_POST: 'Behind the way back.',
  });
  registerEnum(builder, 'ReleaseTaskState', 'Where a task is.', {
    PENDING: 'Its turn has not come.',
    RUNNING: 'It is being done.',
    SUCCEEDED: 'It is done.',
    SKIPPED: 'There was nothing to do.',
    FAILED: 'It failed; it can be retried or ignored.',
    IGNORED: 'It failed, and the release goes on without it.',
  });
  registerEnum(builder, 'ReleaseTaskKind', 'What a task does (REL-25, REL-26, REL-38).', {
    APPLY_SERVICES: 'Adds and changes Services.',
    APPLY_LOG_CONFIG: 'Sets the collection of logs up, or changes it.',
    SHIFT_TRAFFIC: 'Shifts a share of the traffic to the new version.',
    TAKE_OFF_TRAFFIC: 'Takes the pods of the group off their Services.',
    PUT_BACK_TRAFFIC: 'Puts the pods of the group back on their Services.',
    CLEAN_SERVICES: 'Removes Services that the version does not have any more.',
    DELETE_LOG_CONFIG: 'Removes the collection of logs where the version has none.',
    CLEAN_WORKLOADS: 'Removes what is left of other versions.',
    UNDO_SERVICES: 'Brings Services back to what they were.',
    UNDO_LOG_CONFIG: 'Takes the collection of logs back.',
  });
}
