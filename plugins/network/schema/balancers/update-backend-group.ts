import { descriptionText } from 'longshore/plugins/core';
import { checkText, type LongshoreBuilder, named, PreconditionError, registerMutation, subjectOf } from 'longshore/sdk';
import { lbDisplayName } from '../../profile-keys/balancers.ts';
import { protocolOfRoute, type RouteObject, routeKinds } from '../../services/balancers/gateway-kinds.ts';
import {
  checkSettings,
  patchOfGroup,
  requireOnlyRule,
  type SettingsForm,
} from '../../services/balancers/group-form.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { isGroup, loadGroup } from './bind-group.ts';
import { groupSuccess, profileOfGroup, settingFields } from './group-parts.ts';

/** Changing what a backend group is called and how it treats its backends (NET-19, NET-20). */
export function registerUpdateBackendGroup(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateBackendGroup',
    description:
      'Changes what a backend group is called, what is said of it, and how it treats its backends. Its protocol never changes (NET-19).',
    allow: { action: 'UPDATE', subject: routeKinds.map(subjectOf) },
    input: (t) => ({
      id: t.id({ required: true, description: "The backend group's global id." }),
      protocol: t.field({
        type: named('BackendGroupProtocol'),
        description: 'What it speaks: another one than it has is refused.',
      }),
      displayName: t.string({ description: 'What people call it; empty for its name.' }),
      description: t.string({ description: 'What it is for; empty for none.' }),
      ...settingFields(t, 'as it is where absent'),
    }),
    success: groupSuccess('The backend group is changed.'),
    load: ({ id }, context) => loadGroup(String(id), context),
    check: (input, route, context) => {
      const { displayName, description, protocol, isXForwardedForSet } = input;
      const own = protocolOfRoute(route.kind);
      if (protocol !== null && protocol !== undefined && (protocol as string) !== own) {
        throw new PreconditionError(
          'PROTOCOL_IMMUTABLE',
          `Backend group '${route.metadata.name}' speaks ${own} for good: make another one for ${String(protocol)}`,
        );
      }
      const profile = profileOfGroup(route, context);
      if (isXForwardedForSet !== null && isXForwardedForSet !== undefined && own === 'HTTP') requireOnlyRule(route);
      return [
        ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
        ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
        ...checkSettings(input as unknown as SettingsForm, own, profile),
      ];
    },
    run: (input, route, ticket, context) =>
      patchBalancer(route, (current) => patchOfGroup(current, input as never), ticket, context),
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}
