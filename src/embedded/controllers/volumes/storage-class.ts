import type { ClusterContext } from '../cluster-context.ts';
import { createKindClient } from '../kind-client.ts';
import type { StorageClass } from '../kubernetes-shapes.ts';

/** The simulated storage system: makes, grows and deletes the volumes of classes that name it. */
export const simulatedProvisioner = 'disk.embedded.longshore.dev';
const defaultStorageClass = 'embedded-standard';
const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

/** The class of claims that name none: of several defaults the newest, of equally new ones the first by name. */
export function defaultClassOf(classes: readonly StorageClass[]): StorageClass | undefined {
  const created = ({ metadata }: StorageClass): string => metadata.creationTimestamp ?? '';
  return classes
    .filter(({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true')
    .sort((left, right) => {
      if (created(left) !== created(right)) return created(left) < created(right) ? 1 : -1;
      return left.metadata.name < right.metadata.name ? -1 : 1;
    })[0];
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
