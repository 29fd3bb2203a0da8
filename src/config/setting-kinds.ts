import { z } from 'zod';
import { type SettingNote, setting } from './setting.ts';

/** Kinds of settings that come again and again; each says in words what it allows. */

type Extra = Omit<SettingNote, 'allowed' | 'reads' | 'default' | 'devDefault'>;

/** A whole number between two bounds, never "none". */
export function numberSetting(
  description: string,
  bounds: {
    readonly min: number;
    readonly max: number;
    readonly default: number;
    readonly devDefault?: number;
  } & Extra,
) {
  const { min, max, ...note } = bounds;
  const allowed = `a whole number from ${min} to ${max}`;
  return setting(z.int().min(min).max(max), description, { reads: 'number', allowed, ...note });
}

export function switchSetting(
  description: string,
  note: { readonly default?: boolean; readonly devDefault?: boolean } & Extra,
) {
  return setting(z.boolean(), description, { reads: 'switch', allowed: 'true or false', ...note });
}

/** One of a few words. */
export function choiceSetting<const Choices extends readonly [string, ...string[]]>(
  description: string,
  choices: Choices,
  note: { readonly default: Choices[number]; readonly devDefault?: Choices[number] } & Extra,
) {
  const schema: z.ZodType<Choices[number], Choices[number]> = z.enum(choices);
  return setting(schema, description, { reads: 'text', allowed: `one of ${choices.join(', ')}`, ...note });
}

/** A path in the file system; after loading it is absolute. */
export function pathSetting(description: string, note: Extra = {}) {
  return setting(z.string().min(1), description, { reads: 'text', allowed: 'a path', isPath: true, ...note });
}

/** A name as Kubernetes has it (RFC 1123 label). */
export function labelName(description: string) {
  return setting(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), description, {
    allowed: 'a name of at most 63 lower-case letters, digits and dashes',
  });
}

/** SHA-256 of a token, so that the configuration never holds the token itself. */
export function tokenHash(description: string) {
  return setting(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/i)
      .toLowerCase(),
    description,
    {
      allowed: 'the SHA-256 of a token as 64 hex digits (printf %s "$TOKEN" | sha256sum)',
      isSecret: true,
    },
  );
}
