import { ConflictError, UpstreamError } from 'longshore/sdk';
import type { EngineWrite, Observed, ObservedUnit, ReleaseEngine, ReleaseTarget } from '../engines/engine.ts';

interface FakePod {
  readonly name: string;
  readonly uid: string;
  readonly madeAt: number;
  versionId: string;
  readyAt: number | undefined;
}

interface FakeWorkload {
  readonly unit: string;
  versionId: string;
  /** Pods that may be of that version. */
  allowed: number;
  replicas: number;
  revision: number;
  pods: FakePod[];
}

/** What one write does, so that two runs can be compared write by write. */
export interface FakeEffect {
  readonly workload: string;
  readonly what: string;
}

/**
 * Workloads that update as many pods as they are let, a few seconds each: enough of a cluster to judge what the loop of releases does to
 * one. Everything happens when it is looked at, by the clock.
 */
export function createFakeCluster(now: () => number) {
  const workloads = new Map<string, FakeWorkload>();
  const effects: FakeEffect[] = [];
  const broken = new Set<string>();
  /** Looks that answer as it was that many looks ago. */
  let staleBy = 0;
  const history = new Map<string, FakeWorkload[]>();
  let uids = 0;
  let fault: 'refuses' | 'loses-answer' | undefined;

  function advance(name: string, workload: FakeWorkload): void {
    const fresh = workload.pods.filter(({ versionId }) => versionId === workload.versionId).length;
    const old = workload.pods.filter(({ versionId }) => versionId !== workload.versionId);
    for (const pod of old.slice(0, Math.max(0, workload.allowed - fresh))) {
      workload.pods.splice(workload.pods.indexOf(pod), 1);
    }
    while (workload.pods.length < workload.replicas) {
      uids += 1;
      const uid = `uid-${uids}`;
      const isNew = workload.pods.filter(({ versionId }) => versionId === workload.versionId).length < workload.allowed;
      const before = workload.pods.find(({ versionId }) => versionId !== workload.versionId)?.versionId;
      const versionId = isNew ? workload.versionId : (before ?? workload.versionId);
      const readyAt = broken.has(versionId) ? undefined : now() + 2_000;
      workload.pods.push({ name: `${name}-${uids}`, uid, madeAt: now(), versionId, readyAt });
    }
    workload.pods.splice(workload.replicas);
  }

  const engine: ReleaseEngine = {
    name: 'CLONE_SET',
    kinds: [],
    isThere: () => true,
    async observe(target): Promise<Observed> {
      return target.units.map(({ unit, workload: name, replicas }): ObservedUnit => {
        const live = workloads.get(name);
        if (live) advance(name, live);
        const states = history.get(name) ?? [];
        if (live) history.set(name, [...states, structuredClone(live)].slice(-60));
        const workload = live && staleBy > 0 ? (states.at(-staleBy) ?? live) : live;
        const isPrepared = workload?.versionId === target.versionId;
        return {
          unit,
          exists: workload !== undefined,
          isSettled: true,
          replicas,
          isScaled: false,
          allowed: workload && isPrepared ? workload.allowed : 0,
          isPrepared,
          pods: (workload?.pods ?? []).map(({ readyAt, madeAt, ...pod }) => ({
            ...pod,
            unit,
            node: undefined,
            isReady: readyAt !== undefined && readyAt <= now(),
            readySince: readyAt !== undefined && readyAt <= now() ? readyAt : undefined,
            isLeaving: false,
            problem: broken.has(pod.versionId) ? 'ImagePullBackOff' : undefined,
            object: { metadata: { name: pod.name, creationTimestamp: new Date(madeAt).toISOString() } } as never,
          })),
          detail: workload?.revision,
        };
      });
    },
    next(target, wanted, observed) {
      for (const unit of observed) {
        const name = nameOf(target, unit.unit);
        const count = Math.min(wanted.get(unit.unit) ?? 0, unit.replicas);
        const resourceVersion = `${unit.detail}`;
        const body = { versionId: target.versionId, unit: unit.unit };
        if (!unit.exists) return write('create', name, { ...body, allowed: count, replicas: count });
        const grown = unit.pods.length < count ? { replicas: count } : {};
        if (!unit.isPrepared) return write('patch', name, { ...body, allowed: 0 }, resourceVersion);
        if (unit.allowed < count) return write('patch', name, { allowed: count, ...grown }, resourceVersion);
      }
      return undefined;
    },
    finish: () => undefined,
    remove(target, observed) {
      const there = observed.find(({ exists }) => exists);
      return there && write('delete', nameOf(target, there.unit), {}, `${there.detail}`);
    },
  };

  /** As an API server does: what was decided on another state is refused. */
  function apply({ verb, name, body, resourceVersion }: EngineWrite): void {
    if (fault === 'refuses') {
      fault = undefined;
      throw new UpstreamError('east', 'the cluster answered 503');
    }
    const live = workloads.get(name);
    if (verb === 'create') {
      if (live) return;
      workloads.set(name, { pods: [], revision: 1, ...(body as Omit<FakeWorkload, 'pods' | 'revision'>) });
    } else if (!live || `${live.revision}` !== resourceVersion) {
      throw new ConflictError(`'${name}' has changed`);
    } else if (verb === 'delete') {
      workloads.delete(name);
    } else {
      Object.assign(live, body, { revision: live.revision + 1 });
    }
    effects.push({ workload: name, what: `${verb} ${JSON.stringify(body)}` });
    if (fault === 'loses-answer') {
      fault = undefined;
      throw new UpstreamError('east', 'the answer was lost');
    }
  }

  return {
    engine,
    apply,
    effects,
    workloads,
    /** Pods of this version never come up. */
    breakVersion: (versionId: string) => broken.add(versionId),
    mendVersion: (versionId: string) => broken.delete(versionId),
    deletePod(uid: string) {
      for (const { pods } of workloads.values()) {
        const index = pods.findIndex((pod) => pod.uid === uid);
        if (index >= 0) pods.splice(index, 1);
      }
    },
    failNextWrite(how: 'refuses' | 'loses-answer') {
      fault = how;
    },
    lookBack(looks: number) {
      staleBy = looks;
    },
    /** What runs, by workload. */
    state: () =>
      Object.fromEntries(
        [...workloads].map(([name, { pods, replicas }]) => [
          name,
          { replicas, versions: pods.map(({ versionId }) => versionId).sort() },
        ]),
      ),
  };
}

function write(verb: EngineWrite['verb'], name: string, body: object, resourceVersion?: string): EngineWrite {
  return {
    verb,
    name,
    body,
    kind: { group: '', version: 'v1', kind: 'Fake', plural: 'fakes', isNamespaced: true } as never,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

const nameOf = (target: ReleaseTarget, unit: string): string =>
  target.units.find((each) => each.unit === unit)?.workload ?? target.service;
