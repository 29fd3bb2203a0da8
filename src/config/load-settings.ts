import { dirname, resolve } from 'node:path';
import { checkSettings } from './check-settings.ts';
import { ConfigError } from './config-error.ts';
import { explainIssues } from './explain-issues.ts';
import { listSettings, type SettingEntry } from './list-settings.ts';
import { didYouMean } from './nearest-word.ts';
import { readConfigFile } from './read-config-file.ts';
import { type FlagSpec, readFlags } from './read-flags.ts';
import { type ParsedSettings, type Settings, type SettingsMode, settingsSchema } from './settings.ts';

export interface LoadSettingsOptions {
  readonly mode: SettingsMode;
  /** What follows the command's name: flags only. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths of flags and environment count from; the process's own where absent. */
  readonly cwd?: string;
}

/** Reads all settings: defaults < file < environment < flags. Throws `ConfigError` with one line for each problem. */
export function loadSettings(options: LoadSettingsOptions): Settings {
  const cwd = options.cwd ?? process.cwd();
  const flags = readFlags(options.argv, settingFlags());
  const problems = [...flags.problems, ...unknownVariables(options.env)];
  const texts = new Map<SettingEntry, { text: string; source: string }>();
  for (const entry of listSettings()) {
    const flag = entry.flag === undefined ? undefined : flags.values.get(entry.flag);
    const variable = entry.environment === undefined ? undefined : ownVariable(options.env[entry.environment]);
    if (flag !== undefined) texts.set(entry, { text: flag, source: `flag --${entry.flag}` });
    else if (variable !== undefined) texts.set(entry, { text: variable, source: `environment ${entry.environment}` });
  }

  const configFile = [...texts].find(([entry]) => entry.key === 'configFile')?.[1].text;
  const file = configFile === undefined ? undefined : resolve(cwd, configFile);
  const input = file === undefined ? {} : readConfigFile(file);
  if (Object.hasOwn(input, 'configFile')) {
    problems.push('configFile cannot stand in the file itself; use --config or LONGSHORE_CONFIG');
  }

  const sources: Record<string, string> = {};
  for (const entry of listSettings()) {
    const given = texts.get(entry);
    if (given) {
      place(input, entry.path, parsedText(given.text, entry, cwd));
      sources[entry.key] = given.source;
    } else if (has(input, entry.path)) {
      sources[entry.key] = `file ${file}`;
      if (entry.note.isPath && file !== undefined)
        place(input, entry.path, fromFolder(dirname(file), read(input, entry.path)));
    } else {
      const value = defaultOf(entry, options.mode, input);
      place(input, entry.path, entry.note.isPath ? fromFolder(cwd, value) : value);
      sources[entry.key] = 'default';
    }
  }

  const sourceOf = (path: readonly PropertyKey[]) => sourceAt(path, sources, file);
  const parsed = settingsSchema.safeParse(input, { reportInput: false });
  if (!parsed.success) problems.push(...explainIssues(settingsSchema, parsed.error.issues, { input, sourceOf }));
  const settings = parsed.success ? withFilePaths(parsed.data, sources, file, cwd) : undefined;
  if (settings) problems.push(...checkSettings(settings, options.mode, sources));
  if (problems.length > 0 || !settings) throw new ConfigError(problems);
  return { ...settings, plugins: withCore(settings.plugins), mode: options.mode, sources };
}

/** The flags that `dev`, `serve`, `migrate` and `schema` share. */
export function settingFlags(): FlagSpec[] {
  return listSettings().flatMap(({ flag, note }) =>
    flag === undefined ? [] : [{ name: flag, isSwitch: note.reads === 'switch' }],
  );
}

/**
 * An empty variable counts as not set, as compose files write it. Kubernetes hands the addresses of services to every pod, so a
 * Service called `longshore` sets LONGSHORE_PORT to `tcp://…`: that is not meant for us.
 */
