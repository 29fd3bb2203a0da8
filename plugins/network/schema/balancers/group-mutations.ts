import { type ServiceObject, serviceKind } from 'longshore/plugins/compute';
import { descriptionAnnotation, descriptionText, displayNameAnnotation } from 'longshore/plugins/core';
import {
  checkText,
  type Deleted,
  encodeGlobalId,
  type FieldBuilder,
  type InputFieldBuilder,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  type MutationSuccess,
  named,
  origin,
  PreconditionError,
  type Profile,
  type RequestContext,
  readObject,
  registerMutation,
  replayDeletion,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { lbDisplayName, lbForwarding } from '../../profile-keys/balancers.ts';
import { onlyRuleOf } from '../../services/balancers/backend-groups.ts';
import { unboundFrom } from '../../services/balancers/change-listeners.ts';
import { kubernetesName } from '../../services/balancers/check-listener.ts';
import {
  changeMembers,
  checkMemberCount,
  checkMemberService,
  checkMembers,
  type MemberForm,
  refOf,
} from '../../services/balancers/check-members.ts';
import { listenersOfGroup } from '../../services/balancers/find-groups.ts';
import {
  type GroupProtocol,
  gatewayGroup,
  protocolOfRoute,
  type RouteObject,
  type RouteRule,
  routeKindOf,
  routeKinds,
} from '../../services/balancers/gateway-kinds.ts';
import {
  annotationsOfSettings,
  defaultSettings,
  type ForwardingRule,
  filtersOfSettings,
  type GroupSettings,
  settingsOf,
} from '../../services/balancers/group-settings.ts';
import type { Listener } from '../../services/balancers/listeners.ts';
import { requireServed } from '../../services/balancers/missing-engine.ts';
import { deleteAsJudged, patchBalancer } from '../../services/balancers/write-balancer.ts';
import { backendGroupRef } from './balancer-types.ts';
import { bindToListener, isGroup, loadGroup, requireBindable } from './bind-group.ts';
import { memberInputRef, memberKeyInputRef } from './listener-input.ts';
import { loadListener } from './listener-mutations.ts';

const subject = routeKinds.map(subjectOf);

const groupSuccess = (description: string) =>
  ({
    description,
    fields: (t: FieldBuilder<MutationSuccess<RouteObject>>) => ({
      backendGroup: t.field({
        type: backendGroupRef,
        description: 'The backend group as the cluster has it after the write; in a dry run as it would be.',
        resolve: ({ value }) => value,
      }),
    }),
  }) as const;

const profileAt = (cluster: string, namespace: string | undefined, { services }: RequestContext): Profile =>
  services.profiles.at({ cluster, namespace });
const profileOf = (route: RouteObject, context: RequestContext): Profile =>
  profileAt(route[origin].cluster, route.metadata.namespace, context);
const isAsked = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** Making, changing, binding and deleting backend groups (NET-19, CON-25, CON-26). */
export function registerGroupMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerMembers(builder);
  registerBinding(builder);
  registerDelete(builder);
}

interface SettingsForm {
  readonly forwarding?: ForwardingRule | null | undefined;
  readonly isSessionPersistent?: boolean | null | undefined;
  readonly isHealthChecked?: boolean | null | undefined;
  readonly isXForwardedForSet?: boolean | null | undefined;
}

const settingFields = (t: InputFieldBuilder, otherwise: string) => ({
  forwarding: t.field({
    type: named('ForwardingRule'),
    description: `How a backend is chosen, by \`lb.forwarding\` of the profile; ${otherwise}. What no class sees to is told by \`unenforcedSettings\`.`,
  }),
  isSessionPersistent: t.boolean({ description: `Whether a client stays with its backend; ${otherwise}.` }),
  isHealthChecked: t.boolean({
    description: `Whether the load balancer probes backends by itself; ${otherwise}. Backends whose pods are not ready are left out in any case.`,
  }),
  isXForwardedForSet: t.boolean({
    description: `With HTTP: whether backends are told the address of the client; ${otherwise}.`,
  }),
});

