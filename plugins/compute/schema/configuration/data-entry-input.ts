import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';
import type { DataEntryInput } from '../../services/configuration/data-entries.ts';

export const dataEntryInputRef: InputTypeRef<DataEntryInput> = inputRef<DataEntryInput>('DataEntryInput');

export function registerDataEntryInput(builder: LongshoreBuilder): void {
  builder.inputType('DataEntryInput', {
    description: 'A key of a ConfigMap or Secret with its value, typed or from a file: either `text` or `base64`.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'The key: the file’s name where it is mounted.' }),
      text: t.string({ description: 'The value as text.' }),
      base64: t.string({ description: 'The value as base64, fit for any bytes: what a browser reads from a file.' }),
    }),
  });
}
