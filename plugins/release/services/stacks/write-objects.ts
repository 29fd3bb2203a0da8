import type { V1Service } from '@kubernetes/client-node';
import { serviceKind } from 'longshore/plugins/compute';
import {
  type ClusterWriter,
  ConflictError,
  type KindRef,
  type KubeObject,
  mergePatch,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  readLive,
  systemPrincipal,
} from 'longshore/sdk';
import { templateKinds } from '../templates/kubernetes-kinds.ts';
import { at, isJson, type Json } from '../templates/template-parts.ts';
import { isOfStack } from './is-of-stack.ts';
import { changedAt } from './rename-references.ts';
import type { StackSite } from './stack-loop.ts';
import {
  digestOf,
  keyOf,
  objectsOf,
  type StackAppPlan,
  type StackObject,
  type StackPlan,
  stackDigestAnnotation,
} from './stack-plan.ts';

export interface StackWriter extends StackSite {
  readonly writer: Pick<ClusterWriter, 'create' | 'patch' | 'delete'>;
  readonly ticket: OperationHandle;
  readonly signal: AbortSignal;
  /** Named around each effect. */
  readonly reach: (deed: string) => Promise<void>;
  /** Whether the operation still has its stack. */
  readonly isOurs: () => Promise<boolean>;
}

type Links = StackAppPlan['links'];

/** Whether everything is there as it shall be; false where it must be looked at again. */
export async function writeObjects(
  objects: readonly StackObject[],
  links: Links,
  earlier: readonly StackPlan[],
  site: StackWriter,
): Promise<boolean> {
  for (const object of objects) if (!(await writeObject(object, links, earlier, site))) return false;
  return true;
}

async function writeObject(
  object: StackObject,
  links: Links,
  earlier: readonly StackPlan[],
  site: StackWriter,
): Promise<boolean> {
  const { kind, existing } = await readStackObject(object, site);
  const { writer, ticket, namespace, reach } = site;
  if (existing && !isOfStack(existing, site.id)) throw taken(object);
  if (existing?.metadata.deletionTimestamp !== undefined) return false;
  if (existing && digestIn(existing) === digestOf(object)) return true;
  if (!(await site.isOurs())) throw superseded();
  const hosts = templateKinds[object.kind]?.podTemplate ? await hostsOf(links, site) : [];
  const manifest = withHosts(object, hosts);
  if (!existing) {
    await reach('before-create');
    try {
      await writer.create(ticket, kind, manifest);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      // Somebody was faster, maybe this very loop before it was killed.
      const there = await readLive(writer, kind, namespace, object.name);
      if (there && !isOfStack(there as KubeObject, site.id)) throw taken(object);
      return there !== undefined && digestIn(there as KubeObject) === digestOf(object);
    }
    await reach('after-create');
    return true;
  }
  const patch = mergePatch(withHosts(lastWritten(object, existing, earlier), hosts), manifest);
  await reach('before-patch');
  const { uid, resourceVersion } = existing.metadata;
  await writer.patch(ticket, kind, namespace, object.name, (patch ?? {}) as object, {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  });
  await reach('after-patch');
  return true;
}

/** Which text an object was last written from. */
export const digestIn = ({ metadata }: Pick<KubeObject, 'metadata'>): string | undefined =>
  metadata.annotations?.[stackDigestAnnotation];

/** What the platform wrote last of it: what others have changed since stays as it is. */
function lastWritten(object: StackObject, existing: KubeObject, earlier: readonly StackPlan[]): StackObject {
  const same = earlier
    .flatMap(objectsOf)
    .filter((each) => keyOf(each) === keyOf(object))
    .find((each) => digestOf(each) === digestIn(existing));
  return same ?? { ...object, manifest: {} };
}

/** Deletes them; whether all of them are gone, also for who looks past all caches. */
export async function removeObjects(objects: readonly StackObject[], site: StackWriter): Promise<boolean> {
  const { writer, ticket, namespace, reach } = site;
  let areGone = true;
  for (const object of objects) {
    const { kind, existing: known } = await readStackObject(object, site);
    const existing = known ?? ((await readLive(writer, kind, namespace, object.name)) as KubeObject | undefined);
    if (!existing || !isOfStack(existing, site.id)) continue;
    areGone = false;
    if (existing.metadata.deletionTimestamp !== undefined) continue;
    if (!(await site.isOurs())) throw superseded();
    await reach('before-delete');
    const { uid } = existing.metadata;
    // Pods go before what they need does.
    const propagationPolicy = templateKinds[object.kind]?.podTemplate ? 'Foreground' : 'Background';
    try {
      await writer.delete(ticket, kind, namespace, object.name, {
        propagationPolicy,
        ...(uid === undefined ? {} : { uid }),
      });
    } catch (error) {
      // Deleted before, by a loop whose answer was lost or by somebody else.
      if (!(error instanceof NotFoundError)) throw error;
    }
    await reach('after-delete');
  }
  return areGone;
}

export async function readStackObject(
  { apiVersion, kind: word, name }: StackObject,
  { cluster, namespace, signal }: Pick<StackWriter, 'cluster' | 'namespace' | 'signal'>,
): Promise<{ readonly kind: KindRef; readonly existing: KubeObject | undefined }> {
  const kind = await cluster.resolveKind(apiVersion, word);
  if (!kind) {
    throw new PreconditionError('STACK_CHANGED', `The cluster does not serve ${word} of ${apiVersion} any more`);
  }
  const existing = await cluster.reader(systemPrincipal, signal).get(kind, namespace, name);
  return { kind, existing: existing as KubeObject | undefined };
}

/**
 * Addresses of Services by the names that a text calls them, as links of containers have always been (`/etc/hosts`). Past all caches: what
 * is written once without an address stays without it.
 */
async function hostsOf(links: Links, { writer, namespace }: StackWriter): Promise<readonly Json[]> {
  const hosts = new Map<string, string[]>();
  for (const { alias, service } of links) {
    const found = await readLive<V1Service>(writer, serviceKind, namespace, service);
    const address = found?.spec?.clusterIP;
    if (address && address !== 'None') hosts.set(address, [...(hosts.get(address) ?? []), alias]);
  }
  return [...hosts].map(([ip, hostnames]) => ({ ip, hostnames }));
}

function withHosts({ kind, manifest }: StackObject, hosts: readonly Json[]): Json {
  const { podTemplate } = templateKinds[kind] ?? {};
  if (!podTemplate || hosts.length === 0 || !isJson(at(manifest, [...podTemplate, 'spec']))) return manifest;
  return changedAt(manifest, [...podTemplate, 'spec', 'hostAliases'], (own) => [
    ...(Array.isArray(own) ? own : []),
    ...hosts,
  ]);
}

const taken = ({ kind, name }: StackObject): PreconditionError =>
  new PreconditionError(
    'STACK_NAME_TAKEN',
    `There is a ${kind} '${name}' that is not of this stack: it is left as it is`,
  );

export const superseded = (): PreconditionError =>
  new PreconditionError('STACK_CHANGED', 'Something else is being done with the stack by now: this is not carried on');
