import {
  declareKind,
  definePlugin,
  harmlessSecretTypes,
  type OperationRecord,
  type SubjectDescriptor,
} from 'longshore/sdk';
import {
  clustersTopic,
  eventKind,
  kubernetesEventsTopic,
  namespaceKind,
  operationRecordsTopic,
  secretKind,
} from './api.ts';
import { coreProfileKeys } from './profile-keys/core-profile-keys.ts';
import { registerApplyManifest } from './schema/apply-manifest.ts';
import { registerCluster } from './schema/cluster.ts';
import { registerCondition } from './schema/condition.ts';
import { registerDeleteObject } from './schema/delete-object.ts';
import { registerKubernetesEvent } from './schema/kubernetes-event.ts';
import { registerKubernetesObject } from './schema/kubernetes-object.ts';
import { registerKubernetesObjects } from './schema/kubernetes-objects.ts';
import { registerLabel } from './schema/label.ts';
import { registerNamespace } from './schema/namespace.ts';
import { registerNamespaceMutations } from './schema/namespace-mutations.ts';
import { registerNodes } from './schema/nodes.ts';
import { registerOperationRecord } from './schema/operation-record.ts';
import { registerPlugins } from './schema/plugins.ts';
import { registerProfile } from './schema/profile.ts';
import { registerSecret } from './schema/secret.ts';
import { registerViewer } from './schema/viewer.ts';
import { developerSubjects } from './services/developer-subjects.ts';
import { operationSubject } from './services/visible-operations.ts';

const operationDescriptor: SubjectDescriptor<OperationRecord> = {
  subject: operationSubject,
  facts: ({ target, principalId, id }) => ({
    cluster: target.cluster,
    namespace: target.namespace,
    name: id,
    owner: principalId,
  }),
};

/** Clusters, every kind of object in them, and what was done to them. Always there: without it there is no `Node`. */
export const corePlugin = definePlugin({
  name: 'core',
  version: '1.0.0',
  description:
    'Clusters, namespaces, Secrets, events and objects of any kind; applying and deleting them; operation records. Nothing works without it.',
  kinds: [
    declareKind({ kind: namespaceKind }),
    declareKind({ kind: secretKind }),
    declareKind({
      kind: eventKind,
      indexes: { involvedObject: ({ involvedObject: { uid } }) => (uid ? [uid] : []) },
    }),
  ],
  topics: [operationRecordsTopic, kubernetesEventsTopic, clustersTopic],
  journalledKinds: [{ kind: eventKind, topic: kubernetesEventsTopic }],
  subjects: [operationDescriptor as SubjectDescriptor],
  permissions: [
    { roles: ['DEVELOPER'], actions: ['READ'], subjects: ['core/Cluster', 'core/Plugin'] },
    {
      roles: ['DEVELOPER'],
      actions: ['READ'],
      subjects: ['core/Namespace', 'core/Event', 'core/Secret'],
      where: 'namespaces',
    },
    {
      roles: ['DEVELOPER'],
      actions: ['READ_SECRET_VALUE', 'CREATE', 'UPDATE', 'DELETE', 'APPLY'],
      subjects: ['core/Secret'],
      where: { namespaces: true, facts: { type: harmlessSecretTypes } },
    },
    {
      roles: ['DEVELOPER'],
      actions: ['READ', 'CREATE', 'UPDATE', 'DELETE', 'APPLY'],
      subjects: developerSubjects,
      where: 'namespaces',
    },
    { roles: ['DEVELOPER'], actions: ['READ'], subjects: [operationSubject], where: 'own' },
    { roles: ['DEVELOPER'], actions: ['READ'], subjects: [operationSubject], where: 'namespaces' },
  ],
  profileKeys: coreProfileKeys,
  profiles: new URL('./profiles', import.meta.url).href,
  reasons: {
    PROTECTED_NAMESPACE: 'The namespace belongs to the cluster itself.',
  },
  schema: [
    registerLabel,
    registerCondition,
    registerCluster,
    registerKubernetesObject,
    registerKubernetesObjects,
    registerKubernetesEvent,
    registerNamespace,
    registerNamespaceMutations,
    registerSecret,
    registerOperationRecord,
    registerApplyManifest,
    registerDeleteObject,
    registerNodes,
    registerViewer,
    registerPlugins,
    registerProfile,
  ],
  setup({ clusters, operations, topics, signal }) {
    const ends = [
      operations.onWrite(({ type, record }) => {
        const { cluster } = record.target;
        // Nobody is shown the input, and it may be long.
        const kept = { ...record, input: undefined };
        return topics.publish(operationRecordsTopic, kept, { type, ...(cluster === undefined ? {} : { cluster }) });
      }),
      clusters.onChange((cluster) =>
        topics.publish(clustersTopic, cluster, { type: 'MODIFIED', cluster: cluster.name }),
      ),
    ];
    const endAll = () => {
      for (const end of ends) end();
    };
    signal.addEventListener('abort', endAll, { once: true });
  },
});
