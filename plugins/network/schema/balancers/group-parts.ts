import {
  type FieldBuilder,
  type InputFieldBuilder,
  type MutationSuccess,
  named,
  origin,
  type Profile,
  type RequestContext,
} from 'longshore/sdk';
import type { RouteObject } from '../../services/balancers/gateway-kinds.ts';
import { backendGroupRef } from './balancer-types.ts';

/** The success of a mutation that answers with the group. */
export const groupSuccess = (description: string) =>
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

/** The profile where a group lies. */
export const profileOfGroup = (route: RouteObject, { services }: RequestContext): Profile =>
  services.profiles.at({ cluster: route[origin].cluster, namespace: route.metadata.namespace });

/** What forms say of how a group treats its backends; `otherwise` ends the sentences about what is not given. */
export const settingFields = (t: InputFieldBuilder, otherwise: string) => ({
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
