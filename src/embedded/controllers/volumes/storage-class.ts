import { newestMarked } from '../../registry/newest-marked.ts';
import type { ClusterContext } from '../cluster-context.ts';
import { createKindClient } from '../kind-client.ts';
import type { StorageClass } from '../kubernetes-shapes.ts';

/** The simulated storage system: makes, grows and deletes the volumes of classes that name it. */
export const simulatedProvisioner = 'disk.embedded.longshore.dev';
const defaultStorageClass = 'embedded-standard';
const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

/** The class of claims that name none. */
export function defaultClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
  return newestMarked(classes, defaultClassAnnotation);
}

/** Makes the class that claims get which name none. */
export function ensureStorageClass(context: ClusterContext): void {
  const classes = createKindClient<StorageClass>(
    context.store,
    'kube-controller-manager',
    'storage.k8s.io',
    'storageclasses',
  );
  if (classes.get(undefined, defaultStorageClass) !== undefined) return;
  classes.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: defaultStorageClass, annotations: { [defaultClassAnnotation]: 'true' } },
    provisioner: simulatedProvisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  });
}
