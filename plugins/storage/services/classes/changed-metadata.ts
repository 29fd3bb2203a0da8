import { descriptionAnnotation, type Label } from 'longshore/plugins/core';
import { checkMapChange, type MapChange, mapPatch, type ValidationIssue } from 'longshore/sdk';

/** What the forms that change an object have in common. */
export interface MetadataChange {
  readonly labels?: readonly Label[] | null | undefined;
  readonly removeLabels?: readonly string[] | null | undefined;
  readonly annotations?: readonly Label[] | null | undefined;
  readonly removeAnnotations?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
}

export function checkMetadataChange(change: MetadataChange): readonly ValidationIssue[] {
  const { labels, annotations } = changesOf(change);
  return [...checkMapChange('labels', labels), ...checkMapChange('annotations', annotations)];
}

/** As a merge patch of the metadata; undefined where nothing is to be done. `more` are annotations of the form itself. */
export function metadataPatch(
  change: MetadataChange,
  more: Readonly<Record<string, string | null>> = {},
): object | undefined {
  const { labels, annotations } = changesOf(change);
  const { description } = change;
  const isDescribed = description !== null && description !== undefined;
  const notes = {
    ...mapPatch(annotations),
    ...(isDescribed ? { [descriptionAnnotation]: description || null } : {}),
    ...more,
  };
  const marks = mapPatch(labels);
  if (!marks && Object.keys(notes).length === 0) return undefined;
  return { ...(marks ? { labels: marks } : {}), ...(Object.keys(notes).length > 0 ? { annotations: notes } : {}) };
}

function changesOf(change: MetadataChange): { readonly labels: MapChange; readonly annotations: MapChange } {
  return {
    labels: { set: change.labels ?? [], remove: change.removeLabels ?? [] },
    annotations: { set: change.annotations ?? [], remove: change.removeAnnotations ?? [] },
  };
}
