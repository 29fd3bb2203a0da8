import { type ClusterReader, type KindRef, type KubeObject, type MaybePromise, origin } from 'longshore/sdk';
import { parseLabelSelector } from '../../../src/kube/syntax/parse-label-selector.ts';
import { configIndexes } from '../services/references/config-users.ts';

type Stored = Pick<KubeObject, 'metadata' | typeof origin>;

/** A reader over given objects: as of cached kinds (values at once), or as of uncached ones (promises). */
export function createFakeReader(
  cluster: string,
  objects: readonly Stored[],
  mode: 'values' | 'promises' = 'values',
): ClusterReader {
  const give = <T>(value: T): MaybePromise<T> => (mode === 'values' ? value : Promise.resolve(value));
  const all = <T>(kind: KindRef<T>): KubeObject<T>[] =>
    objects.filter(
      (object) =>
        object[origin].cluster === cluster && object[origin].kind === kind.kind && object[origin].group === kind.group,
    ) as unknown as KubeObject<T>[];
  const node = (object: Stored) => (object as { spec?: { nodeName?: string } }).spec?.nodeName;
  return {
    cluster,
    get: (kind, namespace, name) =>
      give(all(kind).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)),
    list(kind, options) {
      const selector = options?.labelSelector ? parseLabelSelector(options.labelSelector) : undefined;
      const items = all(kind).filter(({ metadata }) => {
        if (options?.namespaces && !options.namespaces.includes(metadata.namespace ?? '')) return false;
        return !selector || selector.matches(metadata.labels);
      });
      return give({ items, problems: [] });
    },
    byOwner: (kind, uid) =>
      give(all(kind).filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))),
    byIndex(kind, index, key) {
      // Nothing scales by itself here.
      if (index === 'target') return give([]);
      if (index === 'node') return give(all(kind).filter((object) => node(object) === key));
      if (index !== 'configMap' && index !== 'secret') throw new Error(`No index '${index}'`);
      return give(all(kind).filter((object) => configIndexes[index](object).includes(key)));
    },
  };
}
