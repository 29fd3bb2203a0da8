import { type LongshoreBuilder, typeRef } from 'longshore/sdk';
import type { Condition } from '../services/object/normalize-conditions.ts';

export const conditionRef = typeRef<Condition>('Condition');

export function registerCondition(builder: LongshoreBuilder): void {
  const status = builder.enumType('ConditionStatus', {
    description: 'Whether a condition holds. Which is the good side depends on its type.',
    values: {
      TRUE: { description: 'It holds.' },
      FALSE: { description: 'It does not hold.' },
      UNKNOWN: { description: 'Nobody could tell, or the status is none of the API machinery’s words.' },
    } as const,
  });
  builder.objectType(conditionRef, {
    description: 'One of `status.conditions`, in one shape for every kind and engine.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'What it is about, e.g. `Ready`.' }),
      status: t.field({ type: status, description: 'Whether it holds.', resolve: (condition) => condition.status }),
      reason: t.string({
        nullable: true,
        description: 'One word for programs, e.g. `MinimumReplicasUnavailable`.',
        resolve: (condition) => condition.reason ?? null,
      }),
      message: t.string({
        nullable: true,
        description: 'A sentence for people.',
        resolve: (condition) => condition.message ?? null,
      }),
      lastTransitionTime: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When its status last changed.',
        resolve: (condition) => condition.lastTransitionTime ?? null,
      }),
      lastUpdateTime: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was last looked at or written; for nodes the last heartbeat.',
        resolve: (condition) => condition.lastUpdateTime ?? null,
      }),
      observedGeneration: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Generation of the object it was set for; lower than the object’s own means it is out of date.',
        resolve: (condition) => condition.observedGeneration ?? null,
      }),
    }),
  });
}
