import { isLabelKey, isLabelValue, PreconditionError, type ValidationIssue } from 'longshore/sdk';
import { maxChanges, tooMany } from './node-labels.ts';
import type { Taint } from './tolerates.ts';

export const taintEffects = {
  NO_SCHEDULE: 'NoSchedule',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
  NO_EXECUTE: 'NoExecute',
} as const;
type Effect = keyof typeof taintEffects | 'UNKNOWN';

export interface TaintChange {
  readonly set: readonly {
    readonly key: string;
    readonly value?: string | null | undefined;
    readonly effect: Effect;
  }[];
  readonly remove: readonly { readonly key: string; readonly effect?: Effect | null | undefined }[];
}

/** Written by Kubernetes itself, which would write them again. */
const ofKubernetes = /^node(\.cloudprovider)?\.kubernetes\.io\//;

/** What is wrong with a change of taints by itself, by the rules of the API server (CMP-29). */
export function checkTaints({ set, remove }: TaintChange): readonly ValidationIssue[] {
  const count = set.length + remove.length;
  if (count === 0) return [{ path: [], code: 'empty', message: 'There is nothing to set or to remove' }];
  if (count > maxChanges) return [tooMany('taints', count)];
  const entries = [
    ...set.map((entry, at) => ({ ...entry, path: ['set', at] as const })),
    ...remove.map((entry, at) => ({ ...entry, value: undefined, path: ['remove', at] as const })),
  ];
  return entries.flatMap(({ key, value, effect, path }, index): ValidationIssue[] => {
    const issue = (field: string, code: string, message: string) => ({ path: [...path, field], code, message });
    const isTwice = entries
      .slice(0, index)
      .some((other) => other.key === key && (!other.effect || !effect || other.effect === effect));
    return [
      ...(isLabelKey(key)
        ? []
        : [
            issue(
              'key',
              'invalid_key',
              "key must be up to 63 letters, digits, '-', '_' and '.', with a DNS prefix and '/' before it or not",
            ),
          ]),
      ...(isLabelValue(value ?? '')
        ? []
        : [
            issue(
              'value',
              'invalid_value',
              "value must be up to 63 letters, digits, '-', '_' and '.', beginning and ending with a letter or digit",
            ),
          ]),
      ...(effect === 'UNKNOWN'
        ? [issue('effect', 'invalid_effect', 'effect must be NO_SCHEDULE, PREFER_NO_SCHEDULE or NO_EXECUTE')]
        : []),
      ...(isTwice ? [issue('key', 'duplicate', `The taint '${key}' stands here twice`)] : []),
    ];
  });
}

/** Throws `PreconditionError` INHERENT_TAINT for those that the cluster itself sets and takes away. */
export function requireOwnTaints({ set, remove }: TaintChange): void {
  const inherent = [...set, ...remove].map(({ key }) => key).filter((key) => ofKubernetes.test(key));
  if (inherent.length === 0) return;
  const named = inherent.map((key) => `'${key}'`).join(', ');
  throw new PreconditionError(
    'INHERENT_TAINT',
    `${named}: the cluster sets such taints itself; new pods are kept away by cordonNode.`,
  );
}

/** The taints that a node has then: one for each key and effect, what stays in its order before what is new. Pure. */
export function changeTaints(taints: readonly Taint[], { set, remove }: TaintChange): readonly Taint[] {
  const wanted = set.map(toTaint);
  const isSame = (one: Taint, other: Taint) => one.key === other.key && one.effect === other.effect;
  const kept = taints.filter(
    (taint) => !remove.some(({ key, effect }) => key === taint.key && (!effect || rawEffect(effect) === taint.effect)),
  );
  return [
    // The value alone is new: since when it is there stays.
    ...kept.map((taint) => {
      const next = wanted.find((each) => isSame(each, taint));
      return next && (next.value ?? '') !== (taint.value ?? '') ? next : taint;
    }),
    ...wanted.filter((taint) => !kept.some((each) => isSame(each, taint))),
  ];
}

export function toTaint({ key, value, effect }: TaintChange['set'][number]): Taint {
  return { key, ...(value ? { value } : {}), effect: rawEffect(effect) };
}

const rawEffect = (effect: Effect): string => (effect === 'UNKNOWN' ? '' : taintEffects[effect]);
