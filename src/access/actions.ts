/**
 * What can be done to things, whatever they are; plugins add their own (`CONFIRM`, `ROLL_BACK`, …). All of them become
 * members of the schema's enum `Action`, so a console asks `viewerCan(action: …)` in the words the guard uses.
 */
export const builtInActions = [
  'READ',
  'CREATE',
  'UPDATE',
  'DELETE',
  'APPLY',
  'SCALE',
  'RESTART',
  'PAUSE',
  'RESUME',
  'ROLL_BACK',
  'RESIZE',
  'EVICT',
  'CORDON',
  'DRAIN',
  'READ_LOGS',
  'READ_METRICS',
  'READ_SECRET_VALUE',
  'EXEC',
  'ATTACH',
  'PORT_FORWARD',
] as const;

/** A built-in action or one that a plugin declares under `actions`; UPPER_SNAKE. */
export type Action = (typeof builtInActions)[number] | (string & {});

/** Whether this can be a member of the enum `Action`. */
export function isActionName(name: string): boolean {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name);
}
