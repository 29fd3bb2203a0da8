import { type CrdColumn, defineCrd } from '../../define-crd.ts';
import { group } from '../kinds.ts';
import {
  ageColumn,
  anything,
  conditions,
  containerColumns,
  count,
  countOrPercent,
  flag,
  generation,
  inPlaceUpdateStrategy,
  lifecycle,
  priorityStrategy,
  scale,
  selector,
  text,
} from '../shared-schemas.ts';

const column = (name: string, jsonPath: string, description: string): CrdColumn => ({
  name,
  type: 'integer',
  jsonPath,
  description,
});

/** CloneSet as OpenKruise 1.9 serves it: v1alpha1 only. */
export const cloneSetDefinition = defineCrd(
  {
    group,
    kind: 'CloneSet',
    plural: 'clonesets',
    shortNames: ['clone'],
    description:
      'CloneSet keeps pods of one template and updates them in place or by replacement, as far as it is told.',
  },
  [
    {
      name: 'v1alpha1',
      scale,
      spec: {
        type: 'object',
        required: ['selector', 'template'],
        properties: {
          lifecycle,
          minReadySeconds: count,
          progressDeadlineSeconds: count,
          replicas: count,
          revisionHistoryLimit: count,
          scaleStrategy: {
            type: 'object',
            properties: {
              disablePVCReuse: flag,
              maxUnavailable: countOrPercent,
              podsToDelete: { type: 'array', items: text },
            },
          },
          selector,
          template: anything,
          updateStrategy: {
            type: 'object',
            properties: {
              inPlaceUpdateStrategy,
              maxSurge: countOrPercent,
              maxUnavailable: countOrPercent,
              partition: countOrPercent,
              paused: flag,
              priorityStrategy,
              scatterStrategy: {
                type: 'array',
                items: { type: 'object', required: ['key', 'value'], properties: { key: text, value: text } },
              },
              type: text,
            },
          },
          volumeClaimTemplates: anything,
        },
      },
      status: {
        type: 'object',
        required: ['availableReplicas', 'readyReplicas', 'replicas', 'updatedReadyReplicas', 'updatedReplicas'],
        properties: {
          availableReplicas: count,
          collisionCount: count,
          conditions,
          currentRevision: text,
          expectedUpdatedReplicas: count,
          labelSelector: text,
          observedGeneration: generation,
          readyReplicas: count,
          replicas: count,
          updateRevision: text,
          updatedAvailableReplicas: count,
          updatedReadyReplicas: count,
          updatedReplicas: count,
        },
      },
      columns: [
        column('DESIRED', '.spec.replicas', 'The desired number of pods.'),
        column('UPDATED', '.status.updatedReplicas', 'The number of pods updated.'),
        column('UPDATED_READY', '.status.updatedReadyReplicas', 'The number of pods updated and ready.'),
        column('UPDATED_AVAILABLE', '.status.updatedAvailableReplicas', 'The number of pods updated and available.'),
        column('READY', '.status.readyReplicas', 'The number of pods ready.'),
        column('TOTAL', '.status.replicas', 'The number of currently all pods.'),
        ageColumn,
        ...containerColumns('cloneset'),
        {
          name: 'SELECTOR',
          type: 'string',
          jsonPath: '.status.labelSelector',
          description: 'The selector of currently cloneset.',
          priority: 1,
        },
      ],
    },
  ],
);
