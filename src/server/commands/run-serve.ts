import { loadSettings } from '../../config/load-settings.ts';
import type { Environment } from './environment.ts';
import { runUntilSignal } from './run-until-signal.ts';

/** `longshore serve`: production. */
export function runServe(flags: readonly string[], env: Environment): Promise<number> {
  return runUntilSignal(loadSettings({ mode: 'serve', argv: flags, env }));
}
