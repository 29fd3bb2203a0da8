import type { KubeObject } from 'longshore/sdk';
import type { GatewayCondition } from './gateway-kinds.ts';

/** What conditions say, in one word, with the reason and the words of the controller where it is not good. */
export interface Outcome<State extends string> {
  readonly state: State;
  /** As the controller writes it, e.g. `AddressNotAssigned`; undefined while all is well. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

export const good = <State extends string>(state: State): Outcome<State> => ({
  state,
  reason: undefined,
  message: undefined,
});

export const because = <State extends string>(
  state: State,
  { reason, message }: Pick<GatewayCondition, 'reason' | 'message'>,
): Outcome<State> => ({ state, reason, message });

/** Conditions that a controller wrote about the object as it is now: those of older generations, and the defaults of 1970, say nothing. */
export function currentConditions(
  conditions: readonly GatewayCondition[] | undefined,
  { generation }: Pick<KubeObject['metadata'], 'generation'>,
): ReadonlyMap<string, GatewayCondition> {
  const current = (conditions ?? []).filter(
    ({ status, observedGeneration }) => status !== 'Unknown' && (observedGeneration ?? Infinity) >= (generation ?? 0),
  );
  return new Map(current.map((condition) => [condition.type, condition]));
}

/** Conditions as the type `Condition` of the schema has them. */
export function toldConditions(conditions: readonly GatewayCondition[] | undefined): readonly object[] {
  const words = { True: 'TRUE', False: 'FALSE' } as const;
  return (conditions ?? []).map(({ status, ...condition }) => ({
    ...condition,
    status: words[status as keyof typeof words] ?? 'UNKNOWN',
  }));
}

/** Reasons for which one waits: nobody has to change anything. */
const passing = new Set(['Pending', 'AddressNotAssigned', 'NoResources']);

/** Whether a condition that is not met may yet be met by itself. */
export const isPassing = ({ reason }: GatewayCondition): boolean => passing.has(reason);
