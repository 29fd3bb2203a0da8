import { type CrdColumn, defineCrd, type Schema } from '../../define-crd.ts';
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

const columns: readonly CrdColumn[] = [
  column('DESIRED', '.spec.replicas', 'The desired number of pods.'),
  column('CURRENT', '.status.replicas', 'The number of currently all pods.'),
  column('UPDATED', '.status.updatedReplicas', 'The number of pods updated.'),
  column('READY', '.status.readyReplicas', 'The number of pods ready.'),
  ageColumn,
  ...containerColumns('advanced statefulset'),
];

/** Fields of spec that both versions have. */
const commonSpec: Readonly<Record<string, Schema>> = {
  podManagementPolicy: text,
  replicas: count,
  revisionHistoryLimit: count,
  selector,
  serviceName: text,
  template: anything,
  updateStrategy: {
    type: 'object',
    properties: {
      rollingUpdate: {
        type: 'object',
        properties: {
          inPlaceUpdateStrategy,
          maxUnavailable: countOrPercent,
          minReadySeconds: count,
          partition: count,
          paused: flag,
          podUpdatePolicy: text,
          unorderedUpdate: { type: 'object', properties: { priorityStrategy } },
        },
      },
      type: text,
    },
  },
  volumeClaimTemplates: anything,
};

const commonStatus: Readonly<Record<string, Schema>> = {
  availableReplicas: count,
  collisionCount: count,
  conditions,
  currentReplicas: count,
  currentRevision: text,
  labelSelector: text,
  observedGeneration: generation,
  readyReplicas: count,
  replicas: count,
  updateRevision: text,
  updatedReplicas: count,
};

const requiredStatus = ['availableReplicas', 'currentReplicas', 'readyReplicas', 'replicas', 'updatedReplicas'];

/** StatefulSet of apps.kruise.io: kept in v1beta1; v1alpha1 knows fewer fields. */
export const advancedStatefulSetDefinition = defineCrd(
  {
    group,
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts', 'asts'],
    description: 'StatefulSet keeps numbered pods like that of apps/v1, and updates them in place and several at once.',
  },
  [
    {
      name: 'v1beta1',
      scale,
      columns,
      spec: {
        type: 'object',
        required: ['selector', 'template'],
        properties: {
          ...commonSpec,
          lifecycle,
          ordinals: { type: 'object', required: ['start'], properties: { start: count } },
          persistentVolumeClaimRetentionPolicy: {
            type: 'object',
            properties: { whenDeleted: text, whenScaled: text },
          },
          reserveOrdinals: { type: 'array', items: countOrPercent },
          scaleStrategy: { type: 'object', properties: { maxUnavailable: countOrPercent } },
          volumeClaimUpdateStrategy: { type: 'object', properties: { type: text } },
        },
      },
      status: {
        type: 'object',
        required: requiredStatus,
        properties: {
          ...commonStatus,
          updatedAvailableReplicas: count,
          updatedReadyReplicas: count,
          volumeClaims: {
            type: 'array',
            items: {
              type: 'object',
              required: ['compatibleReadyReplicas', 'compatibleReplicas', 'volumeClaimName'],
              properties: { compatibleReadyReplicas: count, compatibleReplicas: count, volumeClaimName: text },
            },
          },
        },
      },
    },
    {
      name: 'v1alpha1',
      scale,
      columns,
      spec: { type: 'object', required: ['selector', 'template'], properties: commonSpec },
      status: { type: 'object', required: requiredStatus, properties: commonStatus },
    },
  ],
);
