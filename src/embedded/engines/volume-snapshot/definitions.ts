import { type CrdColumn, defineCrd, type Schema } from '../define-crd.ts';
import type { EngineObject } from '../engine.ts';

const group = 'snapshot.storage.k8s.io';
const annotations = {
  'api-approved.kubernetes.io': 'https://github.com/kubernetes-csi/external-snapshotter/pull/814',
};
const text: Schema = { type: 'string' };
const quantity: Schema = {
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  'x-kubernetes-int-or-string': true,
  pattern:
    '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
};
const error: Schema = { type: 'object', properties: { message: text, time: { type: 'string', format: 'date-time' } } };
const deletionPolicy: Schema = { type: 'string', enum: ['Delete', 'Retain'] };
const fixed = (schema: Schema, name: string): Schema => ({
  ...schema,
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${name} is immutable` }],
});
const keeps = (name: string): object => ({
  rule: `!has(oldSelf.${name}) || has(self.${name})`,
  message: `${name} is required once set`,
});
const oneOf = (one: string, other: string): object => ({
  rule: `has(self.${one}) != has(self.${other})`,
  message: `exactly one of ${one} and ${other} must be set`,
});
const age: CrdColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const volumeSnapshots = defineCrd(
  {
    group,
    annotations,
    kind: 'VolumeSnapshot',
    plural: 'volumesnapshots',
    shortNames: ['vs'],
    description:
      "VolumeSnapshot is a user's request for a point-in-time copy of a volume, or for the use of one that exists.",
  },
  [
    {
      name: 'v1',
      required: ['spec'],
      spec: {
        type: 'object',
        required: ['source'],
        properties: {
          source: {
            type: 'object',
            properties: {
              persistentVolumeClaimName: fixed(text, 'persistentVolumeClaimName'),
              volumeSnapshotContentName: fixed(text, 'volumeSnapshotContentName'),
            },
            'x-kubernetes-validations': [
              keeps('persistentVolumeClaimName'),
              keeps('volumeSnapshotContentName'),
              oneOf('volumeSnapshotContentName', 'persistentVolumeClaimName'),
            ],
          },
          volumeSnapshotClassName: {
            ...text,
            'x-kubernetes-validations': [
              { rule: 'size(self) > 0', message: 'volumeSnapshotClassName must not be the empty string when set' },
            ],
          },
        },
      },
      status: {
        type: 'object',
        properties: {
          boundVolumeSnapshotContentName: text,
          creationTime: { type: 'string', format: 'date-time' },
          error,
          readyToUse: { type: 'boolean' },
          restoreSize: quantity,
          volumeGroupSnapshotName: text,
        },
      },
      columns: [
        { name: 'ReadyToUse', type: 'boolean', jsonPath: '.status.readyToUse' },
        { name: 'SourcePVC', type: 'string', jsonPath: '.spec.source.persistentVolumeClaimName' },
        { name: 'SourceSnapshotContent', type: 'string', jsonPath: '.spec.source.volumeSnapshotContentName' },
        { name: 'RestoreSize', type: 'string', jsonPath: '.status.restoreSize' },
        { name: 'SnapshotClass', type: 'string', jsonPath: '.spec.volumeSnapshotClassName' },
        { name: 'SnapshotContent', type: 'string', jsonPath: '.status.boundVolumeSnapshotContentName' },
        { name: 'CreationTime', type: 'date', jsonPath: '.status.creationTime' },
        age,
      ],
    },
  ],
);

const volumeSnapshotContents = defineCrd(
  {
    group,
    annotations,
    kind: 'VolumeSnapshotContent',
    plural: 'volumesnapshotcontents',
    shortNames: ['vsc', 'vscs'],
    isClusterScoped: true,
    description: 'VolumeSnapshotContent is the snapshot itself, as the storage system keeps it.',
  },
  [
    {
      name: 'v1',
      required: ['spec'],
      spec: {
        type: 'object',
        required: ['deletionPolicy', 'driver', 'source', 'volumeSnapshotRef'],
        properties: {
          deletionPolicy,
          driver: text,
          source: {
            type: 'object',
            properties: {
              snapshotHandle: fixed(text, 'snapshotHandle'),
              volumeHandle: fixed(text, 'volumeHandle'),
            },
            'x-kubernetes-validations': [
              keeps('volumeHandle'),
              keeps('snapshotHandle'),
              oneOf('volumeHandle', 'snapshotHandle'),
            ],
          },
          sourceVolumeMode: fixed(text, 'sourceVolumeMode'),
          volumeSnapshotClassName: text,
          volumeSnapshotRef: {
            type: 'object',
            properties: {
              apiVersion: text,
              fieldPath: text,
              kind: text,
              name: text,
              namespace: text,
              resourceVersion: text,
              uid: text,
            },
            'x-kubernetes-map-type': 'atomic',
            'x-kubernetes-validations': [
              {
                rule: 'has(self.name) && has(self.__namespace__)',
                message: 'both spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace must be set',
              },
            ],
          },
        },
        'x-kubernetes-validations': [keeps('sourceVolumeMode')],
      },
      status: {
        type: 'object',
        properties: {
          creationTime: { type: 'integer', format: 'int64' },
          error,
          readyToUse: { type: 'boolean' },
          restoreSize: { type: 'integer', format: 'int64', minimum: 0 },
          snapshotHandle: text,
          volumeGroupSnapshotHandle: text,
        },
      },
      columns: [
        { name: 'ReadyToUse', type: 'boolean', jsonPath: '.status.readyToUse' },
        { name: 'RestoreSize', type: 'integer', jsonPath: '.status.restoreSize' },
        { name: 'DeletionPolicy', type: 'string', jsonPath: '.spec.deletionPolicy' },
        { name: 'Driver', type: 'string', jsonPath: '.spec.driver' },
        { name: 'VolumeSnapshotClass', type: 'string', jsonPath: '.spec.volumeSnapshotClassName' },
        { name: 'VolumeSnapshot', type: 'string', jsonPath: '.spec.volumeSnapshotRef.name' },
        { name: 'VolumeSnapshotNamespace', type: 'string', jsonPath: '.spec.volumeSnapshotRef.namespace' },
        age,
      ],
    },
  ],
);

const volumeSnapshotClasses = defineCrd(
  {
    group,
    annotations,
    kind: 'VolumeSnapshotClass',
    plural: 'volumesnapshotclasses',
    shortNames: ['vsclass', 'vsclasses'],
    isClusterScoped: true,
    description: 'VolumeSnapshotClass says which driver takes snapshots and what becomes of them.',
  },
  [
    {
      name: 'v1',
      required: ['deletionPolicy', 'driver'],
      fields: { deletionPolicy, driver: text, parameters: { type: 'object', additionalProperties: text } },
      columns: [
        { name: 'Driver', type: 'string', jsonPath: '.driver' },
        { name: 'DeletionPolicy', type: 'string', jsonPath: '.deletionPolicy' },
        age,
      ],
    },
  ],
);

/** The three kinds of snapshot.storage.k8s.io/v1. */
export const definitions: readonly EngineObject[] = [volumeSnapshots, volumeSnapshotContents, volumeSnapshotClasses];
