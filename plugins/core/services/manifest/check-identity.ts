import type { KubeObject, ValidationIssue } from 'longshore/sdk';
import type { ManifestDocument } from './read-manifests.ts';

/** What an edited text may not change of its object: what it is, and how it is called (CORE-29). */
export function checkIdentity(document: ManifestDocument, object: KubeObject): readonly ValidationIssue[] {
  const { apiVersion, kind, metadata } = (document.object ?? {}) as Partial<ManifestDocument['object']>;
  const rows: readonly (readonly [readonly string[], unknown, unknown])[] = [
    [['apiVersion'], apiVersion, object.apiVersion],
    [['kind'], kind, object.kind],
    [['metadata', 'name'], metadata?.name, object.metadata.name],
    [['metadata', 'namespace'], metadata?.namespace ?? object.metadata.namespace, object.metadata.namespace],
    [['metadata', 'uid'], metadata?.uid ?? object.metadata.uid, object.metadata.uid],
  ];
  return rows
    .filter(([, written, own]) => typeof written === 'string' && written !== own)
    .map(([path, , own]) => ({
      path: ['manifest', document.index, ...path],
      code: 'immutable',
      message: `${path.join('.')} must stay ${String(own)}`,
      ...document.locate(path),
    }));
}
