import { loadSettings } from '../../config/load-settings.ts';
import type { Environment } from './environment.ts';
import { runUntilSignal } from './run-until-signal.ts';

/** `longshore dev`: everything on this machine. */
export function runDev(flags: readonly string[], env: Environment): Promise<number> {
  return runUntilSignal(loadSettings({ mode: 'dev', argv: flags, env }));
}
