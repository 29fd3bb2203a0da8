import { ConflictError, UpstreamError } from 'longshore/sdk';
import type {
  EngineWrite,
  Observed,
  ObservedUnit,
  ReleaseEngine,
  ReleaseTarget,
  SeenWorkload,
} from '../engines/engine.ts';

interface FakePod {
  readonly name: string;
  readonly uid: string;
  readonly madeAt: number;
  versionId: string;
  readyAt: number | undefined;
  /** Whether there was another one in its place, which was ready. */
  readonly isInPlaceOf: boolean;
}

interface FakeWorkload {
  readonly unit: string;
  versionId: string;
  /** What its pods are of: image and configuration. */
  template: unknown;
  /** Pods that may be of that version. */
  allowed: number;
  replicas: number;
  revision: number;
  pods: FakePod[];
}

/** A workload that holds nothing of its new version back. */
const all = 1_000;

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
  const history = new Map<string, (FakeWorkload | undefined)[]>();
  const scaled = new Set<string>();
  const violations: string[] = [];
  let uids = 0;
  let fault: 'refuses' | 'loses-answer' | undefined;

  const isReady = ({ readyAt }: FakePod) => readyAt !== undefined && readyAt <= now();

  /** As OpenKruise does: pods that are not ready go first and for nothing, of the others a quarter is missing at a time. */
  function advance(name: string, workload: FakeWorkload): void {
    workload.pods.splice(workload.replicas);
    const isOld = ({ versionId }: FakePod) => versionId !== workload.versionId;
    let free = workload.allowed - workload.pods.filter((pod) => !isOld(pod)).length;
    let missing = workload.pods.filter((pod) => pod.isInPlaceOf && !isReady(pod)).length;
    const most = Math.max(1, Math.ceil(workload.replicas / 4));
    for (const pod of workload.pods.filter(isOld).sort((one, other) => Number(isReady(one)) - Number(isReady(other)))) {
      if (free <= 0 || (isReady(pod) && missing >= most)) break;
      free -= 1;
      if (isReady(pod)) missing += 1;
      workload.pods.splice(workload.pods.indexOf(pod), 1, make(name, workload.versionId, true));
    }
    while (workload.pods.length < workload.replicas) {
      const isNew = workload.pods.filter((pod) => !isOld(pod)).length < workload.allowed;
      const before = workload.pods.find(isOld)?.versionId;
      workload.pods.push(make(name, isNew ? workload.versionId : (before ?? workload.versionId), false));
    }
    if (missing > most) violations.push(`${missing} pods of ${name} are missing at a time`);
  }

  function make(name: string, versionId: string, isInPlaceOf: boolean): FakePod {
    uids += 1;
    const readyAt = broken.has(versionId) ? undefined : now() + 2_000;
    return { name: `${name}-${uids}`, uid: `uid-${uids}`, madeAt: now(), versionId, readyAt, isInPlaceOf };
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
        history.set(name, [...states, structuredClone(live)].slice(-60));
        const workload = staleBy > 0 && states.length > 0 ? states[Math.max(0, states.length - staleBy)] : live;
        const isScaled = workload !== undefined && scaled.has(name);
        const isPrepared = workload?.versionId === target.versionId;
        return {
          unit,
          exists: workload !== undefined,
          isSettled: true,
          replicas: isScaled ? workload.replicas : replicas,
          isScaled,
          allowed: workload && isPrepared ? Math.min(workload.allowed, workload.replicas) : 0,
          isPrepared,
          pods: (workload?.pods ?? []).map(({ readyAt, madeAt, isInPlaceOf: _is, ...pod }) => ({
            ...pod,
            unit,
            node: undefined,
            isReady: readyAt !== undefined && readyAt <= now(),
            readySince: readyAt !== undefined && readyAt <= now() ? readyAt : undefined,
            isLeaving: false,
            problem: broken.has(pod.versionId) ? 'ImagePullBackOff' : undefined,
            object: { metadata: { name: pod.name, creationTimestamp: new Date(madeAt).toISOString() } } as never,
          })),
          workloads: [{ kind: fakeKind, name, generation: workload?.revision }],
          detail: workload && { revision: workload.revision, replicas: workload.replicas, allowed: workload.allowed },
        };
      });
    },
    next(target, wanted, observed) {
      for (const unit of observed) {
        const count = Math.min(wanted.get(unit.unit) ?? 0, unit.replicas);
        const step = towards(target, unit, count, count >= unit.replicas);
        if (step) return step;
      }
      return undefined;
    },
    finish(target, observed) {
      for (const unit of observed) {
        const step = towards(target, unit, unit.replicas, true, unit.replicas);
        if (step) return step;
      }
      return undefined;
    },
    remove(target, observed) {
      const there = observed.find(({ exists }) => exists);
      return there && write('delete', nameOf(target, there.unit), {}, there);
    },
  };

  /** One workload; `exactly` so many pods where it is to be in its plain form. */
  function towards(target: ReleaseTarget, unit: ObservedUnit, count: number, isAll: boolean, exactly?: number) {
    const name = nameOf(target, unit.unit);
    const body = { versionId: target.versionId, template: target.template, unit: unit.unit };
    if (!unit.exists) return write('create', name, { ...body, allowed: all, replicas: count });
    if (!unit.isPrepared) return write('patch', name, { ...body, allowed: 0 }, unit);
    const { replicas: before, allowed: was } = detailOf(unit);
    const replicas = unit.isScaled ? before : (exactly ?? Math.max(before, count));
    const allowed = isAll ? all : count;
    if (replicas === before && allowed <= was) return undefined;
    return write(
      'patch',
      name,
      { ...(replicas === before ? {} : { replicas }), ...(allowed <= was ? {} : { allowed }) },
      unit,
    );
  }

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
      scaled.delete(name);
    } else {
      if (scaled.has(name) && body && 'replicas' in body) violations.push(`the number of pods of ${name} was written`);
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
      for (const [name, { pods }] of workloads) {
        const index = pods.findIndex((pod) => pod.uid === uid);
        const [gone] = index >= 0 ? pods.splice(index, 1) : [];
        if (gone && isReady(gone)) violations.push(`a pod of ${name} that was ready was deleted`);
      }
    },
    /** Somebody, or with `isAutoscaler` something that goes on doing so, sets the number of pods. */
    scale(name: string, replicas: number, isAutoscaler: boolean) {
      const live = workloads.get(name);
      if (!live) return;
      if (isAutoscaler) scaled.add(name);
      Object.assign(live, { replicas, revision: live.revision + 1 });
    },
    isScaled: (name: string) => scaled.has(name),
    /** A service is deleted with all that it has. */
    remove(name: string) {
      workloads.delete(name);
      scaled.delete(name);
    },
    isStillSo: ({ name, generation }: SeenWorkload) => workloads.get(name)?.revision === generation,
    /** What nothing of ours may do to a cluster. */
    violations,
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

const fakeKind = { group: '', version: 'v1', kind: 'Fake', plural: 'fakes', isNamespaced: true } as never;

const detailOf = ({ detail }: ObservedUnit) =>
  detail as { readonly revision: number; readonly replicas: number; readonly allowed: number };

function write(verb: EngineWrite['verb'], name: string, body: object, seen?: ObservedUnit): EngineWrite {
  return {
    verb,
    name,
    body,
    kind: fakeKind,
    ...(seen === undefined ? {} : { resourceVersion: `${detailOf(seen).revision}` }),
  };
}

const nameOf = (target: ReleaseTarget, unit: string): string =>
  target.units.find((each) => each.unit === unit)?.workload ?? target.service;
