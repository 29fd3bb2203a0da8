import {
  ConflictError,
  type KindRef,
  type KubeObject,
  NotFoundError,
  origin,
  type RequestContext,
  UpstreamError,
} from 'longshore/sdk';
import { createIndexedReader } from './indexed-reader.ts';

const cluster = 'c1';

/** What goes wrong with a write: one that the cluster refuses, once, or the end of the process, after which nothing is written any more. */
export interface Trouble {
  /** Which write, counted from 1; none where it is beyond the last. */
  readonly at: number;
  readonly how: 'REFUSED' | 'KILLED' | 'KILLED_AFTER';
}

export class Killed extends Error {}

interface FailingCluster {
  readonly objects: readonly KubeObject[];
  /** Writes that were tried since the last `begin`, as `delete IptablesEIP gw-eip`. */
  readonly writes: readonly string[];
  /** Another run, with its own trouble. */
  begin(trouble?: Trouble): RequestContext;
}

/**
 * A cluster in memory on which any write can go wrong. `onDelete` is asked before an object goes and throws where it would be stranded; what
 * has `held` of it stays behind its finalizers.
 */
export function createFailingCluster(
  initial: readonly KubeObject[],
  onDelete: (gone: KubeObject, left: readonly KubeObject[]) => void = () => {},
): FailingCluster {
  let objects = [...initial];
  let writes: string[] = [];
  let made = 0;
  const is = (kind: KindRef<unknown>, name: string) => (object: KubeObject) =>
    object[origin].kind === kind.kind && object.metadata.name === name;

  function begin(trouble?: Trouble): RequestContext {
    writes = [];
    let isDead = false;
    function write<T>(words: string, change: () => T): Promise<T> {
      return Promise.resolve().then(() => {
        if (isDead) throw new Killed('the process is gone');
        writes.push(words);
        const isTrouble = writes.length === trouble?.at;
        isDead = isTrouble && trouble.how !== 'REFUSED';
        if (isTrouble && trouble.how === 'REFUSED') throw new UpstreamError('cluster', `refused: ${words}`);
        if (isTrouble && trouble.how === 'KILLED') throw new Killed(words);
        const answer = change();
        if (isTrouble && trouble.how === 'KILLED_AFTER') throw new Killed(words);
        return answer;
      });
    }
    const writer = {
      create: (_ticket: unknown, kind: KindRef, manifest: { metadata: { name: string } }) =>
        write(`create ${kind.kind} ${manifest.metadata.name}`, () => {
          if (objects.some(is(kind, manifest.metadata.name))) throw new ConflictError('it is there already');
          made += 1;
          const metadata = { uid: `made-${made}`, resourceVersion: '1', ...manifest.metadata };
          const object = { apiVersion: 'kubeovn.io/v1', kind: kind.kind, ...manifest, metadata };
          Object.defineProperty(object, origin, { value: { cluster, ...kind }, enumerable: false });
          objects.push(object as never);
          return { object, warnings: [] };
        }),
      patch: (_ticket: unknown, kind: KindRef, _namespace: undefined, name: string, patch: { spec?: object }) =>
        write(`patch ${kind.kind} ${name}`, () => {
          const before = objects.find(is(kind, name)) as (KubeObject & { spec?: object }) | undefined;
          if (!before) throw new NotFoundError('it is gone');
          const after = { ...before, spec: { ...before.spec, ...patch.spec } };
          Object.defineProperty(after, origin, { value: before[origin], enumerable: false });
          objects = objects.map((object) => (object === before ? after : object) as KubeObject);
          return { object: after, warnings: [] };
        }),
      delete: (_ticket: unknown, kind: KindRef, _namespace: undefined, name: string) =>
        write(`delete ${kind.kind} ${name}`, () => {
          const gone = objects.find(is(kind, name));
          if (!gone) throw new NotFoundError('it is gone');
          const left = objects.filter((object) => object !== gone);
          onDelete(gone, left);
          objects = left;
        }),
    };
    const reader = () => createIndexedReader(cluster, objects);
    return {
      principal: {},
      signal: AbortSignal.timeout(60_000),
      clock: { now: () => Date.now() },
      access: { allowed: () => true, requireAllowed: () => {} },
      kube: reader,
      cluster: () => ({ reader, writer: () => writer }),
      services: { profiles: { at: () => ({ get: ({ default: value }: { default: unknown }) => value }) } },
    } as unknown as RequestContext;
  }

  return {
    get objects() {
      return objects;
    },
    get writes() {
      return writes;
    },
    begin,
  };
}

/** What is there, without what differs from one making to the next. */
export const namesOf = (objects: readonly KubeObject[]): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
