import type { input, output, ZodType } from 'zod';

/**
 * A limit, name rule, choice or switch that a profile sets: one plugin declares it, everybody may read it with
 * `profile.get(key)`. Keys are compared by name, as all references are.
 */
export interface ProfileKey<T = unknown> {
  /** Words with dots, unique among all plugins: `replicas.max`. */
  readonly name: string;
  /** What may stand in a profile. One of `profileValues` says in an error what it allows; any zod schema will do. */
  readonly schema: ZodType<T>;
  /** The value of the profile `default`, and of each profile that does not set it: the most permissive one. */
  readonly default: T;
  /** What a number counts: `pods`, `seconds`, `days`. */
  readonly unit?: string | undefined;
  readonly description: string;
  /** Requirements it comes from: `CON-01`. */
  readonly sources: readonly string[];
}

/** What `profileKey` is given. */
export interface ProfileKeySpec<Schema extends ZodType> {
  readonly name: string;
  readonly schema: Schema;
  readonly default: input<Schema>;
  readonly unit?: string;
  readonly description: string;
  readonly sources?: readonly string[];
}

/**
 * Declares a key: `export const replicasMax = profileKey({ name: 'replicas.max', schema: profileValues.count(1, 1_000), … })`.
 * The plugin lists it under `profileKeys`. Throws where the default is not what the schema allows.
 */
export function profileKey<Schema extends ZodType>(spec: ProfileKeySpec<Schema>): ProfileKey<output<Schema>> {
  const { name, description, unit, sources = [] } = spec;
  if (!/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/.test(name) || name.length > 80) {
    throw new Error(`The profile key '${name}' must be up to 80 letters and digits in words with dots: 'replicas.max'`);
  }
  const value = spec.schema.safeParse(spec.default);
  if (!value.success) {
    throw new Error(
      `The profile key '${name}' has a default that its schema does not allow: ${value.error.issues[0]?.message}`,
    );
  }
  return {
    name,
    schema: spec.schema as ProfileKey<output<Schema>>['schema'],
    default: value.data,
    unit,
    description,
    sources,
  };
}

declare module '../manifest.ts' {
  interface ManifestSlots {
    /** Limits, name rules, choices and switches that profiles set, made with `profileKey`. No other plugin may declare one of the name. */
    readonly profileKeys?: readonly ProfileKey[];
    /**
     * Folder with profile files (`*.yaml`): `new URL('./profiles', import.meta.url).href`. A file with a title defines a
     * profile; one without adds the values of this plugin's own keys to a profile that another plugin defines.
     */
    readonly profiles?: string;
  }
}
