import { type LongshoreBuilder, named, registerMutation, subjectOf } from 'longshore/sdk';
import { patchOfListeners, requireFree, withListener } from '../../services/balancers/change-listeners.ts';
import {
  checkListener,
  checkOffered,
  entryOf,
  type ListenerForm,
  requirePortAllowed,
} from '../../services/balancers/check-listener.ts';
import { type GatewayObject, gatewayKind } from '../../services/balancers/gateway-kinds.ts';
import { isListener, type Listener, toListener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import { bindToListener, type GroupObject, loadGroup, requireBindable } from './bind-group.ts';
import { loadBalancerOf } from './change-load-balancer.ts';
import {
  checkCertificate,
  listenerSuccess,
  outcomeOfListener,
  placeholderOf,
  profileOfBalancer,
} from './load-listener.ts';

interface Creation {
  readonly gateway: GatewayObject;
  readonly group: GroupObject;
}

/** Making listeners (NET-17, NET-20, VND-03). */
export function registerCreateListener(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createListener',
    description:
      'Makes a listener of a load balancer and binds a backend group of its protocol to it. A sensitive port (`lb.sensitivePorts`) is refused while the profile does not say that its filing was approved (NET-17, VND-03).',
    allow: { action: 'UPDATE', subject: subjectOf(gatewayKind) },
    input: (t) => ({
      loadBalancerId: t.id({ required: true, description: "The load balancer's global id." }),
      name: t.string({
        required: true,
        description: "Its name, unique in the load balancer: up to 63 lower-case letters, digits and '-'.",
      }),
      protocol: t.field({
        type: named('OfferedListenerProtocol'),
        required: true,
        description: 'What it speaks; by `lb.protocols` of the profile.',
      }),
      port: t.int({
        required: true,
        description: 'Its port, 1 to 65535, unique in the load balancer; UDP has ports of its own.',
      }),
      hostname: t.string({ description: 'With HTTP and HTTPS: the host whose requests it takes; any where absent.' }),
      certificateSecret: t.string({
        description: 'With HTTPS, and only there: name of a Secret of type `kubernetes.io/tls` in its namespace.',
      }),
      backendGroupId: t.id({
        required: true,
        description: 'Global id of the backend group that it leads to, of the same protocol; HTTPS leads to HTTP.',
      }),
    }),
    success: listenerSuccess('The listener is there and its backend group is bound.'),
    inputOf: () => undefined,
    validate: (input) => checkListener(input as unknown as ListenerForm, []),
    load: async ({ loadBalancerId, backendGroupId }, context) => {
      const target = await loadBalancerOf(String(loadBalancerId), context);
      const group = await loadGroup(String(backendGroupId), context);
      return { ...target, value: { gateway: target.value, group: group.value } satisfies Creation };
    },
    check: async (input, { gateway, group }, context) => {
      const form = input as unknown as ListenerForm;
      const profile = profileOfBalancer(gateway, context);
      context.access.requireAllowed('UPDATE', group);
      const entry = entryOf(form);
      const issues = [
        ...checkOffered(form.protocol, profile, ['protocol']),
        ...(await checkCertificate(form.certificateSecret, gateway, context)),
      ];
      if (issues.length > 0) return issues;
      requirePortAllowed(form.port, profile);
      requireFree(gateway, entry);
      await requireBindable(group, toListener(gateway, entry), context, 'backendGroupId');
      return [];
    },
    run: async (input, { gateway, group }, ticket, context) => {
      const entry = entryOf(input as unknown as ListenerForm);
      const placeholder = placeholderOf(gateway, context);
      const written = await patchBalancer(
        gateway,
        (current) => patchOfListeners(withListener(current, entry), placeholder),
        ticket,
        context,
      );
      const made = outcomeOfListener(written, entry.name);
      const bound = await bindToListener(group, made.value, ticket, context);
      return {
        ...made,
        recorded: [{ before: written.before, after: written.after }, ...bound.recorded],
        warnings: [...(made.warnings ?? []), ...bound.warnings],
      };
    },
    replay: (node): Listener | null => (isListener(node) ? node : null),
  });
}
