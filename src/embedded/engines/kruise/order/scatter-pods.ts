import type { ScatterTerm } from '../kinds.ts';
import type { LabelledPod } from './sort-by-priority.ts';

/**
 * Spreads pods with the label of each term among those without it, so that they are not updated in one go; the term
 * that concerns the most pods first. `all` are the pods of the workload, updated ones too: by their mixture the density
 * is chosen.
 */
export function scatterPods<T extends LabelledPod>(
  waiting: readonly T[],
  all: readonly LabelledPod[],
  terms: readonly ScatterTerm[],
): T[] {
  if (waiting.length <= 1) return [...waiting];
  return sortedTerms(waiting, terms).reduce<T[]>((pods, term) => scatterBy(pods, all, term), [...waiting]);
}

function sortedTerms(waiting: readonly LabelledPod[], terms: readonly ScatterTerm[]): readonly ScatterTerm[] {
  if (terms.length <= 1) return terms;
  return terms
    .map((term) => ({ term, pods: waiting.filter((pod) => hasTerm(pod, term)).length }))
    .filter(({ pods }) => pods > 0)
    .sort((left, right) => right.pods - left.pods)
    .map(({ term }) => term);
}

function scatterBy<T extends LabelledPod>(waiting: readonly T[], all: readonly LabelledPod[], term: ScatterTerm): T[] {
  const matched = waiting.filter((pod) => hasTerm(pod, term));
  const unmatched = waiting.filter((pod) => !hasTerm(pod, term));
  if (matched.length <= 1 || unmatched.length <= 1) return [...waiting];
  const totalMatched = all.filter((pod) => hasTerm(pod, term)).length;
  // The last one with the label stays the last of all.
  const last = matched.splice(-1);
  const density = decideDensity(
    { matched: totalMatched - 1, unmatched: all.length - totalMatched },
    { matched: matched.length, unmatched: unmatched.length },
  );
  const scattered: T[] = unmatched.splice(0, density.remainder);
  for (let groups = 0; groups < density.groups; groups += 1) {
    scattered.push(...matched.splice(0, density.matchedSize), ...unmatched.splice(0, density.unmatchedSize));
  }
  return [...scattered, ...matched, ...unmatched, ...last];
}

interface Mixture {
  readonly matched: number;
  readonly unmatched: number;
}

interface Density {
  readonly groups: number;
  readonly matchedSize: number;
  readonly unmatchedSize: number;
  /** So many without the label go first, until the rest has the density of the whole. */
  readonly remainder: number;
}

function decideDensity(total: Mixture, waiting: Mixture): Density {
  if (total.unmatched * waiting.matched >= waiting.unmatched * total.matched) return evenly(waiting);
  const { matchedSize, unmatchedSize } = evenly(total);
  const groups = Math.min(Math.floor(waiting.matched / matchedSize), Math.floor(waiting.unmatched / unmatchedSize));
  return { groups, matchedSize, unmatchedSize, remainder: waiting.unmatched - groups * unmatchedSize };
}

function evenly({ matched, unmatched }: Mixture): Density {
  const groups = Math.min(matched, unmatched);
  return {
    groups,
    matchedSize: Math.round(matched / groups),
    unmatchedSize: Math.round(unmatched / groups),
    remainder: 0,
  };
}

function hasTerm({ labels }: LabelledPod, { key, value }: ScatterTerm): boolean {
  return labels[key] === value;
}
