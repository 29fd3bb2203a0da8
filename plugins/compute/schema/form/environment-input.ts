import { type InputTypeRef, inputRef, type LongshoreBuilder } from 'longshore/sdk';
import type { BulkSourceForm, KeyForm, ValueFromForm, VariableForm } from '../../services/form/environment.ts';

export const variableInputRef: InputTypeRef<VariableForm> = inputRef<VariableForm>('EnvironmentVariableInput');
export const bulkSourceInputRef: InputTypeRef<BulkSourceForm> = inputRef<BulkSourceForm>('EnvironmentBulkSourceInput');
const valueFromInputRef = inputRef<ValueFromForm>('EnvironmentValueFromInput');
const keyInputRef = inputRef<KeyForm>('ConfigKeyInput');
const resourceInputRef = inputRef<NonNullable<ValueFromForm['resource']>>('ResourceFieldInput');

export function registerEnvironmentInput(builder: LongshoreBuilder): void {
  builder.inputType('EnvironmentVariableInput', {
    description: 'An environment variable: with `value`, or with `valueFrom`.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Its name, by the rule `env.name` of the profile.' }),
      value: t.string({ description: 'Its value as it is; `$(NAME)` stands for a variable before it.' }),
      valueFrom: t.field({
        type: valueFromInputRef,
        description: 'Where its value comes from when the container starts.',
      }),
      remove: t.boolean({ description: 'Takes the variable of this name away. Only where a workload is changed.' }),
    }),
  });
  builder.inputType('EnvironmentValueFromInput', {
    description: 'Where the value of an environment variable comes from.',
    isOneOf: true,
    fields: (t) => ({
      configMapKey: t.field({ type: keyInputRef, description: 'A key of a ConfigMap in the same namespace.' }),
      secretKey: t.field({ type: keyInputRef, description: 'A key of a Secret in the same namespace.' }),
      fieldPath: t.string({ description: 'A field of the pod, e.g. `status.podIP`.' }),
      resource: t.field({ type: resourceInputRef, description: "A container's request or limit." }),
    }),
  });
  builder.inputType('ConfigKeyInput', {
    description: 'A key of a ConfigMap or Secret. Both must be there, unless it is optional.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'Name of the ConfigMap or Secret.' }),
      key: t.string({ required: true, description: 'The key.' }),
      isOptional: t.boolean({ description: 'Whether the container starts without it.' }),
    }),
  });
  builder.inputType('ResourceFieldInput', {
    description: "A container's request or limit.",
    fields: (t) => ({
      container: t.string({ description: 'Name of the container; its own where it is not given.' }),
      resource: t.string({ required: true, description: 'Which, e.g. `limits.memory`.' }),
      divisor: t.field({ type: 'Quantity', description: 'The unit it is told in, e.g. `1Mi`.' }),
    }),
  });
  builder.inputType('EnvironmentBulkSourceInput', {
    description: 'A ConfigMap or Secret whose keys all become environment variables: exactly one of them.',
    fields: (t) => ({
      configMap: t.string({ description: 'Name of a ConfigMap in the same namespace.' }),
      secret: t.string({ description: 'Name of a Secret in the same namespace.' }),
      prefix: t.string({ description: 'Put before each key.' }),
      isOptional: t.boolean({ description: 'Whether the container starts without it.' }),
    }),
  });
}
