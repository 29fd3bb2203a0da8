import { type KindRef, type KubeObject, mergePatch } from 'longshore/sdk';
import type { EngineWrite, Observed, ObservedUnit, ReleaseEngine, ReleaseTarget, TargetUnit } from '../engine.ts';
import { versionLabel } from '../engine.ts';
import { observePods, podsOfVersion } from '../observe-pods.ts';
import { hasScaler, isSettled, observeWorkloads, seenWorkload, unitOfWorkload } from '../observe-workloads.ts';
import { marksOf, unitSelector } from '../workload-marks.ts';
import { keptBy, type Partition, type PartitionedKind, type PartitionedSpec } from './partitioned-kind.ts';

type Workload = KubeObject & { readonly spec: PartitionedSpec };

interface Detail {
  readonly workload: Workload | undefined;
}

/**
 * One workload for each unit, that changes as many of its pods as its partition leaves (OpenKruise; `apps/v1` StatefulSet). The new template is written
 * together with a partition that holds all pods; then the partition goes down, group by group, and never up.
 */
export function createPartitionedEngine(of: PartitionedKind): ReleaseEngine {
  const { kind } = of;

  const patch = ({ metadata }: Workload, body: object): EngineWrite => {
    const { name, uid, resourceVersion } = metadata;
    return { verb: 'patch', kind, name, body, uid, resourceVersion };
  };
  const removal = ({ metadata }: Workload): EngineWrite => ({
    ...{ verb: 'delete', kind, name: metadata.name, uid: metadata.uid },
  });

  function creation(target: ReleaseTarget, unit: TargetUnit, replicas: number): EngineWrite {
    const body = {
      metadata: { name: unit.workload, namespace: target.namespace, ...marksOf(target, unit) },
      spec: {
        replicas,
        selector: { matchLabels: unitSelector(target, unit) },
        template: of.template(target, unit),
        ...of.newSpec(target, unit),
        updateStrategy: of.strategy(target, unit, 0),
      },
    };
    return { verb: 'create', kind, name: unit.workload, body };
  }

  /** Template and partition in one: at no moment could a pod follow the new template unasked. */
  function preparation(target: ReleaseTarget, unit: TargetUnit, workload: Workload, isScaled: boolean): EngineWrite {
    const held = of.hold({ replicas: replicasOf(workload), isScaled });
    return patch(workload, {
      metadata: marksOf(target, unit),
      spec: {
        template: mergePatch(workload.spec.template, of.template(target, unit)),
        updateStrategy: of.strategy(target, unit, held),
      },
    });
  }

  const partitionOf = (workload: Workload): Partition => of.readPartition(workload.spec.updateStrategy);

  function step(target: ReleaseTarget, unit: TargetUnit, seen: ObservedUnit | undefined, wanted: number) {
    const { workload } = detailOf(seen);
    if (!seen || !workload) return creation(target, unit, wanted);
    if (!seen.isPrepared) return preparation(target, unit, workload, seen.isScaled);
    const before = replicasOf(workload);
    const { isScaled } = seen;
    const replicas = isScaled ? before : Math.max(before, wanted);
    const isAll = wanted > 0 && wanted >= (isScaled ? before : unit.replicas);
    const updated = podsOfVersion(seen.pods, target.versionId);
    const partition = isAll ? 0 : of.partitionFor({ replicas, wanted, isScaled, updated });
    const isLower = keptBy(partition, replicas) < keptBy(partitionOf(workload), replicas);
    if (replicas === before && !isLower) return undefined;
    return patch(workload, {
      spec: {
        ...(replicas === before ? {} : { replicas }),
        ...(isLower ? { updateStrategy: of.partitionOnly(partition) } : {}),
      },
    });
  }

  function plainForm(target: ReleaseTarget, unit: TargetUnit, seen: ObservedUnit | undefined) {
    const { workload } = detailOf(seen);
    if (!seen || !workload) return creation(target, unit, unit.replicas);
    if (!seen.isPrepared) return preparation(target, unit, workload, seen.isScaled);
    const isOurs = !seen.isScaled && replicasOf(workload) !== unit.replicas;
    const isPartitioned = partitionOf(workload) !== 0;
    if (!isOurs && !isPartitioned) return undefined;
    return patch(workload, {
      spec: {
        ...(isOurs ? { replicas: unit.replicas } : {}),
        ...(isPartitioned ? { updateStrategy: of.partitionOnly(0) } : {}),
      },
    });
  }

  return {
    name: of.name,
    kinds: [kind],
    isThere: (cluster) => cluster.serves(kind),
    async observe(target, reader) {
      const [pods, workloads] = await Promise.all([
        observePods(target, reader),
        observeWorkloads(target, kind as KindRef<{ spec: PartitionedSpec }>, reader) as Promise<readonly Workload[]>,
      ]);
      const scaled = new Set<string>();
      for (const workload of workloads) {
        if (replicasOf(workload) > 0 && (await hasScaler(reader, kind, workload))) scaled.add(workload.metadata.name);
      }
      const units = target.units.map((unit): ObservedUnit => {
        const workload = workloads.find(({ metadata }) => metadata.name === unit.workload);
        const isPrepared = workload !== undefined && versionOf(workload) === target.versionId;
        const isScaled = workload !== undefined && (target.scheduled === 'LATER' || scaled.has(workload.metadata.name));
        const replicas = isScaled ? replicasOf(workload) : unit.replicas;
        const now = workload ? replicasOf(workload) : 0;
        return {
          unit: unit.unit,
          exists: workload !== undefined,
          isSettled: workload === undefined || isSettled(workload),
          replicas,
          isScaled,
          allowed: workload && isPrepared ? now - keptBy(partitionOf(workload), now) : 0,
          isPrepared,
          pods: replicas > 0 ? (pods.get(unit.unit) ?? []) : [],
          workloads: [seenWorkload(kind, unit.workload, workload)],
          detail: { workload } satisfies Detail,
        };
      });
      const names = new Set(target.units.map(({ workload }) => workload));
      const left = workloads.filter(({ metadata }) => !names.has(metadata.name));
      return [...units, ...left.map((workload) => leftOver(kind, workload))];
    },
    next(target, wanted, observed) {
      return firstOf(target.units, (unit) => step(target, unit, seenOf(observed, unit), wanted.get(unit.unit) ?? 0));
    },
    finish(target, observed) {
      const own = firstOf(target.units, (unit) => plainForm(target, unit, seenOf(observed, unit)));
      if (own) return own;
      return firstOf(observed.slice(target.units.length), ({ detail }) => removalOf(detail));
    },
    remove: (_target, observed) => firstOf(observed, ({ detail }) => removalOf(detail)),
  };

  function removalOf(detail: unknown): EngineWrite | undefined {
    const { workload } = detail as Detail;
    return workload && workload.metadata.deletionTimestamp === undefined ? removal(workload) : undefined;
  }
}

/** A workload of a unit that the target does not have any more. */
function leftOver(kind: KindRef, workload: Workload): ObservedUnit {
  return {
    unit: unitOfWorkload(workload),
    exists: true,
    isSettled: true,
    replicas: 0,
    isScaled: false,
    allowed: 0,
    isPrepared: true,
    pods: [],
    workloads: [seenWorkload(kind, workload.metadata.name, workload)],
    detail: { workload } satisfies Detail,
  };
}

const replicasOf = ({ spec }: Workload): number => spec.replicas ?? 1;
const detailOf = (seen: ObservedUnit | undefined): Detail =>
  (seen?.detail as Detail | undefined) ?? { workload: undefined };
const seenOf = (observed: Observed, { unit }: TargetUnit): ObservedUnit | undefined =>
  observed.find((seen) => seen.unit === unit);

function versionOf({ spec }: Workload): string | undefined {
  const { metadata } = spec.template as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  return metadata?.labels?.[versionLabel];
}

function firstOf<T>(items: readonly T[], find: (item: T) => EngineWrite | undefined): EngineWrite | undefined {
  for (const item of items) {
    const found = find(item);
    if (found) return found;
  }
  return undefined;
}
