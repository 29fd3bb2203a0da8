import { encodeGlobalId, type LongshoreBuilder, named, registerEnum, typeRef } from 'longshore/sdk';
import type { PodObject } from '../api.ts';
import { type podPhases, podStates } from '../services/pod-facts.ts';
import type { VolumeFacts } from '../services/volume-facts.ts';

type Toleration = NonNullable<NonNullable<PodObject['spec']>['tolerations']>[number];

/** The controller of an object, known by its reference alone. */
export interface ControllerFacts {
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export const volumeRef = typeRef<VolumeFacts>('Volume');
export const tolerationRef = typeRef<Toleration>('Toleration');
export const controllerReferenceRef = typeRef<ControllerFacts>('ControllerReference');

export const qosClasses = { Guaranteed: 'GUARANTEED', Burstable: 'BURSTABLE', BestEffort: 'BEST_EFFORT' } as const;
export const restartPolicies = { Always: 'ALWAYS', OnFailure: 'ON_FAILURE', Never: 'NEVER' } as const;

/** What a pod is made of besides containers. */
export function registerPodParts(builder: LongshoreBuilder): void {
  const phases: Record<(typeof podPhases)[keyof typeof podPhases], string> = {
    PENDING: 'Accepted, but not all containers have been started: it waits for a node, a volume or an image.',
    RUNNING: 'Bound to a node, and at least one container runs or is started again.',
    SUCCEEDED: 'All containers have ended with success and stay so.',
    FAILED: 'All containers have ended, at least one without success.',
    UNKNOWN: 'Its node has not been heard, or the phase is one that this version does not know.',
  };
  registerEnum(builder, 'PodPhase', 'Where a pod stands in its life.', phases);
  registerEnum(builder, 'PodState', 'What is to be said of a pod in one word.', podStates);
  registerEnum(builder, 'PodQosClass', 'Who must go first when a node runs short.', {
    GUARANTEED: 'Every container has limits, and requests equal to them: goes last.',
    BURSTABLE: 'Some container has a request or a limit.',
    BEST_EFFORT: 'No container has a request or a limit: goes first.',
    UNKNOWN: 'Not told yet, or one that this version does not know.',
  });
  registerEnum(builder, 'PodRestartPolicy', 'Whether containers that have ended are started again.', {
    ALWAYS: 'Always.',
    ON_FAILURE: 'Only after a failure.',
    NEVER: 'Never.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerVolume(builder);
  builder.objectType(tolerationRef, {
    description: 'A taint of nodes that the pod puts up with.',
    fields: (t) => ({
      key: t.string({
        nullable: true,
        description: "The taint's key; null means every taint.",
        resolve: (row) => row.key ?? null,
      }),
      operator: t.string({
        description: '`Equal`: key and value must match. `Exists`: the key alone.',
        resolve: (row) => row.operator ?? 'Equal',
      }),
      value: t.string({ nullable: true, description: "The taint's value.", resolve: (row) => row.value ?? null }),
      effect: t.string({
        nullable: true,
        description: '`NoSchedule`, `PreferNoSchedule` or `NoExecute`; null means all.',
        resolve: (row) => row.effect ?? null,
      }),
      tolerationSeconds: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Seconds it stays after a `NoExecute` taint came; null means for ever.',
        resolve: (row) => row.tolerationSeconds ?? null,
      }),
    }),
  });
  builder.objectType(controllerReferenceRef, {
    description: 'What makes and replaces an object, as its owner reference names it.',
    fields: (t) => ({
      id: t.id({
        description: 'Global id, for `node`; the object itself may be gone, or not for you.',
        resolve: ({ cluster, namespace, apiVersion, kind, name }) =>
          encodeGlobalId({
            of: 'kubernetes',
            cluster,
            group: apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '',
            kind,
            namespace,
            name,
          }),
      }),
      apiVersion: t.exposeString('apiVersion', { description: 'Its apiVersion, e.g. `apps/v1`.' }),
      kind: t.exposeString('kind', { description: 'Its kind, e.g. `ReplicaSet`.' }),
      name: t.exposeString('name', { description: 'Its name, in the same namespace.' }),
      uid: t.exposeString('uid', { description: 'Its uid: a namesake made later has another.' }),
    }),
  });
}

function registerVolume(builder: LongshoreBuilder): void {
  registerEnum(builder, 'VolumeType', 'What a volume of a pod is made of.', {
    EMPTY_DIR: 'An empty folder that ends with the pod.',
    CONFIG_MAP: 'Files from a ConfigMap.',
    SECRET: 'Files from a Secret.',
    PERSISTENT_VOLUME_CLAIM: 'A PersistentVolumeClaim.',
    EPHEMERAL: 'A claim that is made for this pod and ends with it.',
    HOST_PATH: 'A path on the node.',
    PROJECTED: 'Several sources in one folder, e.g. a service account token.',
    DOWNWARD_API: 'Files from fields of the pod.',
    CSI: 'A CSI driver without a claim.',
    NFS: 'An NFS export.',
    ISCSI: 'An iSCSI disk.',
    IMAGE: 'An OCI image or artifact.',
    UNKNOWN: 'Another one: see `rawType`.',
  });
  builder.objectType(volumeRef, {
    description: 'A volume that containers of a pod may mount.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in the pod.' }),
      type: t.field({
        type: named('VolumeType'),
        description: 'What it is made of.',
        resolve: (volume) => volume.type as never,
      }),
      rawType: t.exposeString('rawType', {
        description: 'The same as Kubernetes writes it, e.g. `persistentVolumeClaim`.',
      }),
      sourceName: t.string({
        nullable: true,
        description: 'Name of the claim, ConfigMap or Secret, path on the node, driver, export or image.',
        resolve: (volume) => volume.sourceName ?? null,
      }),
    }),
  });
}
