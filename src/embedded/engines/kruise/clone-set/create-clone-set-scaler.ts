import { templateOf } from '../../../controllers/controller-revisions.ts';
import { isNamespaceEnding } from '../../../controllers/is-namespace-ending.ts';
import type { PersistentVolumeClaim, Pod, PodTemplate } from '../../../controllers/kubernetes-shapes.ts';
import { randomSuffix } from '../../../controllers/random-suffix.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { EngineContext } from '../../engine.ts';
import { createPodUpdater } from '../create-pod-updater.ts';
import type { CloneSet } from '../kinds.ts';
import { marksPodsUnready } from '../lifecycle.ts';
import { rankForDeletion } from '../order/rank-pods.ts';
import { buildClaims, buildPod, instanceIdLabel } from './build-pod.ts';
import { type CloneSetPass, podsPerPass } from './clone-set-pass.ts';
import { isAvailable } from './clone-set-pod.ts';
import { decideScale, type ScaleStep } from './decide-scale.ts';
import { releaseClaims } from './release-claims.ts';

const component = 'cloneset-controller';
const manager = 'kruise-manager';

export interface ScaleResult {
  /** Whether pods were made, deleted or told to go; then nothing is updated in this pass. */
  readonly hasChanged: boolean;
  /** 0 when there is more to do than one pass does. */
  readonly nextMs: number | undefined;
}

export interface CloneSetScaler {
  /** Throws what the first creation or deletion was refused with. */
  scale(pass: CloneSetPass): ScaleResult;
}

/** Makes and deletes the pods of a CloneSet, with their claims. */
export function createCloneSetScaler(context: EngineContext): CloneSetScaler {
  const { store, events } = context;
  const pods = context.kind<Pod>('', 'pods', manager);
  const claims = context.kind<PersistentVolumeClaim>('', 'persistentvolumeclaims', manager);
  const updater = createPodUpdater(context, manager);

  function tell(set: CloneSet, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(set, { type, reason, message, component });
  }

  function ownedClaims(set: CloneSet): PersistentVolumeClaim[] {
    return store
      .listOwned(set.metadata.uid ?? '')
      .filter((object): object is PersistentVolumeClaim => object.kind === 'PersistentVolumeClaim')
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /** An id that a claim waits with comes first: the pod then takes its volume over, and its old name. */
  function createIdSource({ set, pods: present }: CloneSetPass): () => string {
    const idsOf = (objects: readonly { readonly metadata: Pod['metadata'] }[]): string[] =>
      objects.map(({ metadata }) => metadata.labels?.[instanceIdLabel] ?? '').filter((id) => id !== '');
    const taken = new Set(idsOf(present));
    const free = [...new Set(idsOf(ownedClaims(set)))].filter((id) => !taken.has(id));
    const known = new Set([...taken, ...free]);
    return () => {
      const waiting = free.shift();
      if (waiting !== undefined) return waiting;
      let id = randomSuffix(context.random);
      while (known.has(id)) id = randomSuffix(context.random);
      known.add(id);
      return id;
    };
  }

  function createPod(set: CloneSet, template: PodTemplate, revision: string, instanceId: string): void {
    for (const { claim } of buildClaims(set, instanceId)) {
      if (claims.get(set.metadata.namespace, claim.metadata.name) !== undefined) continue;
      attempt(set, 'FailedCreate', 'failed to create pvc', claim.metadata.name, () => claims.create(claim));
    }
    const now = timestamp(context.clock.now());
    const pod = buildPod(set, { template, revision, instanceId, now });
    const name = `${set.metadata.name}-${instanceId}`;
    attempt(set, 'FailedCreate', 'failed to create pod', name, () => pods.create(pod));
    tell(set, 'Normal', 'SuccessfulCreate', `succeed to create pod ${name}`);
  }

  function attempt(set: CloneSet, reason: string, words: string, name: string, action: () => void): void {
    try {
      action();
    } catch (cause) {
      if (!isNamespaceEnding(cause)) {
        tell(set, 'Warning', reason, `${words}: ${cause instanceof Error ? cause.message : cause}, ${name}`);
      }
      throw cause;
    }
  }

  function createPods(pass: CloneSetPass, step: Extract<ScaleStep, { readonly do: 'create' }>): void {
    const { set, current, update } = pass;
    const nextId = createIdSource(pass);
    const templates = new Map([current, update].map((revision) => [revision, templateOf(revision)]));
    const count = Math.min(step.old + step.updated, podsPerPass);
    for (let made = 0; made < count; made += 1) {
      const revision = made < step.old ? current : update;
      createPod(set, templates.get(revision) ?? set.spec.template, revision.metadata.name, nextId());
    }
  }

  function deletePod({ set }: CloneSetPass, pod: Pod): void {
    const { name, labels } = pod.metadata;
    attempt(set, 'FailedDelete', `failed to delete pod ${name}`, name, () => pods.delete(pod));
    tell(set, 'Normal', 'SuccessfulDelete', `succeed to delete pod ${name}`);
    if ((set.spec.volumeClaimTemplates ?? []).length === 0) return;
    for (const claim of ownedClaims(set)) {
      if (claim.metadata.labels?.[instanceIdLabel] !== labels?.[instanceIdLabel]) continue;
      attempt(set, 'FailedDelete', 'failed to delete pvc', claim.metadata.name, () => claims.delete(claim));
    }
  }

  function carryOut(pass: CloneSetPass, step: ScaleStep): void {
    if (step.do === 'create') {
      createPods(pass, step);
      return;
    }
    const pod = pass.pods.find(({ metadata }) => metadata.name === step.pod);
    if (pod === undefined) return;
    if (step.do === 'delete') deletePod(pass, pod);
    else if (step.do === 'cancel-delete') updater.setState(pod, 'PreparingNormal', false);
    else updater.setState(pod, 'PreparingDelete', pass.set.spec.lifecycle?.preDelete?.markPodNotReady === true);
  }

  return {
    scale(pass) {
      const { set, observed, wish, numbers } = pass;
      if (set.spec.scaleStrategy?.disablePVCReuse === true) releaseClaims(set, ownedClaims(set), store, claims);
      if (numbers.missing > numbers.creatable) {
        const words = `scaleUp is limited because of scaleStrategy.maxUnavailable, limit: ${numbers.creatable}`;
        tell(set, 'Warning', 'ScaleUpLimited', words);
      }
      const steps = decideScale({
        replicas: wish.replicas,
        numbers,
        pods: [...observed.keys()],
        neverCallsBack: marksPodsUnready(set.spec.lifecycle),
        rank(candidates) {
          const byPod = new Map(candidates.map((each) => [observed.get(each), each] as const));
          const ranked = rankForDeletion(
            [...byPod.keys()].filter((pod) => pod !== undefined),
            (pod) => {
              const each = byPod.get(pod);
              return each !== undefined && isAvailable(each);
            },
          );
          return ranked.map((pod) => byPod.get(pod)).filter((each) => each !== undefined);
        },
      });
      for (const step of steps.slice(0, podsPerPass)) carryOut(pass, step);
      const [first] = steps;
      const made = first?.do === 'create' ? first.old + first.updated : steps.length;
      return { hasChanged: steps.length > 0, nextMs: made > podsPerPass ? 0 : undefined };
    },
  };
}
