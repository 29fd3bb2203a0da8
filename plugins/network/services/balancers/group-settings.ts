import type { Profile } from 'longshore/sdk';
import {
  forwardingRules,
  lbForwarding,
  lbHealthCheck,
  lbSessionPersistence,
  lbXForwardedFor,
} from '../../profile-keys/balancers.ts';
import { onlyRuleOf } from './backend-groups.ts';
import { featuresOfClass } from './balancer-classes.ts';
import { type GatewayClassObject, protocolOfRoute, type RouteFilter, type RouteObject } from './gateway-kinds.ts';

export type ForwardingRule = (typeof forwardingRules)[number];
export type GroupSetting = 'LEAST_CONN' | 'SESSION_PERSISTENCE' | 'HEALTH_CHECK';

/** How a group treats its backends, beyond their weights. */
export interface GroupSettings {
  readonly forwarding: ForwardingRule;
  readonly isSessionPersistent: boolean;
  readonly isHealthChecked: boolean;
  /** Null where nothing is told because the protocol knows no headers. */
  readonly isXForwardedForSet: boolean | null;
}

/** What the Gateway API has no field for stands in annotations of the route, for the controller that can do it. */
export const settingAnnotations = {
  forwarding: 'longshore.dev/forwarding',
  isSessionPersistent: 'longshore.dev/session-persistence',
  isHealthChecked: 'longshore.dev/health-check',
} as const;

const clientHeader = 'X-Forwarded-For';
const isClientHeader = (name: string): boolean => name.toLowerCase() === clientHeader.toLowerCase();

/** As the route says; what it does not say is what Gateways do by themselves. */
export function settingsOf(route: RouteObject): GroupSettings {
  const annotations = route.metadata.annotations ?? {};
  const word = annotations[settingAnnotations.forwarding];
  return {
    forwarding: forwardingRules.find((rule) => rule === word) ?? 'ROUND_ROBIN',
    isSessionPersistent: annotations[settingAnnotations.isSessionPersistent] === 'true',
    isHealthChecked: annotations[settingAnnotations.isHealthChecked] === 'true',
    isXForwardedForSet:
      protocolOfRoute(route.kind) === 'HTTP' ? !(onlyRuleOf(route)?.filters ?? []).some(removesClientHeader) : null,
  };
}

/** What a new group begins with where its author says nothing (NET-20, Appendix B). */
export function defaultSettings(profile: Profile): Omit<GroupSettings, 'isXForwardedForSet'> & {
  readonly isXForwardedForSet: boolean;
} {
  return {
    forwarding: profile.get(lbForwarding)[0] ?? 'ROUND_ROBIN',
    isSessionPersistent: profile.get(lbSessionPersistence),
    isHealthChecked: profile.get(lbHealthCheck),
    isXForwardedForSet: profile.get(lbXForwardedFor),
  };
}

/** Annotations that keep the settings; null takes one away. */
export function annotationsOfSettings({
  forwarding,
  isSessionPersistent,
  isHealthChecked,
}: GroupSettings): Readonly<Record<string, string | null>> {
  return {
    [settingAnnotations.forwarding]: forwarding === 'ROUND_ROBIN' ? null : forwarding,
    [settingAnnotations.isSessionPersistent]: isSessionPersistent ? 'true' : null,
    [settingAnnotations.isHealthChecked]: isHealthChecked ? 'true' : null,
  };
}

/** Filters of an HTTP rule: Gateways tell backends the client's address, unless the header is taken away (HTTPRoute, RequestHeaderModifier). */
export function filtersOfSettings(
  filters: readonly RouteFilter[],
  isXForwardedForSet: boolean,
): readonly RouteFilter[] {
  const isSet = !filters.some(removesClientHeader);
  if (isSet === isXForwardedForSet) return filters;
  const modifier = filters.find(({ type }) => type === 'RequestHeaderModifier');
  const others = filters.filter((filter) => filter !== modifier);
  const { remove = [], ...rest } = modifier?.requestHeaderModifier ?? {};
  const removed = isXForwardedForSet ? remove.filter((name) => !isClientHeader(name)) : [...remove, clientHeader];
  const requestHeaderModifier = { ...rest, ...(removed.length > 0 ? { remove: removed } : {}) };
  if (Object.keys(requestHeaderModifier).length === 0) return others;
  return [...others, { type: 'RequestHeaderModifier', requestHeaderModifier }];
}

function removesClientHeader({ requestHeaderModifier }: RouteFilter): boolean {
  return (requestHeaderModifier?.remove ?? []).some(isClientHeader);
}

/**
 * What of a group's settings nobody sees to: the Gateway API has no field for it, and the classes that it is bound by do not name it among
 * their features. Backends that are not ready are left out by every class.
 */
export function unenforcedSettings(
  settings: GroupSettings,
  classes: readonly GatewayClassObject[],
): readonly GroupSetting[] {
  const wanted: GroupSetting[] = [
    ...(settings.forwarding === 'LEAST_CONN' || settings.forwarding === 'WEIGHTED_LEAST_CONN'
      ? (['LEAST_CONN'] as const)
      : []),
    ...(settings.isSessionPersistent ? (['SESSION_PERSISTENCE'] as const) : []),
    ...(settings.isHealthChecked ? (['HEALTH_CHECK'] as const) : []),
  ];
  return wanted.filter((setting) => classes.some((each) => !featuresOfClass(each).has(setting)));
}
