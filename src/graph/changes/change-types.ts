import { type LongshoreBuilder, typeRef } from '../builder.ts';
import type { FieldChange } from './diff-fields.ts';

export const fieldChangeRef = typeRef<FieldChange>('FieldChange');

export function registerChangeTypes(builder: LongshoreBuilder): void {
  const operation = builder.enumType('FieldChangeOperation', {
    description: 'What happened to a field.',
    values: {
      ADD: { description: 'It was not there.' },
      REPLACE: { description: 'It had another value.' },
      REMOVE: { description: 'It is gone.' },
    } as const,
  });
  builder.objectType(fieldChangeRef, {
    description: 'One field that a write changed, or in a dry run would change.',
    fields: (t) => ({
      operation: t.field({
        type: operation,
        description: 'What happened to it.',
        resolve: (change) => change.operation,
      }),
      path: t.exposeString('path', { description: 'Where, as a JSON Pointer (RFC 6901), e.g. `/spec/replicas`.' }),
      before: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its value before.',
        resolve: (change) => change.before,
      }),
      after: t.field({
        type: 'JSON',
        nullable: true,
        description: 'Its value after.',
        resolve: (change) => change.after,
      }),
    }),
  });
}
