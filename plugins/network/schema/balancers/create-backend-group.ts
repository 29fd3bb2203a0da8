import { descriptionText } from 'longshore/plugins/core';
import { checkText, encodeGlobalId, type LongshoreBuilder, named, registerMutation, subjectOf } from 'longshore/sdk';
import { lbDisplayName } from '../../profile-keys/balancers.ts';
import { kubernetesName } from '../../services/balancers/check-listener.ts';
import { checkMemberCount, checkMembers, type MemberForm, refOf } from '../../services/balancers/check-members.ts';
import { gatewayGroup, type RouteObject, routeKindOf, routeKinds } from '../../services/balancers/gateway-kinds.ts';
import { checkServices, checkSettings, type GroupForm, manifestOfGroup } from '../../services/balancers/group-form.ts';
import { requireServed } from '../../services/balancers/missing-engine.ts';
import { isGroup } from './bind-group.ts';
import { groupSuccess, settingFields } from './group-parts.ts';
import { memberInputRef } from './listener-input.ts';

const idOf = ({ cluster, namespace, name, protocol }: GroupForm): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: gatewayGroup, kind: routeKindOf[protocol].kind, namespace, name });

/** Making backend groups (NET-19, CON-26). */
export function registerCreateBackendGroup(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createBackendGroup',
    description:
      'Makes a backend group of Services of its namespace, as many as the profile allows (`backendGroup.maxServices`). No listener leads to it yet: `bindBackendGroup`, or `createListener`.',
    allow: { action: 'CREATE', subject: routeKinds.map(subjectOf) },
    input: (t) => ({
      cluster: t.string({ required: true, description: "The cluster's name." }),
      namespace: t.string({ required: true, description: 'Its namespace.' }),
      name: t.string({
        required: true,
        description: "Its name, unique there for its protocol: up to 63 lower-case letters, digits and '-'.",
      }),
      protocol: t.field({
        type: named('BackendGroupProtocol'),
        required: true,
        description: 'What it speaks, for good.',
      }),
      displayName: t.string({ description: 'What people call it, by the rule `lb.displayName` of the profile.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      services: t.field({
        type: [memberInputRef],
        required: true,
        description: 'Its Services, at least one; up to 16, and by the profile fewer.',
      }),
      ...settingFields(t, 'as the profile has it where absent'),
    }),
    success: groupSuccess('The backend group was made.'),
    validate: ({ name, services }) => [
      ...checkText(kubernetesName, 'name', name),
      ...checkMembers(services as readonly MemberForm[], ['services']),
    ],
    load: (input, context) => {
      const creation = input as unknown as GroupForm;
      const { cluster, namespace, name, protocol } = creation;
      context.cluster(cluster);
      const { kind } = routeKindOf[protocol];
      return {
        value: creation,
        instance: { subject: subjectOf(routeKindOf[protocol]), cluster, namespace, name },
        record: { plugin: 'network', type: kind, id: idOf(creation), cluster, namespace, kind, name },
      };
    },
    check: async (_input, creation, context) => {
      const { cluster, namespace, protocol, displayName, description, services } = creation;
      requireServed(context.cluster(cluster), routeKindOf[protocol]);
      const profile = context.services.profiles.at({ cluster, namespace });
      return [
        ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
        ...checkText(profile.get(descriptionText), 'description', description ?? ''),
        ...checkSettings(creation, protocol, profile),
        ...checkMemberCount(services.map(refOf), profile, ['services']),
        ...(await checkServices(services, { cluster, namespace, protocol }, ['services'], context)),
      ];
    },
    run: async (_input, creation, ticket, context) => {
      const { cluster, namespace, protocol } = creation;
      const manifest = manifestOfGroup(creation, context.services.profiles.at({ cluster, namespace }));
      const writer = context.cluster(cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, routeKindOf[protocol], manifest);
      return { value: object as RouteObject, resultId: idOf(creation), before: undefined, after: object, warnings };
    },
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}
