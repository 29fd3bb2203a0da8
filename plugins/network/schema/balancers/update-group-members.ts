import { type LongshoreBuilder, origin, registerMutation, subjectOf } from 'longshore/sdk';
import {
  changeMembers,
  checkMemberCount,
  checkMembers,
  type MemberForm,
} from '../../services/balancers/check-members.ts';
import { protocolOfRoute, type RouteObject, routeKinds } from '../../services/balancers/gateway-kinds.ts';
import { checkServices, requireOnlyRule } from '../../services/balancers/group-form.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { isGroup, loadGroup } from './bind-group.ts';
import { groupSuccess, profileOfGroup } from './group-parts.ts';
import { memberInputRef, memberKeyInputRef } from './listener-input.ts';

/** Adding Services to a backend group, weighing them and taking them away (NET-19, CON-26). */
export function registerUpdateGroupMembers(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateBackendGroupMembers',
    description:
      'Adds Services to a backend group, changes their weights, and takes Services away (NET-19). Traffic follows at once; one stays at least, and there are as many as the profile allows (`backendGroup.maxServices`).',
    allow: { action: 'UPDATE', subject: routeKinds.map(subjectOf) },
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
        ...checkMemberCount(left, profileOfGroup(route, context), [members.length > 0 ? 'set' : 'remove']),
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
