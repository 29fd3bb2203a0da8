import {
  allMaybe,
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
} from 'longshore/sdk';
import { type PodObject, podKind, type WorkloadObject } from '../../api.ts';
import { templateOf } from '../workload-facts.ts';
import { anyWorkloadKinds, controllerOf, isOwnedByWorkload, isWorkload } from '../workload-kinds.ts';
import { type ConfigKind, type ConfigReference, configReferencesOf, type PodSpec } from './config-references.ts';

/** A workload or a bare pod that uses a ConfigMap or Secret, and how. */
export interface ConfigUse {
  readonly user: KubeObject;
  readonly reference: ConfigReference;
}

const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** Indexes of workloads and bare pods by the ConfigMaps and Secrets that they use, for `declareKind`. */
export const configIndexes = {
  configMap: (object: unknown) => indexKeys(object, 'ConfigMap'),
  secret: (object: unknown) => indexKeys(object, 'Secret'),
} as const;

function indexKeys(object: unknown, kind: ConfigKind): readonly string[] {
  const spec = specOfUser(object as KubeObject);
  if (!spec) return [];
  const names = configReferencesOf(spec).flatMap((reference) => (reference.kind === kind ? [reference.name] : []));
  return [...new Set(names)].map((name) => keyOf((object as KubeObject).metadata.namespace, name));
}

/** Who uses it, in order of kind and name. What another workload controls is not told: its controller is. */
export function configUsesOf(
  reader: ClusterReader,
  kind: ConfigKind,
  { metadata: { namespace, name } }: Pick<KubeObject, 'metadata'>,
): MaybePromise<readonly ConfigUse[]> {
  const index = kind === 'ConfigMap' ? 'configMap' : 'secret';
  const kinds: readonly KindRef[] = [...anyWorkloadKinds, podKind as KindRef];
  const lists = allMaybe(kinds.map((each) => reader.byIndex(each, index, keyOf(namespace, name))));
  return mapMaybe(lists, (found) =>
    found.flat().flatMap((user) => {
      const spec = specOfUser(user);
      const references = spec ? configReferencesOf(spec) : [];
      return references
        .filter((reference) => reference.kind === kind && reference.name === name)
        .map((reference) => ({ user, reference }));
    }),
  );
}

/** The pod spec of a workload that nobody above it controls, or of a bare pod. */
function specOfUser(object: KubeObject): PodSpec | undefined {
  if (isWorkload(object)) return isOwnedByWorkload(object) ? undefined : templateOf(object as WorkloadObject)?.spec;
  return controllerOf(object) ? undefined : (object as unknown as PodObject).spec;
}
