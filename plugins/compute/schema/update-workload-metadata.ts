import { labelInputName } from 'longshore/plugins/core';
import {
  checkMapChange,
  type LongshoreBuilder,
  type MapChange,
  mapPatch,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import type { WorkloadObject } from '../api.ts';
import { anyWorkloadKinds } from '../api.ts';
import { isWorkload } from '../services/workload-kinds.ts';
import { loadWorkload } from './load-workload.ts';
import { operateByPatch } from './patch-workload.ts';
import { workloadSuccess } from './workload-success.ts';

interface MetadataInput {
  readonly labels?: unknown;
  readonly removeLabels?: readonly string[] | null | undefined;
  readonly annotations?: unknown;
  readonly removeAnnotations?: readonly string[] | null | undefined;
}

/** Labels and annotations of a workload, added and removed later (CMP-62). */
export function registerUpdateWorkloadMetadata(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateWorkloadMetadata',
    description:
      'Sets and removes labels and annotations of a workload itself, not of its pods: nothing is rolled out. The others stay as they are (CMP-62).',
    allow: { action: 'UPDATE', subject: anyWorkloadKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels to set, over those of the same key.' }),
      removeLabels: t.stringList({ description: 'Keys of labels to take away; those that are not there are nothing.' }),
      annotations: t.field({
        type: [labelInputName as never],
        description: 'Annotations to set, over those of the same key.',
      }),
      removeAnnotations: t.stringList({
        description: 'Keys of annotations to take away; those that are not there are nothing.',
      }),
    }),
    success: workloadSuccess('The labels and annotations are as wanted.'),
    validate(input) {
      const { labels, annotations } = changesOf(input);
      return [...checkMapChange('labels', labels), ...checkMapChange('annotations', annotations)];
    },
    load: ({ id }, context) => loadWorkload(String(id), context),
    check(input) {
      const { labels, annotations } = changesOf(input);
      const isEmpty = !mapPatch(labels) && !mapPatch(annotations);
      return isEmpty ? [{ path: [], code: 'empty', message: 'There is nothing to set or to remove' }] : [];
    },
    run(input, workload, ticket, context) {
      const { labels, annotations } = changesOf(input);
      const patch = { metadata: { labels: mapPatch(labels), annotations: mapPatch(annotations) } };
      return operateByPatch('EDIT', workload, () => patch, ticket, context);
    },
    replay: (node): WorkloadObject | null => (isWorkload(node) ? node : null),
  });
}

function changesOf(input: MetadataInput): { readonly labels: MapChange; readonly annotations: MapChange } {
  return {
    labels: { set: (input.labels ?? []) as MapChange['set'], remove: input.removeLabels ?? [] },
    annotations: { set: (input.annotations ?? []) as MapChange['set'], remove: input.removeAnnotations ?? [] },
  };
}
