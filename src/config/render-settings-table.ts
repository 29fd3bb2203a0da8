import { ZodArray, ZodObject, type ZodType, ZodUnion } from 'zod';
import { descriptionOf, innerOf, listSettings, type SettingEntry } from './list-settings.ts';
import { settingNotes } from './setting.ts';

/** The README's table of every setting, as Markdown. */
export function renderSettingsTable(): string {
  const header = ['Setting', 'Environment', 'Flag', 'Default', 'Allowed', 'Meaning'];
  const rows = listSettings().flatMap((entry) => [rowOf(entry), ...memberRows(entry.schema, `${entry.key}[]`)]);
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function rowOf(entry: SettingEntry): string[] {
  const key = entry.key === 'configFile' ? '' : code(entry.key);
  return [
    key,
    code(entry.environment),
    code(entry.flag && `--${entry.flag}`),
    defaultText(entry),
    entry.note.allowed,
    entry.description,
  ].map(cell);
}

/** Rows for the members of a list of maps, e.g. `tokens[].name`. */
function memberRows(schema: ZodType, prefix: string): string[][] {
  const item = itemOf(schema);
  if (!item) return [];
  return Object.entries(item.shape).map(([name, member]) => {
    const found = describedIn(member as ZodType);
    const isOptional = (member as ZodType).safeParse(undefined).success;
    return [
      code(`${prefix}.${name}`),
      '',
      '',
      isOptional ? memberDefault(member as ZodType) : 'required',
      found.allowed,
      found.description,
    ].map(cell);
  });
}

function itemOf(schema: ZodType): ZodObject | undefined {
  if (schema instanceof ZodObject) return schema;
  if (schema instanceof ZodArray) return itemOf(schema.element as ZodType);
  if (schema instanceof ZodUnion)
    return schema.options.map((option) => itemOf(option as ZodType)).find((option) => option);
  const inner = innerOf(schema);
  return inner && itemOf(inner);
}

function describedIn(schema: ZodType): { allowed: string; description: string } {
  const note = settingNotes.get(schema);
  if (note) return { allowed: note.allowed, description: descriptionOf(schema) };
  const inner = innerOf(schema);
  if (!inner) throw new Error('setting-member-without-note');
  return describedIn(inner);
}

function memberDefault(schema: ZodType): string {
  const value = schema.parse(undefined);
  return value === undefined ? '' : (code(JSON.stringify(value)) ?? '');
}

function defaultText({ note }: SettingEntry): string {
  if (note.defaultText !== undefined) return note.defaultText;
  if (note.default === undefined) return '';
  const general = code(JSON.stringify(note.default)) ?? '';
  return note.devDefault === undefined ? general : `${general}; in dev ${code(JSON.stringify(note.devDefault))}`;
}

function code(text: string | undefined): string {
  return text ? `\`${text}\`` : '';
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