function checkSettings(
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

interface Creation extends SettingsForm {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly protocol: GroupProtocol;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly services: readonly MemberForm[];
}

const idOf = ({ cluster, namespace, name, protocol }: Creation): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: gatewayGroup, kind: routeKindOf[protocol].kind, namespace, name });

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createBackendGroup',
    description:
      'Makes a backend group of Services of its namespace, as many as the profile allows (`backendGroup.maxServices`). No listener leads to it yet: `bindBackendGroup`, or `createListener`.',
    allow: { action: 'CREATE', subject },
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
      const creation = input as unknown as Creation;
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
      const profile = profileAt(cluster, namespace, context);
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
      const manifest = manifestOf(creation, profileAt(cluster, namespace, context));
      const writer = context.cluster(cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, routeKindOf[protocol], manifest);
      return { value: object as RouteObject, resultId: idOf(creation), before: undefined, after: object, warnings };
    },
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}

async function checkServices(
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

function manifestOf(creation: Creation, profile: Profile): object {
  const { namespace, name, protocol, displayName, description, services } = creation;
  const settings = withSettings(defaultSettings(profile), creation);
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

/** The rule that the forms change. Throws `PreconditionError` for a route with several, or whose Services lie elsewhere. */
function requireOnlyRule(route: RouteObject): RouteRule {
  const rule = onlyRuleOf(route);
  if (rule) return rule;
  throw new PreconditionError(
    'ROUTE_HAS_SEVERAL_RULES',
    `${route.kind} '${route.metadata.name}' has ${route.spec?.rules?.length ?? 0} rules: edit it as YAML`,
  );
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateBackendGroup',
    description:
      'Changes what a backend group is called, what is said of it, and how it treats its backends. Its protocol never changes (NET-19).',
    allow: { action: 'UPDATE', subject },
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
      if (isAsked(protocol) && (protocol as string) !== own) {
        throw new PreconditionError(
          'PROTOCOL_IMMUTABLE',
          `Backend group '${route.metadata.name}' speaks ${own} for good: make another one for ${String(protocol)}`,
        );
      }
      const profile = profileOf(route, context);
      if (isAsked(isXForwardedForSet) && own === 'HTTP') requireOnlyRule(route);
      return [
        ...(displayName ? checkText(profile.get(lbDisplayName), 'displayName', displayName) : []),
        ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
        ...checkSettings(input as unknown as SettingsForm, own, profile),
      ];
    },
    run: (input, route, ticket, context) =>
      patchBalancer(route, (current) => patchOfSettings(current, input as never), ticket, context),
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}

function patchOfSettings(
  route: RouteObject,
  form: SettingsForm & Pick<Creation, 'displayName' | 'description'>,
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

function registerMembers(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateBackendGroupMembers',
    description:
      'Adds Services to a backend group, changes their weights, and takes Services away (NET-19). Traffic follows at once; one stays at least, and there are as many as the profile allows (`backendGroup.maxServices`).',
    allow: { action: 'UPDATE', subject },
    input: (t) => ({
      id: t.id({ required: true, description: "The backend group's global id." }),
      set: t.field({
        type: [memberInputRef],
        description: 'Services that are added, or get another weight.',
      }),
      remove: t.field({ type: [memberKeyInputRef], description: 'Services that are taken away.' }),
    }),
    success: groupSuccess('The backend group leads to these Services.'),
    validate: ({ set, remove }) => [
      ...checkMembers((set ?? []) as readonly MemberForm[], ['set']),
      ...((remove ?? []) as readonly MemberForm[]).flatMap(({ service, port }, index) =>
        ((set ?? []) as readonly MemberForm[]).some((other) => other.service === service && other.port === port)
          ? [{ path: ['remove', index], code: 'contradiction', message: `'${service}' is both set and removed` }]
          : [],
      ),
    ],
    load: ({ id }, context) => loadGroup(String(id), context),
    check: async ({ set, remove }, route, context) => {
      if ((set ?? []).length + (remove ?? []).length === 0) {
        return [{ path: [], code: 'nothing_to_change', message: 'Say what shall change' }];
      }
      const refs = requireOnlyRule(route).backendRefs ?? [];
      const members = (set ?? []) as readonly MemberForm[];
      const left = changeMembers(refs, members, (remove ?? []) as never);
      const place = {
        cluster: route[origin].cluster,
        namespace: route.metadata.namespace,
        protocol: protocolOfRoute(route.kind),
      };
      return [
        ...((remove ?? []) as readonly MemberForm[]).flatMap(({ service, port }, index) =>
          refs.some((ref) => ref.name === service && ref.port === port)
            ? []
            : [
                {
                  path: ['remove', index],
                  code: 'not_found',
                  message: `The group does not lead to port ${port} of Service '${service}'`,
                },
              ],
        ),
        ...checkMemberCount(left, profileOf(route, context), [members.length > 0 ? 'set' : 'remove']),
        ...(await checkServices(members, place, ['set'], context)),
      ];
    },
    run: ({ set, remove }, route, ticket, context) =>
      patchBalancer(
        route,
        (current) => {
          const rule = requireOnlyRule(current);
          const backendRefs = changeMembers(rule.backendRefs ?? [], (set ?? []) as never, (remove ?? []) as never);
          return { spec: { rules: [{ ...rule, backendRefs }] } };
        },
        ticket,
        context,
      ),
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}

interface Binding {
  readonly group: RouteObject;
  readonly listener: Listener;
}

async function loadBinding(id: string, listenerId: string, context: RequestContext) {
  const target = await loadGroup(id, context);
  const { value: listener } = await loadListener(listenerId, context);
  return { ...target, value: { group: target.value, listener } satisfies Binding };
}

function registerBinding(builder: LongshoreBuilder): void {
  const fields = (t: InputFieldBuilder) => ({
    id: t.id({ required: true, description: "The backend group's global id." }),
    listenerId: t.id({ required: true, description: "The listener's global id." }),
  });
  registerMutation(builder, {
    name: 'bindBackendGroup',
    description:
      'Makes a listener lead to a backend group of the same protocol. A listener leads to one group; a group may have several listeners. For a group of another namespace than the load balancer the listener lets that namespace in, which needs the right to change the load balancer.',
    allow: { action: 'UPDATE', subject },
    input: fields,
    success: groupSuccess('The listener leads to the backend group.'),
    inputOf: () => undefined,
    load: ({ id, listenerId }, context) => loadBinding(String(id), String(listenerId), context),
    check: async (_input, { group, listener }, context) => {
      await requireBindable(group, listener, context, 'listenerId');
      return [];
    },
    run: async (_input, { group, listener }, ticket, context) => {
      const bound = await bindToListener(group, listener, ticket, context);
      return {
        value: bound.group,
        resultId: idOfObject(group),
        before: group,
        after: bound.group,
        recorded: bound.recorded,
        warnings: bound.warnings,
      };
    },
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
  registerMutation(builder, {
    name: 'unbindBackendGroup',
    description:
      'Takes a backend group off a listener: where that leads to no other, its state is NO_BACKEND and it takes no traffic (CON-25).',
    allow: { action: 'UPDATE', subject },
    input: fields,
    success: groupSuccess('The listener leads to the backend group no more.'),
    inputOf: () => undefined,
    load: ({ id, listenerId }, context) => loadBinding(String(id), String(listenerId), context),
    run: async (_input, { group, listener }, ticket, context) =>
      patchBalancer(group, (current) => ({ spec: { parentRefs: unboundFrom(current, listener) } }), ticket, context),
    replay: (node): RouteObject | null => (isGroup(node) ? node : null),
  });
}

function registerDelete(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteBackendGroup',
    description:
      'Deletes a backend group; its Services stay. Listeners that lead to it then lead nowhere, which asks for `acknowledge: [LISTENER_LOSES_BACKEND]` (NET-19, CON-25).',
    allow: { action: 'DELETE', subject },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deleteBackendGroups', description: 'Deletes several backend groups, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The backend group's global id." }) }),
    success: {
      description: 'The backend group is deleted, or will be when its finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        backendGroup: t.field({
          type: backendGroupRef,
          nullable: true,
          description: 'The backend group while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
    load: ({ id }, context) => loadGroup(String(id), context),
    warn: {
      codes: ['LISTENER_LOSES_BACKEND'],
      find: async (_input, route: RouteObject, context) => {
        const listeners = await listenersOfGroup(context.kube(route[origin].cluster), route);
        if (listeners.length === 0) return [];
        const names = listeners.map(({ entry, gateway }) => `'${gateway.metadata.name}/${entry.name}'`).join(', ');
        const message = `${listeners.length === 1 ? 'The listener' : 'The listeners'} ${names} will lead nowhere.`;
        return [{ code: 'LISTENER_LOSES_BACKEND', message, path: ['id'] }];
      },
    },
    run: async (_input, route, ticket, context) => {
      const { cluster } = route[origin];
      const { namespace, name, uid } = route.metadata;
      await deleteAsJudged(route, () => Promise.resolve(), ticket, context);
      const kind = routeKindOf[protocolOfRoute(route.kind)];
      const now = ticket.isDryRun ? route : await context.kube(cluster).get(kind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<RouteObject> = { id: idOfObject(route), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: route, after: left }] };
    },
    replay: replayDeletion<RouteObject>,
  });
}
