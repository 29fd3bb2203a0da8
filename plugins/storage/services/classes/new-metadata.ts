import { descriptionAnnotation, type Label } from 'longshore/plugins/core';
import { checkMapChange, type ValidationIssue } from 'longshore/sdk';

type Labels = readonly Label[] | null | undefined;

/** What the forms of new objects have in common. */
export interface MetadataForm {
  readonly name: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly description?: string | null | undefined;
}

export function checkMetadata({ labels, annotations }: Omit<MetadataForm, 'name'>): readonly ValidationIssue[] {
  return [
    ...checkMapChange('labels', { set: labels ?? [], remove: [] }),
    ...checkMapChange('annotations', { set: annotations ?? [], remove: [] }),
  ];
}

/** Metadata of an object that a form makes; `more` is what the form itself keeps there. */
export function metadataOf(
  { name, labels, annotations, description }: MetadataForm,
  namespace: string | undefined,
  more: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): object {
  const all = { ...toMap(labels), ...more.labels };
  const notes = {
    ...toMap(annotations),
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...more.annotations,
  };
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(Object.keys(all).length > 0 ? { labels: all } : {}),
    ...(Object.keys(notes).length > 0 ? { annotations: notes } : {}),
  };
}

const toMap = (labels: Labels): Readonly<Record<string, string>> =>
  Object.fromEntries((labels ?? []).map(({ key, value }) => [key, value]));
