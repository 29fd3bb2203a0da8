import type { BackendRef, RouteRule } from 'longshore/plugins/network';
import { nextName } from './service-manifest.ts';

/** Weights are kept in hundredths of what they were while traffic is shifted: so percents are whole numbers, and others keep their share. */
const parts = 100;
const greatestWeight = 1_000_000;

/** Of the route's namespace and of no other kind. */
const isService = ({ kind = 'Service', group = '' }: BackendRef): boolean => kind === 'Service' && group === '';
const weightOf = ({ weight = 1 }: BackendRef): number => weight;

const isNamed = (ref: BackendRef, namespace: string, name: string): boolean =>
  isService(ref) && (ref.namespace ?? namespace) === namespace && ref.name === name;

/** The rules in which a Service has traffic, shifted or not. */
export function leadsTo(rules: readonly RouteRule[], namespace: string, services: readonly string[]): boolean {
  return rules.some(({ backendRefs = [] }) =>
    backendRefs.some((ref) => services.some((name) => isNamed(ref, namespace, name))),
  );
}

/**
 * Gives the Service of the new version so many percent of what its Service has, in every rule that has it; all other shares stay what they
 * are. `undefined` for the plain form: as it was before anything was shifted. Pure. Throws RangeError where weights are too great to be shared.
 */
export function shiftWeights(
  rules: readonly RouteRule[],
  namespace: string,
  services: readonly string[],
  percent: number | undefined,
): readonly RouteRule[] {
  return rules.map((rule) => shiftRule(rule, namespace, services, percent));
}

function shiftRule(
  rule: RouteRule,
  namespace: string,
  services: readonly string[],
  percent: number | undefined,
): RouteRule {
  const { backendRefs = [] } = rule;
  const nextOf = (ref: BackendRef) =>
    backendRefs.find((other) => isNamed(other, namespace, nextName(ref.name)) && other.port === ref.port);
  const isOwn = (ref: BackendRef) => services.some((name) => isNamed(ref, namespace, name));
  const isNext = (ref: BackendRef) => services.some((name) => isNamed(ref, namespace, nextName(name)));
  if (!backendRefs.some(isOwn)) return rule;
  const isShifted = backendRefs.some(isNext);
  if (!isShifted && percent === undefined) return rule;
  // 1. As it was before.
  const scale = isShifted ? parts : 1;
  const plain = backendRefs
    .filter((ref) => !isNext(ref))
    .map((ref) => {
      const next = isOwn(ref) ? nextOf(ref) : undefined;
      return { ...ref, weight: Math.round((weightOf(ref) + (next ? weightOf(next) : 0)) / scale) };
    });
  if (percent === undefined) return { ...rule, backendRefs: plain };
  // 2. As it shall be.
  return {
    ...rule,
    backendRefs: plain.flatMap((ref) => {
      const whole = ref.weight * parts;
      if (whole > greatestWeight)
        throw new RangeError(`weight ${ref.weight} of '${ref.name}' is too great to be shared`);
      if (!isOwn(ref)) return [{ ...ref, weight: whole }];
      return [
        { ...ref, weight: ref.weight * (parts - percent) },
        { ...ref, name: nextName(ref.name), weight: ref.weight * percent },
      ];
    }),
  };
}
