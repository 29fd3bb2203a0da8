import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploymentKind, horizontalPodAutoscalerKind, podKind, statefulSetKind } from '../../plugins/compute/api.ts';
import { autoscalerIndexes } from '../../plugins/compute/services/operations/find-autoscaler.ts';
import { deploymentPairEngine } from '../../plugins/release/engines/deployment-pair/deployment-pair-engine.ts';
import type { ReleaseEngine, ReleaseTarget } from '../../plugins/release/engines/engine.ts';
import { statefulSetEngine } from '../../plugins/release/engines/stateful-set/stateful-set-engine.ts';
import { writeToCluster } from '../../plugins/release/engines/write.ts';
import { makeTarget } from '../../plugins/release/testing/make-target.ts';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { ConflictError } from '../../src/kernel/answer-error.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { createClusters } from '../../src/kube/create-clusters.ts';
import { declareKind } from '../../src/kube/declared-kind.ts';
import type { KubeCluster } from '../../src/kube/kube-cluster.ts';
import { admin } from '../../src/kube/testing/test-cluster.ts';
import { realKubeconfig, sayThatEmbeddedStandsIn } from '../support/real-kubeconfig.ts';

/**
 * What native engines write is taken by whatever cluster there is, and read back as it was meant. Nothing has to run there: of pods only what is
 * asked for is looked at. Leaves nothing behind.
 */
const ofUser = realKubeconfig();
const stack = new AsyncDisposableStack();
const ticket = { id: '7d9f5c3e-0000-4000-8000-000000000003', isDryRun: false, note() {} };
let cluster: KubeCluster;

beforeAll(async () => {
  let source: { readonly kubeconfigPath: string } | { readonly kubeconfigText: string };
  if (ofUser) source = { kubeconfigPath: ofUser };
  else {
    sayThatEmbeddedStandsIn();
    const standIn = stack.use(await startEmbeddedCluster({ speed: 50 }));
    source = { kubeconfigText: standIn.kubeconfig };
  }
  const clusters = createClusters({
    clusters: [{ name: 'any', source: source as never }],
    kinds: [
      declareKind({ kind: podKind }),
      declareKind({ kind: deploymentKind }),
      declareKind({ kind: statefulSetKind }),
      declareKind({ kind: horizontalPodAutoscalerKind, indexes: autoscalerIndexes }),
    ],
    clock: systemClock,
    logger: silentLogger,
  });
  stack.defer(() => clusters.stop());
  await clusters.whenSettled(30_000);
  cluster = clusters.all[0] as KubeCluster;
});
afterAll(() => stack.disposeAsync());

const rows: readonly (readonly [string, ReleaseEngine, boolean])[] = [
  ['native Deployments', deploymentPairEngine, false],
  ['native StatefulSets', statefulSetEngine, true],
];

describe.each(rows)('%s on any cluster', (_name, engine, isStateful) => {
  const service = `longshore-engine-${randomBytes(4).toString('hex')}`;
  const base = { service, isStateful, pods: { '': 3 }, image: 'registry.k8s.io/pause:3.10' };
  const first = makeTarget({ ...base, versionId: '11111111-0000-4000-8000-000000000001', annotations: { note: 'x' } });
  const second = makeTarget({ ...base, versionId: '22222222-0000-4000-8000-000000000002' });

  /** All writes that come without any pod having to come up. */
  async function drive(target: ReleaseTarget, decide: 'next' | 'remove', wanted = 0) {
    for (let writes = 0; writes < 50; writes += 1) {
      const observed = await engine.observe(target, cluster.reader(admin));
      const write =
        decide === 'next' ? engine.next(target, new Map([['', wanted]]), observed) : engine.remove(target, observed);
      if (!write) return observed;
      try {
        await writeToCluster(write, { target, writer: cluster.writer(admin), ticket });
      } catch (error) {
        // Its controller was faster with the status.
        if (!(error instanceof ConflictError)) throw error;
      }
    }
    throw new Error('there is no end to it');
  }
  afterAll(async () => {
    for (const target of [first, second]) await drive(target, 'remove');
  });

  it('makes, prepares and lets go what it was asked for, and takes it away', async () => {
    expect(await drive(first, 'next', 3)).toMatchObject([
      { exists: true, isPrepared: true, allowed: 3, isScaled: false },
    ]);
    expect(await drive(second, 'next', 0)).toMatchObject([{ exists: true, allowed: 0 }]);
    expect(await drive(second, 'next', 1)).toMatchObject([{ exists: true, isPrepared: true, allowed: 1 }]);
    // Back: the old template in a write of its own, never an undone partition.
    expect(await drive(first, 'next', 3)).toMatchObject([{ exists: true, isPrepared: true, allowed: 3 }]);
    await drive(first, 'remove');
    await expect
      .poll(async () => (await engine.observe(first, cluster.reader(admin)))[0]?.exists, { timeout: 60_000 })
      .toBe(false);
  });
});
