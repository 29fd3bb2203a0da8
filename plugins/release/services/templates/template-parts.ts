import type { TemplateApp } from '../../api.ts';

/** One document of a template's text. */
export interface TextPart {
  readonly index: number;
  readonly value: unknown;
  readonly locate: (
    path: readonly (string | number)[],
    what?: 'key' | 'value',
  ) => { readonly line: number; readonly column: number };
}

export type Path = readonly (string | number)[];
export type Json = Readonly<Record<string, unknown>>;

/** An object of a template, before it has its name, place and labels. */
export interface TemplateObject {
  /** With the name that the template gives it in `metadata.name`. */
  readonly object: Json;
  /** Where it stands in the text. */
  readonly place: { readonly document: number; readonly path: Path };
}

/** An application of a template with the objects that it is made of. */
export interface AppPlan extends TemplateApp {
  /** Where the text has it. */
  readonly place: { readonly document: number; readonly path: Path };
  /** Where the text has each of `dependsOn`. */
  readonly dependencyPlaces: readonly Path[];
  readonly objects: readonly TemplateObject[];
  /** Names under which its pods look for other applications: `alias` stands for the Service of `app`. */
  readonly links: readonly { readonly app: string; readonly alias: string }[];
}

/** What a template's text says, and what is wrong with it. Sound only where nothing is. */
export interface TemplatePlan {
  readonly apps: readonly AppPlan[];
  /** What belongs to no application alone, such as ConfigMaps: made before all of them. */
  readonly shared: readonly TemplateObject[];
  readonly issues: readonly TemplateIssue[];
}

/** `path` points into the document. */
export interface TemplateIssue {
  readonly document: number;
  readonly path: Path;
  readonly code: string;
  readonly message: string;
  /** Whether it is about the key, not what stands behind it. */
  readonly isKey?: boolean;
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value some levels down; undefined where nothing is. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return inner[Number(step)];
    return isJson(inner) && Object.hasOwn(inner, step) ? inner[String(step)] : undefined;
  }, value);
}

/** The objects of a list; none where there is no list. */
export function jsonsAt(value: unknown, path: Path): readonly Json[] {
  const list = at(value, path);
  return Array.isArray(list) ? list.filter(isJson) : [];
}

/** Names of applications: parts of names of objects, and of hosts. */
export const appNamePattern: RegExp = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;
export const appNameRule =
  'lower-case letters, digits and dashes, a letter or digit at both ends, 40 characters at the most';

/** Fields that are not of the format, each with what is. */
export function unknownKeys(
  value: Json,
  known: readonly string[],
  document: number,
  path: Path,
): readonly TemplateIssue[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      document,
      path: [...path, key],
      code: 'unknown_field',
      message: `'${key.slice(0, 60)}' is not supported here; supported are ${known.join(', ')}`,
      isKey: true,
    }));
}
