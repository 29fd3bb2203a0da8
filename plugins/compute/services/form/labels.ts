import { checkMapChange } from 'longshore/sdk';
import type { Draft } from './draft.ts';
import type { Maybe } from './maybe.ts';

export interface LabelForm {
  readonly key: string;
  readonly value: string;
}

export interface LabelsForm {
  readonly labels?: Maybe<readonly LabelForm[]>;
  readonly removeLabels?: Maybe<readonly string[]>;
  readonly annotations?: Maybe<readonly LabelForm[]>;
  readonly removeAnnotations?: Maybe<readonly string[]>;
}

/** Sets and takes away labels and annotations of an object (CMP-62); those that are not named stay. */
export function writeLabels(draft: Draft, form: LabelsForm): void {
  draft.inside('metadata', [], (metadata) => {
    writeMap(metadata, 'labels', form.labels, form.removeLabels, 'removeLabels');
    writeMap(metadata, 'annotations', form.annotations, form.removeAnnotations, 'removeAnnotations');
  });
}

function writeMap(
  metadata: Draft,
  field: 'labels' | 'annotations',
  entries: Maybe<readonly LabelForm[]>,
  gone: Maybe<readonly string[]>,
  goneField: string,
): void {
  for (const { path, code, message } of checkMapChange(field, { set: entries ?? [], remove: gone ?? [] })) {
    metadata.refuse(path, code, message);
  }
  metadata.inside(field, [], (map) => {
    for (const [index, key] of (gone ?? []).entries()) map.set(key, null, [goneField, index]);
    for (const [index, { key, value }] of (entries ?? []).entries()) map.set(key, value, [field, index]);
  });
}
