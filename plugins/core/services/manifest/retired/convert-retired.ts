import type { KindRef, MaybePromise } from 'longshore/sdk';
import type { ManifestObject } from '../check-manifest.ts';
import type { ManifestDocument } from '../read-manifests.ts';
import { type Conversion, isObject, NotConvertible, objectAt, pathInText, type Remark } from './conversion.ts';
import { successorOf } from './retired-apis.ts';

/** A document that names a retired API: as the cluster can take it, or why that cannot be done. */
export type Converted =
  | { readonly document: ManifestDocument; readonly kind: KindRef; readonly remarks: readonly Remark[] }
  | { readonly refusal: Remark };

/**
 * Rewrites a document whose group or version Kubernetes has retired (CON-38) to the one that took its place, where the
 * cluster serves that. Lines stay those of the text. Undefined for what was never retired.
 */
export async function convertRetired(
  document: ManifestDocument,
  findKind: (apiVersion: string, kind: string) => MaybePromise<KindRef | undefined>,
): Promise<Converted | undefined> {
  const { object } = document;
  const successor = successorOf(object.apiVersion, object.kind);
  if (successor === undefined) return undefined;
  const retired = `${object.kind} of ${object.apiVersion} is retired`;
  const refuse = (path: Remark['path'], why: string): Converted => ({
    refusal: { path, code: 'retired_api', message: `${retired}: ${why}` },
  });
  if ('refusal' in successor) return refuse(['apiVersion'], successor.refusal);
  const kind = await findKind(successor.apiVersion, object.kind);
  if (kind === undefined) return refuse(['apiVersion'], `the cluster serves no ${successor.apiVersion} either`);

  const conversion: Conversion = {
    object: { ...object, apiVersion: successor.apiVersion } as unknown as Conversion['object'],
    moves: [],
    remarks: [
      {
        path: ['apiVersion'],
        code: 'retired_api',
        message: `${retired}; it is taken as ${successor.apiVersion}: write that into the manifest`,
      },
    ],
  };
  try {
    convertTargetReference(conversion);
    successor.convert?.(conversion);
  } catch (error) {
    if (!(error instanceof NotConvertible)) throw error;
    return refuse(error.path, error.message);
  }
  const { moves, remarks } = conversion;
  const converted: ManifestDocument = {
    index: document.index,
    object: conversion.object as unknown as ManifestObject,
    locate: (path, what) => document.locate(pathInText(path, moves), what),
  };
  return { document: converted, kind, remarks };
}

/** An autoscaler names what it scales by apiVersion: a retired one would find nothing. */
function convertTargetReference(conversion: Conversion): void {
  const { object } = conversion;
  const spec = objectAt(object, 'spec');
  const target = spec.scaleTargetRef;
  if (!isObject(target) || typeof target.apiVersion !== 'string' || typeof target.kind !== 'string') return;
  const successor = successorOf(target.apiVersion, target.kind);
  if (successor === undefined || 'refusal' in successor) return;
  const { apiVersion } = successor;
  conversion.object = { ...object, spec: { ...spec, scaleTargetRef: { ...target, apiVersion } } };
  conversion.remarks.push({
    path: ['spec', 'scaleTargetRef', 'apiVersion'],
    code: 'retired_api',
    message: `${target.kind} of ${target.apiVersion} is retired; ${apiVersion} stands for it`,
  });
}
