import type { EmbeddedEngine } from '../engine.ts';
import { checkSnapshotSource } from './check-snapshot-source.ts';
import { createContentController } from './create-content-controller.ts';
import { createSnapshotController } from './create-snapshot-controller.ts';
import { definitions } from './definitions.ts';
import { defaultClassAnnotation, group, snapshotKinds } from './kinds.ts';

const component = 'csi-provisioner';

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
  createControllers(context) {
    context.volumeSources.register(group, 'VolumeSnapshot', checkSnapshotSource(snapshotKinds(context, component)));
    return [createSnapshotController(context), createContentController(context)];
  },
};
