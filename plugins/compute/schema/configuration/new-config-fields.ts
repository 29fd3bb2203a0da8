import { labelInputName } from 'longshore/plugins/core';
import type { InputFieldBuilder } from 'longshore/sdk';

/** What the forms for a ConfigMap and a Secret have in common (CMP-89, CMP-96); `rule` is the profile's key for the name. */
export function newConfigFields(t: InputFieldBuilder, rule: string) {
  return {
    cluster: t.string({ required: true, description: 'Name of the cluster.' }),
    namespace: t.string({
      required: true,
      defaultValue: 'default',
      description: 'Its namespace, which never changes: pods use only what lies in their own.',
    }),
    name: t.string({
      required: true,
      description: `Its name, unique in the namespace, which never changes: by \`${rule}\` of the profile.`,
    }),
    description: t.string({ description: 'What it is for: by `description.text` of the profile.' }),
    labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
  };
}
