import { allMaybe, type ClusterReader, type KubeObject, mapMaybe } from 'longshore/sdk';
import { type PodObject, type PodTemplates, serviceAccountKind } from '../api.ts';
import { findReferences } from './form/references.ts';
import { podResources } from './pod-resources.ts';

/** What plugins that make pods by themselves must know of a template. */
export const podTemplates: PodTemplates = {
  resourcesOf: (template) => podResources(template as PodObject),
  missingReferences(reader, namespace, template) {
    const found = findReferences(reader, namespace, template, ['spec'], undefined);
    return mapMaybe(allMaybe<unknown>([found, accountOf(reader, namespace, template)]), ([references, account]) => [
      ...(references as Awaited<typeof found>).missing.map(({ message }) => message),
      ...(account === null
        ? [`There is no ServiceAccount '${accountIn(template)}' in the namespace '${namespace}'`]
        : []),
    ]);
  },
};

/** Null where it is missing, undefined where none is named. */
function accountOf(reader: ClusterReader, namespace: string, template: object) {
  const name = accountIn(template);
  if (name === undefined) return undefined;
  return mapMaybe(
    reader.get(serviceAccountKind, namespace, name),
    (found): KubeObject | null => (found as KubeObject) ?? null,
  );
}

function accountIn(template: object): string | undefined {
  const { spec } = template as { readonly spec?: { readonly serviceAccountName?: unknown } };
  return typeof spec?.serviceAccountName === 'string' ? spec.serviceAccountName : undefined;
}
