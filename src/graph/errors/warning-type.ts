import type { RaisedWarning } from '../../kernel/answer-error.ts';
import { type LongshoreBuilder, typeRef } from '../builder.ts';

export const warningRef = typeRef<RaisedWarning>('Warning');

/** Warnings that a caller acknowledges; `codes` come from all plugins. */
export function registerWarningType(builder: LongshoreBuilder, codes: Readonly<Record<string, string>>): void {
  const code = builder.enumType('WarningCode', {
    description: 'What one can be warned of, and acknowledge. Plugins add their own.',
    values: Object.fromEntries(Object.entries(codes).map(([name, description]) => [name, { description }])),
  });
  builder.objectType(warningRef, {
    description: 'What to know before it is done: name its code under `acknowledge` to go on all the same.',
    fields: (t) => ({
      code: t.field({ type: code, description: 'What to acknowledge.', resolve: (warning) => warning.code as never }),
      message: t.exposeString('message', { description: 'What it is about, in one sentence for people.' }),
      path: t.stringList({
        description: 'Where in `input`, from the outside in; empty where it is about the whole.',
        resolve: (warning) => warning.path.map(String),
      }),
    }),
  });
}
