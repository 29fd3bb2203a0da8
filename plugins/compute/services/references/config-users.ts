import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  origin,
  subjectOf,
} from 'longshore/sdk';
import {
  anyWorkloadKinds,
  type IngressObject,
  ingressKind,
  type PodObject,
  podKind,
  type ServiceAccountObject,
  serviceAccountKind,
  type WorkloadObject,
} from '../../api.ts';
import { templateOf } from '../workload-facts.ts';
import { isOwnedByWorkload, isWorkload } from '../workload-kinds.ts';
import { type ConfigKind, type ConfigReference, configReferencesOf } from './config-references.ts';
import { secretsOfIngress, secretsOfServiceAccount } from './secret-references.ts';

/** What uses a ConfigMap or Secret, and how. */
export interface ConfigUse {
  readonly user: KubeObject;
  readonly reference: ConfigReference;
}

type Used = Pick<KubeObject, 'metadata'> & { readonly type?: unknown };

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** Indexes of workloads and bare pods by the ConfigMaps and Secrets that they use, for `declareKind`. */
export const configIndexes = {
  configMap: (object: unknown) => indexKeys(object, 'ConfigMap'),
  secret: (object: unknown) => indexKeys(object, 'Secret'),
} as const;

/** The same for what uses Secrets alone. */
export const secretIndexes = { secret: configIndexes.secret } as const;

function indexKeys(object: unknown, kind: ConfigKind): readonly string[] {
  const names = referencesOf(object as KubeObject).flatMap((reference) =>
    reference.kind === kind ? [reference.name] : [],
  );
  return [...new Set(names)].map((name) => keyOf((object as KubeObject).metadata.namespace, name));
}

const ofPods: readonly KindRef[] = [...anyWorkloadKinds, podKind as KindRef];
const usersOf: Readonly<Record<ConfigKind, readonly KindRef[]>> = {
  ConfigMap: ofPods,
  Secret: [...ofPods, serviceAccountKind as KindRef, ingressKind as KindRef],
};

/** Who uses it, in order of kind and name. What a workload controls is not told: the workload on top is. */
export function configUsesOf(
  reader: ClusterReader,
  kind: ConfigKind,
  { metadata: { namespace, name }, type }: Used,
): MaybePromise<readonly ConfigUse[]> {
  const index = kind === 'ConfigMap' ? 'configMap' : 'secret';
  const lists = allMaybe(usersOf[kind].map((each) => reader.byIndex(each, index, keyOf(namespace, name))));
  return mapMaybe(lists, (found) =>
    found.flat().flatMap((user) =>
      referencesOf(user)
        .filter((reference) => reference.kind === kind && reference.name === name)
        // Clusters list the tokens of a service account themselves, and take one off the list when it is deleted.
        .filter(({ way }) => way !== 'SERVICE_ACCOUNT' || type !== 'kubernetes.io/service-account-token')
        .map((reference) => ({ user, reference })),
    ),
  );
}

function referencesOf(object: KubeObject): readonly ConfigReference[] {
  const subject = subjectOf(object[origin]);
  if (subject === subjectOf(serviceAccountKind)) return secretsOfServiceAccount(object as ServiceAccountObject);
  if (subject === subjectOf(ingressKind)) return secretsOfIngress(object as IngressObject);
  // Of a pod whose controller is no workload nobody else tells what it uses.
  if (isOwnedByWorkload(object)) return [];
  const spec = isWorkload(object) ? templateOf(object as WorkloadObject)?.spec : (object as unknown as PodObject).spec;
  return spec ? configReferencesOf(spec) : [];
}
