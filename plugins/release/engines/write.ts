import {
  type ClusterWriter,
  ConflictError,
  type KubeObject,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  readLive,
} from 'longshore/sdk';
import { type EngineWrite, type Observed, type ReleaseTarget, unitLabel, versionLabel } from './engine.ts';
import { isOf } from './workload-marks.ts';

export interface WriteContext {
  readonly target: Pick<ReleaseTarget, 'namespace' | 'serviceId' | 'service'>;
  readonly writer: ClusterWriter;
  readonly ticket: OperationHandle;
}

/**
 * Makes one write of an engine; made again it has no further effect. What is to be created and is there already, of this service, is there; what is
 * to be deleted and is gone, is gone. Throws `ConflictError` where the object is not as it was when the write was decided on: look again.
 * Throws `PreconditionError` NAME_TAKEN where something of somebody else's has the name; that is never taken over.
 */
export async function writeToCluster(write: EngineWrite, { target, writer, ticket }: WriteContext): Promise<void> {
  const { verb, kind, name, body = {}, uid, resourceVersion } = write;
  const preconditions = {
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const { namespace } = target;
  if (verb === 'patch') {
    await writer.patch(ticket, kind, namespace, name, body, preconditions);
    return;
  }
  if (verb === 'delete') {
    try {
      await writer.delete(ticket, kind, namespace, name, { ...preconditions, propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
    }
    return;
  }
  try {
    await writer.create(ticket, kind, body);
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const there = (await readLive(writer, kind, namespace, name)) as KubeObject | undefined;
    // It was there a moment ago: the next look tells.
    if (!there) throw error;
    if (!isOf(target, there)) {
      throw new PreconditionError(
        'NAME_TAKEN',
        `There is a ${kind.kind} '${name}' in namespace '${namespace}' already, which was not made for app service '${target.service}': it is left as it is. Delete or rename it, and try again.`,
        { cause: error },
      );
    }
    if (!isSame(there, body)) throw error;
  }
}

/** Whether the cluster has workloads as they were seen, past all caches: what ends must not be decided on an old look. */
export async function isStillSo(units: Observed, { target, writer }: Omit<WriteContext, 'ticket'>): Promise<boolean> {
  for (const { kind, name, uid, generation } of units.flatMap(({ workloads }) => workloads)) {
    const live = (await readLive(writer, kind, target.namespace, name)) as KubeObject | undefined;
    if (live?.metadata.uid !== uid || live?.metadata.generation !== generation) return false;
  }
  return true;
}

/** Whether an object is the one that was to be created, or a later state of it that the writer had not seen. */
function isSame({ metadata }: KubeObject, body: object): boolean {
  const { labels = {} } =
    (body as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } }).metadata ?? {};
  return [unitLabel, versionLabel].every((label) => metadata.labels?.[label] === labels[label]);
}
