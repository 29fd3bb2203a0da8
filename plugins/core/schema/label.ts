import type { LongshoreBuilder } from 'longshore/sdk';
import { type Label, labelInputName, labelTypeRef } from '../api.ts';

/** Label and annotation maps as lists with their real keys: GraphQL has no maps, and renamed keys are lost keys. */
export function registerLabel(builder: LongshoreBuilder): void {
  builder.objectType(labelTypeRef, {
    description: 'One entry of a map of labels or annotations.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The key as Kubernetes has it, e.g. `app.kubernetes.io/name`.' }),
      value: t.exposeString('value', { description: 'Its value.' }),
    }),
  });
  builder.inputType(labelInputName, {
    description: 'One label to set.',
    fields: (t) => ({
      key: t.string({ required: true, description: 'The key, e.g. `app.kubernetes.io/name`.' }),
      value: t.string({ required: true, description: 'Its value, up to 63 characters.' }),
    }),
  });
}

export function toLabels(map: Readonly<Record<string, string>> | undefined): Label[] {
  return Object.entries(map ?? {}).map(([key, value]) => ({ key, value }));
}
