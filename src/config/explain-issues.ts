import { ZodArray, type ZodError, ZodObject, ZodRecord, type ZodType, ZodUnion } from 'zod';
import { innerOf } from './list-settings.ts';
import { didYouMean } from './nearest-word.ts';
import { type SettingNote, settingNotes } from './setting.ts';

type Issue = ZodError['issues'][number];
type Path = readonly PropertyKey[];

export interface ExplainOptions {
  /** What was parsed; the offending values are read from it. */
  readonly input: unknown;
  /** What stands before the paths, e.g. `pluginSettings.release`. */
  readonly prefix?: string;
  /** Where the value at a path came from, e.g. `environment LONGSHORE_PORT`. */
  readonly sourceOf?: (path: Path) => string | undefined;
}

/** One line for each thing that is wrong: the key, what is allowed and what came; never the value of a secret. */
export function explainIssues(schema: ZodType, issues: readonly Issue[], options: ExplainOptions): string[] {
  return issues.flatMap((issue) => explainIssue(schema, issue, options));
}

function explainIssue(schema: ZodType, issue: Issue, options: ExplainOptions): string[] {
  const source = options.sourceOf?.(issue.path);
  const suffix = source === undefined ? '' : ` (${source})`;
  if (issue.code === 'unrecognized_keys') return explainUnknownKeys(schema, issue.path, issue.keys, options, suffix);

  // A choice between a name and a map is explained by its map, where a map came.
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) =>
      errors.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
    );
    if (branch) {
      return branch.flatMap((inner) =>
        explainIssue(schema, { ...inner, path: [...issue.path, ...inner.path] }, options),
      );
    }
  }

  const key = keyText(options.prefix, issue.path);
  const { note, isSecret } = noteAt(schema, issue.path);
  const says = issue.code === 'custom' ? issue.params?.says : undefined;
  if (typeof says === 'string') return [`${key} ${says}${suffix}`];
  const value = valueAt(options.input, issue.path);
  if (!note && schemaAt(schema, issue.path) instanceof ZodObject)
    return [`${key} must be a map, got ${shown(value)}${suffix}`];
  if (!note) return [`${key}: ${issue.message}${suffix}`];
  if (value === undefined) return [`${key} is missing: it must be ${note.allowed}${suffix}`];
  return [
    `${key} must be ${note.allowed}, got ${isSecret ? 'something else, which is not shown' : shown(value)}${suffix}`,
  ];
}

function explainUnknownKeys(
  schema: ZodType,
  path: Path,
  keys: readonly string[],
  options: ExplainOptions,
  suffix: string,
) {
  const known = knownKeys(schemaAt(schema, path));
  return keys.map((key) => {
    const text = keyText(options.prefix, [...path, key]);
    const hint = didYouMean(key, known) || (known.length > 0 ? `; known here: ${known.join(', ')}` : '');
    return `${text} is not a setting${suffix}${hint}`;
  });
}

/** `tokens[0].sha256`. */
function keyText(prefix: string | undefined, path: Path): string {
  const text = path.reduce<string>((before, part) => {
    if (typeof part === 'number') return `${before}[${part}]`;
    return before === '' ? String(part) : `${before}.${String(part)}`;
  }, prefix ?? '');
  return text === '' ? 'The configuration' : text.slice(0, 200);
}

/** The nearest note on the way down to the path, and whether anything on that way is secret. */
function noteAt(schema: ZodType, path: Path): { note: SettingNote | undefined; isSecret: boolean } {
  let note: SettingNote | undefined;
  let isSecret = false;
  for (let depth = 0; depth <= path.length; depth += 1) {
    for (let at = schemaAt(schema, path.slice(0, depth)); at; at = innerOf(at)) {
      const found = settingNotes.get(at);
      if (found?.isSecret) isSecret = true;
      if (found && depth === path.length) note ??= found;
    }
  }
  return { note, isSecret };
}

function schemaAt(schema: ZodType, path: Path): ZodType | undefined {
  let at: ZodType | undefined = schema;
  for (const part of path) {
    at = memberOf(at && unwrapped(at), part);
    if (!at) return undefined;
  }
  return at;
}

function unwrapped(schema: ZodType): ZodType {
  const inner = innerOf(schema);
  return inner ? unwrapped(inner) : schema;
}

function memberOf(schema: ZodType | undefined, part: PropertyKey): ZodType | undefined {
  if (schema instanceof ZodObject) return schema.shape[String(part)] as ZodType | undefined;
  if (schema instanceof ZodArray) return schema.element as ZodType;
  if (schema instanceof ZodRecord) return schema.valueType as ZodType;
  if (schema instanceof ZodUnion) return memberOf(objectOf(schema), part);
  return undefined;
}

function objectOf(union: ZodUnion): ZodObject | undefined {
  return union.options.find((option) => option instanceof ZodObject);
}

function knownKeys(schema: ZodType | undefined): string[] {
  const at = schema && unwrapped(schema);
  const object = at instanceof ZodUnion ? objectOf(at) : at;
  return object instanceof ZodObject ? Object.keys(object.shape) : [];
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, part)
      ? (at as Record<PropertyKey, unknown>)[part]
      : undefined;
  }, input);
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
