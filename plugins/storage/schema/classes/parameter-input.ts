import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';

export interface ParameterInput {
  readonly name: string;
  readonly value: string;
}

export const parameterInputRef: InputTypeRef<ParameterInput> = inputRef<ParameterInput>('StorageParameterInput');

export function registerParameterInput(builder: LongshoreBuilder): void {
  builder.inputType('StorageParameterInput', {
    description: 'A parameter of a StorageClass, or an attribute of a volume.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name.' }),
      value: t.string({ required: true, description: 'Its value.' }),
    }),
  });
}
