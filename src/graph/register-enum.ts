import type { LongshoreBuilder } from './builder.ts';

/** An enum whose values are its own names, each with its description. Refer to it by name. */
export function registerEnum(
  builder: LongshoreBuilder,
  name: string,
  description: string,
  values: Readonly<Record<string, string>>,
): void {
  builder.enumType(name, {
    description,
    values: Object.fromEntries(Object.entries(values).map(([value, text]) => [value, { description: text }])),
  });
}

/** A type by its name, where the builder's types do not know it: enums, and types of other plugins. */
export const named = (name: string): never => name as never;
