import type { Finding } from '../../kernel/finding.ts';
import type { PluginState } from '../../kernel/run-plugins.ts';

/** Says of each configured plugin whether it runs. */
export function findingsOfPlugins(states: readonly PluginState[]): readonly Finding[] {
  return states.map(({ name, version, state, reason, warnings }): Finding => {
    const about = { area: 'PLUGIN', subject: name } as const;
    if (state === 'ENABLED') {
      const last = warnings.at(-1);
      return last === undefined
        ? { ...about, state: 'OK', message: `Version ${version ?? '?'} is loaded.`, cure: undefined }
        : {
            ...about,
            state: 'WARNING',
            message: `It runs, and something went wrong: ${last}`,
            cure: 'The log has more; an update of the plugin may mend it.',
          };
    }
    const isAnothers = state === 'DISABLED';
    return {
      ...about,
      state: isAnothers ? 'WARNING' : 'FAILURE',
      message: reason ?? 'It does not run.',
      cure: isAnothers
        ? 'Add what it needs to the setting plugins.'
        : 'Mend what is said, or take it out of the setting plugins.',
    };
  });
}
