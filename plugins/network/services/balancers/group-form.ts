import { type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import { PreconditionError, type Profile, type RequestContext, readObject, type ValidationIssue } from 'longshore/sdk';
import { lbForwarding } from '../../profile-keys/balancers.ts';
import { onlyRuleOf } from './backend-groups.ts';
import { checkMemberService, type MemberForm, refOf } from './check-members.ts';
import type { GroupProtocol, RouteObject, RouteRule } from './gateway-kinds.ts';
import {
  annotationsOfSettings,
  defaultSettings,
  type ForwardingRule,
  filtersOfSettings,
  type GroupSettings,
  settingsOf,
} from './group-settings.ts';

const isAsked = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** How a group shall treat its backends; what is not said stays, or is as the profile has it. */
export interface SettingsForm {
  readonly forwarding?: ForwardingRule | null | undefined;
  readonly isSessionPersistent?: boolean | null | undefined;
  readonly isHealthChecked?: boolean | null | undefined;
  readonly isXForwardedForSet?: boolean | null | undefined;
}

/** What the profile and the protocol have against settings (NET-20, CON-20). */
export function checkSettings(
  { forwarding, isXForwardedForSet }: SettingsForm,
  protocol: GroupProtocol,
  profile: Profile,
): readonly ValidationIssue[] {
  const offered: readonly string[] = profile.get(lbForwarding);
  return [
    ...(isAsked(forwarding) && !offered.includes(forwarding)
      ? [
          {
            path: ['forwarding'],
            code: 'not_offered',
            message: `By the profile '${profile.name}' forwarding is ${offered.join(' or ')}, got ${forwarding}`,
          },
        ]
      : []),
    ...(isAsked(isXForwardedForSet) && protocol !== 'HTTP'
      ? [
          {
            path: ['isXForwardedForSet'],
            code: 'not_for_protocol',
            message: `${protocol} has no headers that could tell the address of the client`,
          },
        ]
      : []),
  ];
}

const withSettings = (before: GroupSettings, form: SettingsForm): GroupSettings => ({
  forwarding: form.forwarding ?? before.forwarding,
  isSessionPersistent: form.isSessionPersistent ?? before.isSessionPersistent,
  isHealthChecked: form.isHealthChecked ?? before.isHealthChecked,
  isXForwardedForSet: form.isXForwardedForSet ?? before.isXForwardedForSet,
});

/** A new group as a form says it (NET-19). */
export interface GroupForm extends SettingsForm {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly protocol: GroupProtocol;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly services: readonly MemberForm[];
}

/** What the Services have against being members of a group at this place. */
export async function checkServices(
  services: readonly MemberForm[],
  place: { readonly cluster: string; readonly namespace: string | undefined; readonly protocol: GroupProtocol },
  path: readonly (string | number)[],
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const { cluster, namespace, protocol } = place;
  const found = await Promise.all(
    services.map(({ service }) => readObject(context, serviceKind, cluster, namespace, service)),
  );
  return services.flatMap((member, index) =>
    checkMemberService(member, found[index] as ServiceObject | null, protocol, [...path, index]),
  );
}

/** The route of a new group. */
export function manifestOfGroup(form: GroupForm, profile: Profile): object {
  const { namespace, name, protocol, displayName, description, services } = form;
  const settings = withSettings(defaultSettings(profile), form);
  const kept = Object.entries(annotationsOfSettings(settings)).filter(([, value]) => value !== null);
  const annotations = {
    ...(displayName ? { [displayNameAnnotation]: displayName } : {}),
    ...(description ? { [descriptionAnnotation]: description } : {}),
    ...Object.fromEntries(kept),
  };
  const filters = protocol === 'HTTP' ? filtersOfSettings([], settings.isXForwardedForSet ?? true) : [];
  return {
    metadata: { namespace, name, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: { rules: [{ ...(filters.length > 0 ? { filters } : {}), backendRefs: services.map(refOf) }] },
  };
}

/** The rule that the forms change. Throws `PreconditionError` for a route with several. */
export function requireOnlyRule(route: RouteObject): RouteRule {
  const rule = onlyRuleOf(route);
  if (rule) return rule;
  throw new PreconditionError(
    'ROUTE_HAS_SEVERAL_RULES',
    `${route.kind} '${route.metadata.name}' has ${route.spec?.rules?.length ?? 0} rules: edit it as YAML`,
  );
}

/** Changed settings and words as a merge patch. Throws `PreconditionError` where they need a rule and the route has several. */
export function patchOfGroup(
  route: RouteObject,
  form: SettingsForm & Pick<GroupForm, 'displayName' | 'description'>,
): object {
  const settings = withSettings(settingsOf(route), form);
  const { displayName, description, isXForwardedForSet } = form;
  const annotations = {
    ...annotationsOfSettings(settings),
    ...(isAsked(displayName) ? { [displayNameAnnotation]: displayName || null } : {}),
    ...(isAsked(description) ? { [descriptionAnnotation]: description || null } : {}),
  };
  if (!isAsked(isXForwardedForSet)) return { metadata: { annotations } };
  const rule = requireOnlyRule(route);
  const filters = filtersOfSettings(rule.filters ?? [], isXForwardedForSet);
  const { filters: _old, ...rest } = rule;
  return {
    metadata: { annotations },
    spec: { rules: [{ ...rest, ...(filters.length > 0 ? { filters } : {}) }] },
  };
}
