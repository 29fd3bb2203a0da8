import { listSettings, type SettingEntry } from './list-settings.ts';
import type { Settings } from './settings.ts';

/** One effective setting for printing. */
export interface SettingLine {
  readonly key: string;
  /** JSON, or `(set)` for a secret. */
  readonly value: string;
  readonly source: string;
}

/** The effective values and where each came from. Secrets are masked; of plugins' settings only the names are shown. */
export function describeSettings(settings: Settings): SettingLine[] {
  return listSettings().map((entry) => ({
    key: entry.key,
    value: shown(entry, valueAt(settings, entry.path)),
    source: settings.sources[entry.key] ?? 'default',
  }));
}

function shown(entry: SettingEntry, value: unknown): string {
  if (value === undefined) return '(not set)';
  if (entry.note.isSecret) return '(set)';
  if (entry.key === 'tokens') return JSON.stringify((value as Settings['tokens']).map(withoutHash));
  if (entry.key === 'pluginSettings') return JSON.stringify(namesOnly(value as Settings['pluginSettings']));
  return JSON.stringify(value);
}

function withoutHash(token: Settings['tokens'][number]) {
  const { sha256: _sha256, expiresAt, ...rest } = token;
  return { ...rest, ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }) };
}

/** Only a plugin knows which of its settings are secret, so no value is shown. */
function namesOnly(pluginSettings: Settings['pluginSettings']) {
  return Object.fromEntries(
    Object.entries(pluginSettings).map(([plugin, values]) => [
      plugin,
      values instanceof Object ? Object.keys(values) : [],
    ]),
  );
}

function valueAt(settings: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (at instanceof Object ? (at as Record<string, unknown>)[name] : undefined),
    settings,
  );
}