function ownVariable(text: string | undefined): string | undefined {
  return text === undefined || text === '' || /^(tcp|udp|sctp):\/\//.test(text) ? undefined : text;
}

function unknownVariables(env: LoadSettingsOptions['env']): string[] {
  const known = listSettings().flatMap(({ environment }) => environment ?? []);
  return Object.keys(env)
    .filter((name) => name.startsWith('LONGSHORE_') && !known.includes(name) && ownVariable(env[name]) !== undefined)
    .filter((name) => !/_SERVICE_(HOST|PORT)(_|$)|_PORT_\d+_(TCP|UDP|SCTP)(_|$)/.test(name))
    .map((name) => `${name} is not a setting (environment)${didYouMean(name, known)}`);
}

/** What cannot be read as its kind stays text, and the schema then says what is allowed. */
function parsedText(text: string, entry: SettingEntry, cwd: string): unknown {
  switch (entry.note.reads) {
    case 'number':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'switch':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return entry.note.isPath ? fromFolder(cwd, text) : text;
  }
}

function defaultOf(entry: SettingEntry, mode: SettingsMode, input: Record<string, unknown>): unknown {
  if (entry.key === 'embedded.enabled') return mode === 'dev' && !input.kubeconfig && isEmpty(input.clusters);
  const { default: general, devDefault } = entry.note;
  return structuredClone(mode === 'dev' ? (devDefault ?? general) : general);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function fromFolder(folder: string, value: unknown): unknown {
  return typeof value === 'string' && value !== '' ? resolve(folder, value) : value;
}

/** Paths inside lists: kubeconfigs of clusters, profiles, and plugins given by path. */
function withFilePaths(
  settings: ParsedSettings,
  sources: Readonly<Record<string, string>>,
  file: string | undefined,
  cwd: string,
): ParsedSettings {
  const folderOf = (key: string) => (file !== undefined && sources[key]?.startsWith('file ') ? dirname(file) : cwd);
  const clusters = settings.clusters.map((cluster) =>
    cluster.kubeconfig === undefined
      ? cluster
      : { ...cluster, kubeconfig: resolve(folderOf('clusters'), cluster.kubeconfig) },
  );
  const plugins = settings.plugins.map((entry) =>
    isRelativePath(entry.plugin) ? { ...entry, plugin: resolve(folderOf('plugins'), entry.plugin) } : entry,
  );
  const engines = settings.embedded.engines.map((engine) =>
    isRelativePath(engine) ? resolve(folderOf('embedded.engines'), engine) : engine,
  );
  const profiles = settings.profiles.map((path) => resolve(folderOf('profiles'), path));
  return { ...settings, clusters, plugins, profiles, embedded: { ...settings.embedded, engines } };
}

function isRelativePath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || name === '.' || name === '..';
}

function withCore(plugins: Settings['plugins']): Settings['plugins'] {
  return [{ plugin: 'core', optional: false }, ...plugins.filter(({ plugin }) => plugin !== 'core')];
}

function sourceAt(path: readonly PropertyKey[], sources: Readonly<Record<string, string>>, file: string | undefined) {
  for (let length = path.length; length > 0; length -= 1) {
    const source = sources[path.slice(0, length).map(String).join('.')];
    if (source !== undefined) return source === 'default' ? undefined : source;
  }
  return file === undefined ? undefined : `file ${file}`;
}

function has(input: Record<string, unknown>, path: readonly string[]): boolean {
  return read(input, path) !== undefined;
}

function read(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (isMap(at) && Object.hasOwn(at, name) ? at[name] : undefined), input);
}

/** Sets a value inside maps; where the file has something else than a map on the way, it stays and the schema refuses it. */
function place(input: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    if (value !== undefined) input[name] = value;
    return;
  }
  if (input[name] === undefined) input[name] = {};
  const inner = input[name];
  if (isMap(inner)) place(inner, rest, value);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
