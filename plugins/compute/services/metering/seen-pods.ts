import type { Heard } from './create-hearing.ts';
import type { MeteredPod } from './metered-pod.ts';
import type { RateChange, SeenPod } from './settle.ts';

/** What was heard of a cluster, pod by pod: those it has, and those that went. `seriesOf` leaves out what is not metered. */
export function* seenPods(heard: Heard, seriesOf: (pod: MeteredPod) => string | undefined): Generator<SeenPod> {
  const changes = new Map<string, [RateChange, ...RateChange[]]>();
  const gone = new Map<string, MeteredPod>();
  for (const { pod, before, atSeconds, isGone } of heard.notes) {
    if (isGone) gone.set(pod.uid, pod);
    else {
      const known = changes.get(pod.uid);
      const change = rateOf(pod, atSeconds);
      if (known) known.push(change);
      else changes.set(pod.uid, [rateOf(before, atSeconds), change]);
    }
  }
  const see = (pod: MeteredPod, isGone: boolean): SeenPod | undefined => {
    const series = seriesOf(pod);
    if (series === undefined) return undefined;
    const { uid, startSeconds, end } = pod;
    return { uid, series, startSeconds, end, isGone, rates: changes.get(uid) ?? [rateOf(pod, 0)] };
  };
  for (const pod of heard.pods) {
    const seen = gone.has(pod.uid) ? undefined : see(pod, false);
    if (seen) yield seen;
  }
  for (const pod of gone.values()) {
    const seen = see(pod, true);
    if (seen) yield seen;
  }
}

const rateOf = ({ millicores, memoryKib }: MeteredPod, fromSeconds: number): RateChange => ({
  fromSeconds,
  millicores,
  memoryKib,
});
