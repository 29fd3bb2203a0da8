import type { EmbeddedEngine } from '../engine.ts';
import { createContentController } from './create-content-controller.ts';
import { createSnapshotController } from './create-snapshot-controller.ts';
import { definitions } from './definitions.ts';
import { defaultClassAnnotation, group } from './kinds.ts';

/** VolumeSnapshot (snapshot.storage.k8s.io/v1) with a driver that snapshots the embedded cluster's own volumes. */
export const volumeSnapshotEngine: EmbeddedEngine = {
  name: 'volume-snapshot',
  objects: [
    ...definitions,
    {
      apiVersion: `${group}/v1`,
      kind: 'VolumeSnapshotClass',
      metadata: { name: 'embedded-snapshot', annotations: { [defaultClassAnnotation]: 'true' } },
      driver: 'disk.embedded.longshore.dev',
      deletionPolicy: 'Delete',
    },
  ],
  createControllers: (context) => [createSnapshotController(context), createContentController(context)],
};
