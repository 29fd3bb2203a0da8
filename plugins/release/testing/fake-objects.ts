import { ConflictError, type KindRef, type KubeObject, NotFoundError, UpstreamError } from 'longshore/sdk';

type Json = Readonly<Record<string, unknown>>;
type Stored = KubeObject & { readonly writtenAt: number };

/** When a workload is ready behind its last write, and when what was deleted is gone, in ms. */
const readyAfterMs = 2_000;
const goneAfterMs = 1_500;

export interface FakeWrite {
  readonly verb: 'create' | 'patch' | 'delete';
  /** `Deployment/poll-web`. */
  readonly object: string;
}

/**
 * Objects of any kind in one namespace, as an API server keeps them: uids, resourceVersions, preconditions, deletions that take a while. Everything
 * happens when it is looked at, by the clock. Readers may be behind; a dry run never is.
 */
export function createFakeObjects(now: () => number) {
  const objects = new Map<string, Stored>();
  /** What readers that are behind see. */
  const history: { readonly at: number; readonly key: string; readonly object: Stored | undefined }[] = [];
  const writes: FakeWrite[] = [];
  const stuck = new Set<string>();
  const failing = new Set<string>();
  const held = new Set<string>();
  let lagMs = 0;
  let revision = 0;
  let fault: 'refuses' | 'loses-answer' | undefined;
  let onWrite: (write: FakeWrite) => void = () => undefined;

  const keyOf = (kind: KindRef, name: string): string => `${kind.kind}/${name}`;
  function put(key: string, object: Stored | undefined): void {
    if (object) objects.set(key, object);
    else objects.delete(key);
    history.push({ at: now(), key, object });
  }
  function live(key: string): Stored | undefined {
    const object = objects.get(key);
    const { deletionTimestamp } = object?.metadata ?? {};
    if (deletionTimestamp === undefined || held.has(key)) return object;
    if (now() - Date.parse(String(deletionTimestamp)) < goneAfterMs) return object;
    put(key, undefined);
    return undefined;
  }
  function written(verb: FakeWrite['verb'], key: string, object: Stored): void {
    revision += 1;
    const write = { verb, object: key };
    onWrite(write);
    put(key, { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
    writes.push(write);
    if (fault !== 'loses-answer') return;
    fault = undefined;
    throw new UpstreamError('east', 'the answer was lost');
  }
  function requireUp(): void {
    if (fault !== 'refuses') return;
    fault = undefined;
    throw new UpstreamError('east', 'the cluster answered 503');
  }
  function require(key: string, { uid, resourceVersion }: { uid?: string; resourceVersion?: string } = {}): Stored {
    const object = live(key);
    if (!object) throw new NotFoundError(`${key} is not there`);
    const { metadata } = object;
    const isOther = uid !== undefined && uid !== metadata.uid;
    const hasChanged = resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion;
    if (isOther || hasChanged) throw new ConflictError(`${key} has changed`);
    return object;
  }

  const writer = {
    async create(_ticket: unknown, kind: KindRef, manifest: object) {
      requireUp();
      const { metadata } = manifest as KubeObject;
      const key = keyOf(kind, metadata.name);
      if (live(key)) throw new ConflictError(`${key} is there already`);
      const more = kind.kind === 'Service' ? { clusterIP: `10.0.0.${revision + 1}` } : {};
      const spec = { ...more, ...(manifest as { readonly spec?: Json }).spec };
      const made = { ...manifest, spec, metadata: { ...metadata, uid: `uid-${revision + 1}` }, writtenAt: now() };
      written('create', key, made as unknown as Stored);
      return { object: made, warnings: [] };
    },
    async patch(
      ticket: { readonly isDryRun: boolean },
      kind: KindRef,
      _namespace: unknown,
      name: string,
      patch: object,
      preconditions?: { uid?: string; resourceVersion?: string },
    ) {
      const key = keyOf(kind, name);
      if (ticket.isDryRun) return { object: require(key, preconditions), warnings: [] };
      requireUp();
      const next = { ...(merged(require(key, preconditions), patch) as Stored), writtenAt: now() };
      written('patch', key, next);
      return { object: next, warnings: [] };
    },
    async delete(
      _ticket: unknown,
      kind: KindRef,
      _namespace: unknown,
      name: string,
      options?: { uid?: string; resourceVersion?: string },
    ) {
      requireUp();
      const key = keyOf(kind, name);
      const object = require(key, options);
      const deletionTimestamp = new Date(now()).toISOString();
      written('delete', key, { ...object, metadata: { ...object.metadata, deletionTimestamp } } as unknown as Stored);
    },
  };
  return {
    writes,
    /** Never ready, until taken out again. */
    stuck,
    /** Have failed. */
    failing,
    /** Stay, as if a finalizer held them; by `Kind/name`. */
    held,
    writer,
    reader: {
      async get(kind: KindRef, _namespace: unknown, name: string): Promise<KubeObject | undefined> {
        const key = keyOf(kind, name);
        const object = live(key);
        return lagMs === 0 ? object : history.findLast(({ at, key: of }) => of === key && at <= now() - lagMs)?.object;
      },
    },
    statusOf({ metadata: { name }, writtenAt }: Stored): string {
      if (failing.has(name)) return 'FAILED';
      return !stuck.has(name) && now() - writtenAt >= readyAfterMs ? 'RUNNING' : 'DEPLOYING';
    },
    /** Readers see what was so long ago. */
    lag(ms: number) {
      lagMs = ms;
    },
    failNextWrite(how: 'refuses' | 'loses-answer') {
      fault = how;
    },
    /** Called before each write counts. */
    onWrite: (listener: typeof onWrite) => {
      onWrite = listener;
    },
    /** By somebody else. */
    putForeign(kind: string, name: string) {
      put(`${kind}/${name}`, { metadata: { name, uid: 'foreign' }, writtenAt: now() } as unknown as Stored);
    },
    find: (key: string): Stored | undefined => live(key),
    /** What is there, without what only time decides. */
    state: () =>
      [...objects.keys()].flatMap((key) => {
        const object = live(key);
        if (!object) return [];
        const { uid: _uid, resourceVersion: _version, ...metadata } = object.metadata;
        const { writtenAt: _at, metadata: _metadata, ...rest } = object;
        return [{ key, metadata, ...rest }];
      }),
  };
}

function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete (base as Record<string, unknown>)[key];
    else (base as Record<string, unknown>)[key] = merged((base as Json)[key], value);
  }
  return base;
}
