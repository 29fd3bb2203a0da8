import type { builtInActions } from '../../access/actions.ts';

const builtIn: Record<(typeof builtInActions)[number], string> = {
  READ: 'See it, in lists, by id and in streams.',
  CREATE: 'Make one.',
  UPDATE: 'Change it.',
  DELETE: 'Delete it.',
  APPLY: 'Create or change it from a manifest.',
  SCALE: 'Set its number of replicas.',
  RESTART: 'Replace its pods one after the other.',
  PAUSE: 'Halt its rollout.',
  RESUME: 'Go on with its rollout.',
  ROLL_BACK: 'Return it to an earlier version.',
  RESIZE: 'Change its resources or size.',
  EVICT: 'Ask it to leave its node, disruption budgets respected.',
  CORDON: 'Keep new pods off it, or let them on again.',
  DRAIN: 'Move its pods elsewhere.',
  READ_LOGS: 'Read what its containers write.',
  READ_METRICS: 'Read its usage.',
  READ_SECRET_VALUE: 'Read the values of a Secret.',
  EXEC: 'Run a command in it.',
  ATTACH: 'Attach to its running process.',
  PORT_FORWARD: 'Forward ports of it.',
};

/** Members of the enum `Action` with descriptions; those that plugins add speak for themselves by name. */
export function describeActions(actions: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    actions.map((action) => [
      action,
      (builtIn as Record<string, string>)[action] ??
        `${action.toLowerCase().replaceAll('_', ' ')}, an action of a plugin.`,
    ]),
  );
}
