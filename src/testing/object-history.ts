import { compareVersions } from '../kube/compare-versions.ts';

/** An object as a history is compared by. */
export interface ObjectIdentity {
  readonly uid: string;
  readonly namespace?: string | null;
  readonly name: string;
  readonly resourceVersion: string;
}

/** The part of a stream's message that every stream of objects has, whatever its item is called. */
export interface ObjectMessage {
  readonly type: string;
  readonly reason?: string | null;
  readonly object?: ObjectIdentity | null;
}

export interface ObjectHistoryOptions {
  /** Whose history it is, for the report. */
  readonly name: string;
  /** What else the report should say, e.g. the seed and what was written to an object. */
  readonly explain?: (uid: string, name: string) => string;
}

/**
 * What one subscriber knows who has nothing but its stream, and whether the stream has kept its word: each object in the
 * order of its versions, nothing that never was, nothing twice, every end told. A RESYNC empties what is known.
 */
export interface ObjectHistory {
  push(message: ObjectMessage): void;
  /** What the subscriber holds now, by uid. */
  readonly objects: ReadonlyMap<string, ObjectIdentity>;
  /** Reasons of all RESYNCs so far. */
  readonly resyncs: readonly string[];
  readonly length: number;
  /** The first thing that must not happen, with the messages about that object; undefined where there is none. */
  readonly fault: string | undefined;
  /**
   * The first fault, or else the first difference from what the cluster holds, by uid and resourceVersion; undefined where
   * there is neither.
   */
  differenceFrom(cluster: Iterable<ObjectIdentity>): string | undefined;
}

interface Told {
  readonly index: number;
  readonly type: string;
  readonly object: ObjectIdentity | undefined;
}

export function createObjectHistory(options: ObjectHistoryOptions): ObjectHistory {
  const objects = new Map<string, ObjectIdentity>();
  /** The newest version that was told of each uid, for all time. */
  const newest = new Map<string, string>();
  const uidOfName = new Map<string, string>();
  const told: Told[] = [];
  const resyncs: string[] = [];
  let fault: string | undefined;

  function blame(object: ObjectIdentity, sentence: string): void {
    fault ??= report(object, sentence);
  }

  function report({ uid, name, namespace }: ObjectIdentity, sentence: string): string {
    const lines = told
      .filter(({ object }) => !object || object.uid === uid || nameOf(object) === nameOf({ name, namespace }))
      .map(({ index, type, object }) => `  #${index} ${type} ${object ? describe(object) : ''}`.trimEnd());
    return [
      `${options.name}: ${sentence}`,
      `What it was told of ${nameOf({ name, namespace })}, of ${told.length} messages:`,
      ...(lines.length > 40 ? ['  …', ...lines.slice(-40)] : lines),
      ...(options.explain ? [options.explain(uid, name)] : []),
    ].join('\n');
  }

  function add(object: ObjectIdentity): void {
    const { uid } = object;
    const name = nameOf(object);
    if (objects.has(uid)) blame(object, `${describe(object)} was ADDED while it was already there.`);
    const other = uidOfName.get(name);
    if (other !== undefined && other !== uid && objects.has(other))
      blame(object, `${describe(object)} was ADDED before ${other}, the earlier one of that name, was DELETED.`);
    const last = newest.get(uid);
    if (last !== undefined && isOlder(object.resourceVersion, last))
      blame(object, `${describe(object)} was ADDED, which is older than ${last} that was told before.`);
    keep(object);
  }

  function modify(object: ObjectIdentity): void {
    const known = objects.get(object.uid);
    if (!known) blame(object, `${describe(object)} was MODIFIED without ever having been ADDED.`);
    else if (known.resourceVersion === object.resourceVersion)
      blame(object, `${describe(object)} was told twice in the same version.`);
    else if (isOlder(object.resourceVersion, known.resourceVersion))
      blame(object, `${describe(object)} was MODIFIED, which is older than ${known.resourceVersion} that it had.`);
    keep(object);
  }

  function remove(object: ObjectIdentity): void {
    const known = objects.get(object.uid);
    // One that came and went while nobody read may be told gone without having been told there, once.
    if (!known && newest.has(object.uid)) blame(object, `${describe(object)} was DELETED while it was not there.`);
    if (known && isOlder(object.resourceVersion, known.resourceVersion))
      blame(object, `${describe(object)} was DELETED in a version older than ${known.resourceVersion} that it had.`);
    objects.delete(object.uid);
    newest.set(object.uid, object.resourceVersion);
  }

  function keep(object: ObjectIdentity): void {
    objects.set(object.uid, object);
    newest.set(object.uid, object.resourceVersion);
    uidOfName.set(nameOf(object), object.uid);
  }

  return {
    push({ type, reason, object }) {
      told.push({ index: told.length, type, object: object ?? undefined });
      if (type === 'RESYNC') {
        objects.clear();
        resyncs.push(reason ?? '');
      }
      if (!object) return;
      if (type === 'ADDED') add(object);
      if (type === 'MODIFIED') modify(object);
      if (type === 'DELETED') remove(object);
    },
    objects,
    resyncs,
    get length() {
      return told.length;
    },
    get fault() {
      return fault;
    },
    differenceFrom(cluster) {
      if (fault !== undefined) return fault;
      const there = new Map([...cluster].map((object) => [object.uid, object]));
      for (const object of there.values()) {
        const known = objects.get(object.uid);
        if (!known)
          return report(object, `${describe(object)} is in the cluster, and the subscriber does not know it.`);
        if (known.resourceVersion !== object.resourceVersion)
          return report(object, `${describe(object)} is in the cluster, and the subscriber knows ${describe(known)}.`);
      }
      for (const known of objects.values())
        if (!there.has(known.uid))
          return report(known, `${describe(known)} is gone from the cluster, and the subscriber still knows it.`);
      return undefined;
    },
  };
}

const isOlder = (one: string, other: string): boolean => (compareVersions(one, other) ?? 0) < 0;

const nameOf = ({
  namespace,
  name,
}: {
  readonly namespace?: string | null | undefined;
  readonly name: string;
}): string => (namespace === null || namespace === undefined ? name : `${namespace}/${name}`);

const describe = (object: ObjectIdentity): string => `${nameOf(object)} ${object.uid} @${object.resourceVersion}`;
