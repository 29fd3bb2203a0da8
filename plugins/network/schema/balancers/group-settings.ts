import { type LongshoreBuilder, named } from 'longshore/sdk';
import { groupSettingsRef } from './balancer-types.ts';

/** How a backend group treats its backends (NET-20). */
export function registerGroupSettings(builder: LongshoreBuilder): void {
  builder.objectType(groupSettingsRef, {
    description: 'How a backend group treats its backends, beyond weights.',
    fields: (t) => ({
      forwarding: t.field({
        type: named('ForwardingRule'),
        description: 'How a backend is chosen.',
        resolve: ({ forwarding }) => forwarding as never,
      }),
      isSessionPersistent: t.exposeBoolean('isSessionPersistent', {
        description: 'Whether a client stays with its backend.',
      }),
      isHealthChecked: t.exposeBoolean('isHealthChecked', {
        description:
          'Whether the load balancer is to probe backends by itself. Backends whose pods are not ready are left out in any case and come back by themselves.',
      }),
      isXForwardedForSet: t.exposeBoolean('isXForwardedForSet', {
        nullable: true,
        description:
          'Whether backends are told the address of the client; null for TCP and UDP, which have no headers.',
      }),
    }),
  });
}
