import fc from 'fast-check';
import { cloneSetKind, horizontalPodAutoscalerKind, podKind } from 'longshore/plugins/compute';
import type { ClusterReader, KindRef, KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { applyMergePatch } from '../../../src/embedded/machinery/merge-patch.ts';
import { makeObject } from '../../compute/testing/make-objects.ts';
import { makeTarget } from '../testing/make-target.ts';
import { cloneSetEngine } from './clone-set/clone-set-engine.ts';
import { serviceIdAnnotation, serviceLabel, unitLabel, versionLabel } from './engine.ts';
import { keptBy } from './partitioned/partitioned-kind.ts';

const [least, most] = [2, 12];
const target = makeTarget({ versionId: 'v2', pods: { '': 6 } });

interface Spec {
  replicas: number;
  template: { metadata: { labels: Record<string, string> } };
  updateStrategy: { partition: number | string };
}

/** A CloneSet as OpenKruise moves it, with pods that are ready at once, and a scaler that sets its number. */
function createModel(replicas: number) {
  let made = 0;
  let version = 1;
  let workload: { metadata: object; spec: Spec } = {
    metadata: {
      name: 'web',
      labels: { [serviceLabel]: 'web', [unitLabel]: '' },
      annotations: { [serviceIdAnnotation]: target.serviceId },
    },
    spec: { replicas, template: { metadata: { labels: { [versionLabel]: 'v1' } } }, updateStrategy: { partition: 0 } },
  };
  const newPod = (of: string) => ({ name: `web-${++made}`, version: of });
  let pods = Array.from({ length: replicas }, () => newPod('v1'));
  const newest = () => workload.spec.template.metadata.labels[versionLabel] ?? '';
  const kept = () => keptBy(workload.spec.updateStrategy.partition, workload.spec.replicas);
  const count = (of: string) => pods.filter((pod) => pod.version === of).length;

  return {
    get spec() {
      return workload.spec;
    },
    updated: () => count('v2'),
    pods: () => pods.length,
    /** All that the controller does until it has nothing left to do (OpenKruise, `calculateDiffsWithExpectation`). */
    settle() {
      const updated = newest();
      const isOld = ({ version: of }: { version: string }) => of !== updated;
      while (pods.length < workload.spec.replicas) {
        const wasOld = pods.filter(isOld).length < kept();
        pods.push(newPod(wasOld ? 'v1' : updated));
      }
      while (pods.length > workload.spec.replicas) {
        const tooManyOld = pods.filter(isOld).length > kept();
        const at = pods.findIndex((pod) => isOld(pod) === tooManyOld);
        pods = pods.filter((_, index) => index !== Math.max(0, at));
      }
      for (const pod of pods) if (isOld(pod) && pods.filter(isOld).length > kept()) pod.version = updated;
    },
    scale(to: number) {
      workload = { ...workload, spec: { ...workload.spec, replicas: to } };
    },
    patch(body: object) {
      version += 1;
      workload = applyMergePatch(structuredClone(workload), body) as typeof workload;
    },
    reader(): ClusterReader {
      const live = makeObject(cloneSetKind, {
        ...workload,
        metadata: { ...workload.metadata, namespace: 'default', resourceVersion: String(version) },
      });
      const alive = pods.map(({ name, version: of }) =>
        makeObject(podKind, {
          metadata: {
            name,
            namespace: 'default',
            labels: { [serviceLabel]: 'web', [unitLabel]: '', [versionLabel]: of },
          },
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
        }),
      );
      const rows = (kind: KindRef): readonly unknown[] =>
        kind.kind === 'Pod' ? alive : kind.kind === 'CloneSet' ? [live] : [];
      return {
        cluster: 'c1',
        get: () => undefined,
        list: (kind) => ({ items: rows(kind) as never, problems: [] }),
        byOwner: () => [],
        byIndex: (kind) => (kind.kind === horizontalPodAutoscalerKind.kind ? ([{} as KubeObject] as never) : []),
      };
    },
  };
}

describe('a release of what a HorizontalPodAutoscaler scales', () => {
  const move = fc.oneof(
    fc.record({ do: fc.constant('scale' as const), to: fc.integer({ min: least, max: most }) }),
    fc.record({ do: fc.constant('look' as const) }),
    fc.record({ do: fc.constant('settle' as const) }),
    fc.record({ do: fc.constant('group' as const) }),
  );

  it('writes no number of pods, makes no pod new before its share, and comes to its end (P16, T16)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: least, max: most }),
        fc.array(move, { maxLength: 40 }),
        async (replicas, moves) => {
          const model = createModel(replicas);
          let wanted = 0;
          /** Share of the pods that the last write let be new. */
          let share = 0;
          const look = async () => {
            const observed = await cloneSetEngine.observe(target, model.reader());
            const write = cloneSetEngine.next(target, new Map([['', wanted]]), observed);
            if (!write) return false;
            expect(write.verb).toBe('patch');
            expect(write.body).not.toHaveProperty('spec.replicas');
            const before = model.spec;
            model.patch(write.body ?? {});
            const isSame = before.template.metadata.labels[versionLabel] === 'v2';
            const [was, is] = [before, model.spec].map((spec) => keptBy(spec.updateStrategy.partition, spec.replicas));
            if (isSame) expect(is).toBeLessThan(was ?? 0);
            // No more may be new than the group has.
            expect(model.spec.replicas - (is ?? 0)).toBeLessThanOrEqual(wanted);
            share = 1 - (is ?? 0) / model.spec.replicas;
            return true;
          };
          for (const step of moves) {
            const updated = model.updated();
            if (step.do === 'scale') model.scale(step.to);
            else if (step.do === 'look') await look();
            else if (step.do === 'group') wanted = Math.min(6, wanted + 1);
            model.settle();
            expect(model.pods()).toBe(model.spec.replicas);
            expect(model.pods()).toBeGreaterThanOrEqual(least);
            // What a scaler adds has the share that was let be new, and not all of it.
            if (step.do !== 'scale') continue;
            expect(model.updated()).toBeLessThanOrEqual(
              Math.max(updated, Math.ceil(model.spec.replicas * share - 1e-9)),
            );
          }
          wanted = most;
          for (let looks = 0; await look(); looks += 1) expect(looks).toBeLessThan(5);
          model.settle();
          expect(model.updated()).toBe(model.spec.replicas);
        },
      ),
      { numRuns: 300 },
    );
  });
});
