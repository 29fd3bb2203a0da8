import { ZodObject, type ZodType } from 'zod';
import { type SettingNote, settingNotes } from './setting.ts';
import { settingsSchema } from './settings.ts';

/** One setting by its dotted path, e.g. `limits.depth`. */
export interface SettingEntry {
  readonly path: readonly string[];
  /** The path with dots. */
  readonly key: string;
  readonly description: string;
  readonly note: SettingNote;
  readonly schema: ZodType;
  /** Environment variable; undefined where the setting is for the file only. */
  readonly environment: string | undefined;
  /** Flag without its dashes; undefined where there is none. */
  readonly flag: string | undefined;
}

let entries: readonly SettingEntry[] | undefined;

/** Every setting in the order of the schema; lists and maps count as one setting. */
export function listSettings(): readonly SettingEntry[] {
  entries ??= entriesOf(settingsSchema, []);
  return entries;
}

function entriesOf(group: ZodObject, prefix: readonly string[]): SettingEntry[] {
  return Object.entries(group.shape).flatMap(([name, member]) => {
    const schema = member as ZodType;
    const path = [...prefix, name];
    const note = settingNotes.get(schema) ?? noteInside(schema);
    if (note) return [entryOf(path, schema, note)];
    if (schema instanceof ZodObject) return entriesOf(schema, path);
    throw new Error(`setting-without-note: ${path.join('.')}`);
  });
}

/** `.optional()` behind a described setting wraps it; the note stays on the inner schema. */
function noteInside(schema: ZodType): SettingNote | undefined {
  const inner = innerOf(schema);
  return inner && (settingNotes.get(inner) ?? noteInside(inner));
}

/** The schema inside `optional`, `default` and the input side of a transformation. */
export function innerOf(schema: ZodType): ZodType | undefined {
  const definition = schema.def as { readonly innerType?: ZodType; readonly in?: ZodType };
  return definition.innerType ?? definition.in;
}

function entryOf(path: readonly string[], schema: ZodType, note: SettingNote): SettingEntry {
  return {
    path,
    key: path.join('.'),
    description: descriptionOf(schema),
    note,
    schema,
    environment: note.reads && (note.environment ?? `LONGSHORE_${path.map(capitals).join('_')}`),
    flag: note.flag ?? (note.hasFlag ? flagName(path) : undefined),
  };
}

export function descriptionOf(schema: ZodType): string {
  const inner = innerOf(schema);
  return schema.description ?? (inner ? descriptionOf(inner) : '');
}

function capitals(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function flagName(path: readonly string[]): string {
  if (path[0] === 'configFile') return 'config';
  return path.map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join('-');
}
