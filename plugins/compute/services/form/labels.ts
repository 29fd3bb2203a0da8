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

const labelName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

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
  metadata.inside(field, [], (map) => {
    for (const [index, key] of (gone ?? []).entries()) map.set(key, null, [goneField, index]);
    for (const [index, { key, value }] of (entries ?? []).entries()) {
      map.set(key, value, [field, index]);
      if (!labelName.test(key)) {
        map.refuse([field, index, 'key'], 'invalid_label_key', `'${key}' is no key such as example.com/team`);
      }
      if (field === 'labels' && !labelValue.test(value)) {
        const message = `'${value}' is no label value: up to 63 letters, digits, '-', '_' and '.'`;
        map.refuse([field, index, 'value'], 'invalid_label_value', message);
      }
    }
  });
}
