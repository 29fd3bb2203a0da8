import { persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  again,
  type Cluster,
  encodeGlobalId,
  type OperationRecords,
  type Reconciler,
  settled,
  systemPrincipal,
} from 'longshore/sdk';
import { fileBrowserIdleMinutes } from '../profile-keys/files.ts';
import { fileBrowserReconcilerName, placeOfBrowserKey } from '../services/files/browser-key.ts';
import { browserLoopRef } from '../services/files/browser-loop.ts';
import { claimOfBrowser, isBrowserPod } from '../services/files/browser-pod.ts';
import { standingOfBrowser } from '../services/files/browser-state.ts';
import { browserUsesRef } from '../services/files/browser-uses.ts';
import { decideFileBrowser } from './decide-file-browser.ts';

/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/** Closes file browsers that are idle, did not open or are left over. Without it their pods stay until somebody closes them. */
export const fileBrowserReconciler: Reconciler = {
  name: fileBrowserReconcilerName,
  description: 'Closes file browsers that nobody uses; without it their pods hold volumes until somebody closes them.',
  timeoutMs: 60_000,
  async reconcile(key, context) {
    const place = placeOfBrowserKey(key);
    const { clusters, operations, profiles } = context.service(browserLoopRef);
    const uses = context.service(browserUsesRef);

    // 1. Read.
    const cluster = clusters.get(place.cluster);
    if (!cluster) return settled;
    if (cluster.state !== 'READY') return again(awayMs);
    const reader = cluster.reader(systemPrincipal, context.signal);
    const pod = await reader.get(podKind, place.namespace, place.pod);
    if (!pod || pod.metadata.uid !== place.podUid || !isBrowserPod(pod)) {
      await uses.forget(place.podUid);
      return settled;
    }
    const claimName = claimOfBrowser(pod) ?? '';
    const claim = await reader.get(persistentVolumeClaimKind, place.namespace, claimName);
    const idleMinutes = profiles.at(place).get(fileBrowserIdleMinutes);
    const createdAtMs = new Date(pod.metadata.creationTimestamp ?? 0).getTime();

    // 2. Decide.
    const { phase } = pod.status ?? {};
    const step = decideFileBrowser({
      nowMs: context.clock.now(),
      state: standingOfBrowser(pod).state,
      hasEnded: phase === 'Succeeded' || phase === 'Failed',
      claim: claim === undefined ? 'gone' : claim.metadata.deletionTimestamp === undefined ? 'there' : 'going',
      createdAtMs,
      usedAtMs: Math.max(createdAtMs, (await uses.usedAt(place.podUid)) ?? 0),
      idleMs: idleMinutes === null ? undefined : idleMinutes * 60_000,
    });
    if (step.do === 'wait') return again(step.afterMs);

    // 3. One step; that the pod is gone wakes this loop again.
    await context.failpoints.reach('storage.fileBrowsers.before-close');
    await close(cluster, { ...place, claimName }, step.why, operations, `${context.fence.number}`);
    await context.failpoints.reach('storage.fileBrowsers.after-close');
    return again(awayMs);
  },
};

async function close(
  cluster: Cluster,
  place: ReturnType<typeof placeOfBrowserKey> & { readonly claimName: string },
  why: string,
  operations: Pick<OperationRecords, 'run'>,
  attempt: string,
): Promise<void> {
  const { namespace, pod, podUid, claimName } = place;
  const kind = persistentVolumeClaimKind.kind;
  const writer = cluster.writer(systemPrincipal, { reason: `a file browser is closed: ${why}` });
  await operations.run(
    {
      action: 'closeFileBrowser',
      principal: systemPrincipal,
      requestId: `${fileBrowserReconcilerName}/${attempt}`,
      detail: why,
      target: {
        plugin: 'storage',
        type: kind,
        id: encodeGlobalId({ of: 'kubernetes', group: '', kind, cluster: cluster.name, namespace, name: claimName }),
        cluster: cluster.name,
        namespace,
        kind,
        name: claimName,
      },
    },
    async (ticket) => {
      await writer.delete(ticket, podKind, namespace, pod, { uid: podUid });
      return { value: undefined };
    },
  );
}
