import { labelInputName } from 'longshore/plugins/core';
import type { InputFieldBuilder } from 'longshore/sdk';

/** Fields of new objects of this area. */
export function newMetadataFields(t: InputFieldBuilder) {
  return {
    labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
    annotations: t.field({ type: [labelInputName as never], description: 'Annotations to give it.' }),
    description: t.string({ description: 'What it is for: by `description.text` of the profile.' }),
  };
}

/** Fields that change the metadata of what is there. */
export function changedMetadataFields(t: InputFieldBuilder) {
  return {
    labels: t.field({ type: [labelInputName as never], description: 'Labels to set, over those of the same key.' }),
    removeLabels: t.stringList({ description: 'Keys of labels to take away; those that are not there are nothing.' }),
    annotations: t.field({
      type: [labelInputName as never],
      description: 'Annotations to set, over those of the same key.',
    }),
    removeAnnotations: t.stringList({
      description: 'Keys of annotations to take away; those that are not there are nothing.',
    }),
    description: t.string({ description: 'What it is for; empty takes it away.' }),
  };
}
