import { type LongshoreBuilder, registerMutation, subjectOf } from 'longshore/sdk';
import { patchOfListeners, requireFree, withChangedListener } from '../../services/balancers/change-listeners.ts';
import {
  checkListener,
  checkPort,
  type ListenerForm,
  requirePortAllowed,
} from '../../services/balancers/check-listener.ts';
import { gatewayKind, type ListenerEntry } from '../../services/balancers/gateway-kinds.ts';
import { isListener, type Listener } from '../../services/balancers/listeners.ts';
import { patchBalancer } from '../../services/balancers/write-balancer.ts';
import {
  checkCertificate,
  listenerSuccess,
  loadListener,
  outcomeOfListener,
  placeholderOf,
  profileOfBalancer,
} from './load-listener.ts';

/** Changing listeners (NET-17, NET-20). */
export function registerUpdateListener(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateListener',
    description: 'Changes the port, host name or certificate of a listener. Name and protocol never change.',
    allow: { action: 'UPDATE', subject: subjectOf(gatewayKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The listener's global id." }),
      port: t.int({ description: 'Its port, 1 to 65535, unique in the load balancer; UDP has ports of its own.' }),
      hostname: t.string({ description: 'With HTTP and HTTPS: the host whose requests it takes; empty for any.' }),
      certificateSecret: t.string({
        description: 'With HTTPS: name of a Secret of type `kubernetes.io/tls` in its namespace.',
      }),
    }),
    success: listenerSuccess('The listener is changed.'),
    validate: ({ port, hostname, certificateSecret }) => [
      ...([port, hostname, certificateSecret].every((value) => value === null || value === undefined)
        ? [{ path: [], code: 'nothing_to_change', message: 'Say what shall change' }]
        : []),
      ...(port === null || port === undefined ? [] : checkPort(port, ['port'])),
    ],
    load: ({ id }, context) => loadListener(String(id), context),
    check: async (input, { gateway, entry }, context) => {
      const changed = changedEntry(entry, input);
      const form = { ...formOf(changed), name: entry.name } as ListenerForm;
      const issues = [
        ...checkListener(form, []),
        ...(await checkCertificate(input.certificateSecret, gateway, context)),
      ];
      if (issues.length > 0) return issues;
      if (changed.port !== entry.port) requirePortAllowed(changed.port, profileOfBalancer(gateway, context));
      requireFree(gateway, changed, entry.name);
      return [];
    },
    run: async (input, { gateway, entry }, ticket, context) => {
      const written = await patchBalancer(
        gateway,
        (current) =>
          patchOfListeners(
            withChangedListener(current, entry.name, (each) => changedEntry(each, input)),
            placeholderOf(gateway, context),
          ),
        ticket,
        context,
      );
      return outcomeOfListener(written, entry.name);
    },
    replay: (node): Listener | null => (isListener(node) ? node : null),
  });
}

interface ListenerChange {
  readonly port?: number | null | undefined;
  readonly hostname?: string | null | undefined;
  readonly certificateSecret?: string | null | undefined;
}

function changedEntry(entry: ListenerEntry, { port, hostname, certificateSecret }: ListenerChange): ListenerEntry {
  const { hostname: old, ...rest } = entry;
  const host = hostname === null || hostname === undefined ? old : hostname;
  return {
    ...rest,
    ...(port === null || port === undefined ? {} : { port }),
    ...(host ? { hostname: host } : {}),
    ...(certificateSecret
      ? { tls: { ...entry.tls, mode: 'Terminate', certificateRefs: [{ name: certificateSecret }] } }
      : {}),
  };
}

const formOf = ({ name, port, protocol, hostname, tls }: ListenerEntry): object => ({
  name,
  port,
  protocol,
  hostname,
  certificateSecret: tls?.certificateRefs?.[0]?.name,
});
