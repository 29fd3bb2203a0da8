import type { LongshoreBuilder } from '../builder.ts';

export function registerJson(builder: LongshoreBuilder): void {
  builder.scalarType('JSON', {
    description: 'Any JSON value: for what has no type of its own. Not a string that contains JSON.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
    serialize: (value) => value,
    parseValue: (value) => value,
  });
}
