import { type input, registry, type ZodType } from 'zod';

/** What a setting's schema cannot say about itself. */
export interface SettingNote {
  /** What may stand there, in words: "must be …". */
  readonly allowed: string;
  /** The value is never printed, neither in an error nor in the list of effective settings. */
  readonly isSecret?: boolean;
  /** A relative path counts from the file that holds it, or from the working folder where it came by environment or flag. */
  readonly isPath?: boolean;
  /** How the text of an environment variable or a flag is read. Absent: the setting is for the file only. */
  readonly reads?: 'text' | 'number' | 'switch' | 'list';
  /** Environment variable, where it is not LONGSHORE_ and the path in capitals. */
  readonly environment?: string;
  readonly hasFlag?: boolean;
  /** The flag without its dashes, where it is not the path with dashes. */
  readonly flag?: string;
  readonly default?: unknown;
  /** Where `dev` starts from another value. */
  readonly devDefault?: unknown;
  /** For the reference table, where the default depends on other settings. */
  readonly defaultText?: string;
}

export const settingNotes = registry<SettingNote>();

/** Describes a setting: the schema's own description plus its note. Must be the last step, on the outermost schema. */
export function setting<S extends ZodType>(
  schema: S,
  description: string,
  note: SettingNote & { readonly default?: input<S>; readonly devDefault?: input<S> },
): S {
  const described = schema.describe(description);
  settingNotes.add(described, note);
  return described;
}
