import { isDeepStrictEqual } from 'node:util';
import { configMapKind } from 'longshore/plugins/compute';
import { type SecretObject, secretKind } from 'longshore/plugins/core';
import {
  ConflictError,
  harmlessSecretTypes,
  type KindRef,
  type KubeObject,
  type OperationHandle,
  PreconditionError,
  type RequestContext,
  readLive,
  ValidationError,
} from 'longshore/sdk';
import { serviceLabel, versionLabel } from '../../engines/engine.ts';
import { type ConfigReference, configurationOf, snapshotNameOf } from './configuration.ts';
import type { Json } from './place-pods.ts';
import type { ConfigurationSnapshot } from './version-spec.ts';

export interface SnapshotRequest {
  readonly cluster: string;
  readonly namespace: string;
  /** Name of the app service. */
  readonly service: string;
  readonly versionUuid: string;
  /** With configuration as the form names it. */
  readonly podTemplate: Json;
  /** Of the version that it comes from: what is still the same is used again, so that pods may be changed in place (REL-08). */
  readonly earlier: readonly ConfigurationSnapshot[];
}

/** The name that a snapshot is a copy of. */
const sourceAnnotation = 'longshore.dev/snapshot-of';
/** Each is a few calls to the cluster. */
const mostSnapshots = 50;

/** What is copied. Values of a Secret are here only, on their way from the cluster to the cluster. */
interface Content {
  readonly data: Readonly<Record<string, string>>;
  readonly binaryData: Readonly<Record<string, string>>;
  readonly type: string | undefined;
}

/**
 * Copies what a version's pods are configured by under names that never change again (REL-10), as the caller. What is there already under
 * such a name and is this version's is success, so that a submit can be repeated; somebody else's object is never taken over. Throws
 * `ValidationError` for what is not there and for Secrets that are keys to the cluster, `ForbiddenError` for values that the caller may not
 * read, `PreconditionError` SNAPSHOT_NAME_TAKEN.
 */
export async function snapshotConfiguration(
  request: SnapshotRequest,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<readonly ConfigurationSnapshot[]> {
  const references = configurationOf(request.podTemplate);
  if (references.length > mostSnapshots) {
    const message = `Pods of one version may use ${mostSnapshots} ConfigMaps and Secrets at the most, not ${references.length}`;
    throw new ValidationError([{ path: ['template'], code: 'too_many', message }]);
  }
  // All is read before anything is written: what is wrong with the last of them leaves nothing behind.
  const sources: { readonly reference: ConfigReference; readonly content: Content }[] = [];
  for (const reference of references) {
    const content = await readContent(request, reference, context);
    if (content) sources.push({ reference, content });
  }
  const snapshots: ConfigurationSnapshot[] = [];
  for (const { reference, content } of sources) {
    const { kind, name } = reference;
    const snapshot = await keep(request, reference, content, ticket, context);
    snapshots.push({ kind, name, snapshot });
  }
  return snapshots;
}

const kinds = { ConfigMap: configMapKind as KindRef, Secret: secretKind as KindRef };

/** Undefined for what is not there and may be missing. */
async function readContent(
  { cluster, namespace }: SnapshotRequest,
  { kind, name, isOptional }: ConfigReference,
  context: RequestContext,
): Promise<Content | undefined> {
  const object = await context.kube(cluster).get(kinds[kind], namespace, name);
  if (object) return contentOf(object as KubeObject, context, cluster);
  if (isOptional) return undefined;
  const message = `There is no ${kind} '${name}' in the namespace '${namespace}'`;
  throw new ValidationError([{ path: ['template'], code: 'not_found', message }]);
}

async function contentOf(object: KubeObject, context: RequestContext, cluster: string): Promise<Content> {
  if (object.kind !== 'Secret') {
    const { data = {}, binaryData = {} } = object as { data?: Content['data']; binaryData?: Content['data'] };
    return { data, binaryData, type: undefined };
  }
  const secret = object as unknown as SecretObject;
  const { namespace = '', name } = secret.metadata;
  const type = secret.type ?? 'Opaque';
  if (!harmlessSecretTypes.includes(type)) {
    const message = `Secret '${name}' of type ${type} is a key to the cluster itself, and is not copied`;
    throw new ValidationError([{ path: ['template'], code: 'secret_not_copied', message }]);
  }
  context.access.requireAllowed('READ_SECRET_VALUE', secret);
  const values: Record<string, string> = {};
  for (const key of Object.keys(secret.data ?? {})) {
    const bytes = await context.cluster(cluster).secretValue(context.principal, namespace, name, key);
    if (bytes === undefined) throw new ConflictError(`Secret '${name}' has changed meanwhile: try again`);
    values[key] = Buffer.from(bytes).toString('base64');
  }
  return { data: values, binaryData: {}, type };
}

/** The name under which the content is kept for good. */
async function keep(
  request: SnapshotRequest,
  reference: ConfigReference,
  content: Content,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<string> {
  const { kind, name } = reference;
  const earlier = request.earlier.find((one) => one.kind === kind && one.name === name)?.snapshot;
  if (earlier !== undefined && (await hasSame(request, kind, earlier, content, context))) return earlier;
  const own = snapshotNameOf(name, request.versionUuid);
  const writer = context.cluster(request.cluster).writer(context.principal);
  const create = () => writer.create(ticket, kinds[kind], manifestOf(request, reference, own, content));
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const there = (await readLive(writer, kinds[kind], request.namespace, own)) as KubeObject | undefined;
    if (there && !isOfVersion(there, request)) {
      const message = `The namespace '${request.namespace}' has a ${kind} '${own}' that is not this version's: it has to go first`;
      throw new PreconditionError('SNAPSHOT_NAME_TAKEN', message);
    }
    if (there && isDeepStrictEqual(await contentOf(there, context, request.cluster), content)) return own;
    // Of an attempt that did not become a version: no pod has it, and what it was copied from has changed since.
    if (there && !ticket.isDryRun) {
      await writer.delete(ticket, kinds[kind], request.namespace, own, { uid: there.metadata.uid });
    }
    if (!ticket.isDryRun) await create();
  }
  return own;
}

async function hasSame(
  request: SnapshotRequest,
  kind: ConfigReference['kind'],
  name: string,
  content: Content,
  context: RequestContext,
): Promise<boolean> {
  const there = (await context.kube(request.cluster).get(kinds[kind], request.namespace, name)) as
    | KubeObject
    | undefined;
  if (!there || there.metadata.deletionTimestamp !== undefined) return false;
  const { immutable } = there as { readonly immutable?: boolean };
  if (immutable !== true || there.metadata.labels?.[serviceLabel] !== request.service) return false;
  return isDeepStrictEqual(await contentOf(there, context, request.cluster), content);
}

const isOfVersion = ({ metadata }: KubeObject, { service, versionUuid }: SnapshotRequest): boolean =>
  metadata.labels?.[serviceLabel] === service && metadata.labels?.[versionLabel] === versionUuid;

function manifestOf(
  { namespace, service, versionUuid }: SnapshotRequest,
  { kind, name }: ConfigReference,
  snapshot: string,
  { data, binaryData, type }: Content,
): object {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name: snapshot,
      namespace,
      labels: { [serviceLabel]: service, [versionLabel]: versionUuid },
      annotations: { [sourceAnnotation]: name },
    },
    immutable: true,
    data,
    ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
    ...(type === undefined ? {} : { type }),
  };
}
