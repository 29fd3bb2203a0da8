import { type KindRef, type KubeObject, kindRef } from 'longshore/sdk';

/** A Kruise Rollout, as far as it has a hand in what releases move (`rollouts.kruise.io`). */
export interface RolloutSpec {
  readonly spec?: {
    readonly disabled?: boolean;
    readonly workloadRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
    readonly strategy?: Readonly<Record<string, unknown>>;
  };
}
export type RolloutObject = KubeObject & RolloutSpec;

export const rolloutKind: KindRef<RolloutSpec> = kindRef<RolloutSpec>({
  group: 'rollouts.kruise.io',
  version: 'v1beta1',
  kind: 'Rollout',
  plural: 'rollouts',
  isNamespaced: true,
  isOptional: true,
});

interface TrafficRoutings {
  readonly trafficRoutings?: readonly { readonly gateway?: { readonly httpRouteName?: string } }[];
}

/** Whether it writes the weights of a route that it names (`spec.strategy.*.trafficRoutings`). Pure. */
export function weighsRoute({ spec }: RolloutSpec, route: string): boolean {
  if (spec?.disabled) return false;
  return Object.values(spec?.strategy ?? {}).some((strategy) =>
    ((strategy as TrafficRoutings | null)?.trafficRoutings ?? []).some(
      ({ gateway }) => gateway?.httpRouteName === route,
    ),
  );
}

/** Whether it stops a workload whose template changes, and goes on in steps of its own (`spec.workloadRef`). Pure. */
export function rollsOut({ spec }: RolloutSpec, workload: { readonly kind: string; readonly name: string }): boolean {
  const { kind, name } = spec?.workloadRef ?? {};
  return !spec?.disabled && kind === workload.kind && name === workload.name;
}
