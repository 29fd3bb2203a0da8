import { z } from 'zod';
import { ConfigError } from '../../config/config-error.ts';
import { explainIssues } from '../../config/explain-issues.ts';
import { readYamlFile } from '../../config/read-yaml-file.ts';
import { setting } from '../../config/setting.ts';
import { labelName } from '../../config/setting-kinds.ts';

/** One value as it stands in a file, not yet checked: only the plugin that declares the key knows what it may be. */
export interface ProfileEntry {
  /** The section it stands in: the plugin that declares the key. */
  readonly plugin: string;
  readonly key: string;
  readonly value: unknown;
  /** `<file>:<line>` of a part of the value. */
  placeOf(path?: readonly PropertyKey[]): string;
}

/** A profile file that is well-formed. */
export interface ProfileFile {
  readonly path: string;
  readonly name: string;
  /** Absent in a file that only adds values of one plugin's keys to a profile that another file defines. */
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly extends: string | undefined;
  readonly entries: readonly ProfileEntry[];
  /** `<file>:<line>` of one of its members. */
  placeOf(member: string): string;
}

const section = setting(z.record(z.string(), z.unknown()), "Values of one plugin's keys.", {
  allowed: "a map from profile keys to values, such as 'replicas.max': 100",
});

const fileSchema = z.strictObject({
  name: labelName('Name of the profile.'),
  title: setting(z.string().min(1).max(200).optional(), 'Name for people.', {
    allowed: 'a text of 1 to 200 characters',
  }),
  description: setting(z.string().min(1).max(1_000).optional(), 'What it is for.', {
    allowed: 'a text of 1 to 1000 characters',
  }),
  extends: labelName('The profile whose values hold where this one sets none.').optional(),
  values: setting(z.record(z.string(), section).default({}), 'Values by the plugin that declares their keys.', {
    allowed: 'a map from plugin names to their values',
  }),
});

/** Reads one profile file. Throws `ConfigError` with one line for each thing that is wrong with its form. */
export function readProfileFile(path: string): ProfileFile {
  const { value: input, lineAt } = readYamlFile(path, 'profile', "a profile's name, title and values");
  const parsed = fileSchema.safeParse(input, { reportInput: false });
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.flatMap((issue) => {
        const place = `${path}:${lineAt(issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path)}`;
        return explainIssues(fileSchema, [issue], { input }).map((problem) => `${place}: ${problem}`);
      }),
    );
  }
  const { name, title, description, extends: parent, values } = parsed.data;
  return {
    path,
    name,
    title,
    description,
    extends: parent,
    entries: Object.entries(values).flatMap(([plugin, keys]) =>
      Object.entries(keys).map(([key, value]) => ({
        plugin,
        key,
        value,
        placeOf: (at: readonly PropertyKey[] = []) => `${path}:${lineAt(['values', plugin, key, ...at])}`,
      })),
    ),
    placeOf: (member) => `${path}:${lineAt([member])}`,
  };
}
