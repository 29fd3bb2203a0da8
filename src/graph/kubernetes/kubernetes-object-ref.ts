import type { Cluster } from '../../kube/cluster.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { type InterfaceTypeRef, interfaceRef, type TypeRef, typeRef } from '../builder.ts';

/** What every Kubernetes object has, whatever its kind. */
export type AnyKubeObject = Pick<
  KubeObject,
  'apiVersion' | 'kind' | 'metadata' | typeof import('../../kube/kube-object.ts').origin
>;

/** Interface `KubernetesObject`: implemented by the core plugin, extended by anyone. */
export const kubernetesObjectRef: InterfaceTypeRef<AnyKubeObject> = interfaceRef<AnyKubeObject>('KubernetesObject');

/** Type `Cluster`: implemented by the core plugin, extended by anyone. */
export const clusterRef: TypeRef<Cluster> = typeRef<Cluster>('Cluster');
