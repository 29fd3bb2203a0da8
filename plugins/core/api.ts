/** What other plugins may hold of core: its Kubernetes kinds, topics, and the GraphQL types they may extend. */

import type { CoreV1Event, V1Namespace } from '@kubernetes/client-node';
import {
  type Cluster,
  type KubeObject,
  kindRef,
  kubeObjectCodec,
  type OperationRecord,
  type SealedSecret,
  type TypeRef,
  topicRef,
  typeRef,
} from 'longshore/sdk';

export type NamespaceObject = KubeObject<V1Namespace>;
/** Its values are sealed: `data` has lengths only. */
export type SecretObject = KubeObject<SealedSecret>;
export type KubernetesEventObject = KubeObject<CoreV1Event>;

export const namespaceKind = kindRef<V1Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  isNamespaced: false,
});
export const secretKind = kindRef<SealedSecret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  isNamespaced: true,
});
/** Declares the index `involvedObject`: the uid of what an event is about. */
export const eventKind = kindRef<CoreV1Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  isNamespaced: true,
});

export const namespaceTypeRef: TypeRef<NamespaceObject> = typeRef<NamespaceObject>('Namespace');
export const secretTypeRef: TypeRef<SecretObject> = typeRef<SecretObject>('Secret');
export const kubernetesEventTypeRef: TypeRef<KubernetesEventObject> = typeRef<KubernetesEventObject>('KubernetesEvent');

export interface Label {
  readonly key: string;
  readonly value: string;
}
export const labelTypeRef: TypeRef<Label> = typeRef<Label>('Label');

/** The input type of a label, by name: `t.field({ type: [labelInputName as never] })`. */
export const labelInputName = 'LabelInput';

/** Records as they are made and closed, on whatever replica; without their input. */
export const operationRecordsTopic = topicRef<OperationRecord>('core.operationRecords');
/** What clusters report about their objects, each state of each event once. */
export const kubernetesEventsTopic = topicRef<KubernetesEventObject>('core.kubernetesEvents', {
  codec: kubeObjectCodec<CoreV1Event>(),
});
/** Clusters whose state, version or capabilities changed, as this replica sees them. */
export const clustersTopic = topicRef<Cluster>('core.clusters', { isLocal: true });
