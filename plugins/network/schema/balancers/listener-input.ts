import { type InputTypeRef, inputRef, type LongshoreBuilder, named, registerEnum } from 'longshore/sdk';
import type { ListenerForm } from '../../services/balancers/check-listener.ts';
import type { MemberForm } from '../../services/balancers/check-members.ts';

export const listenerInputRef: InputTypeRef<ListenerForm> = inputRef<ListenerForm>('LoadBalancerListenerInput');
export const memberInputRef: InputTypeRef<MemberForm> = inputRef<MemberForm>('BackendGroupMemberInput');
export const memberKeyInputRef: InputTypeRef<Pick<MemberForm, 'service' | 'port'>> =
  inputRef<Pick<MemberForm, 'service' | 'port'>>('BackendGroupMemberKeyInput');

/** Inputs that several mutations have in common. */
export function registerBalancerInputs(builder: LongshoreBuilder): void {
  registerEnum(
    builder,
    'OfferedListenerProtocol',
    'What a new listener can speak; the profile may offer fewer (`lb.protocols`).',
    {
      TCP: 'Connections, led on as they are.',
      UDP: 'Packets, led on as they are.',
      HTTP: 'HTTP requests.',
      HTTPS: 'HTTP requests by TLS, which ends at the listener.',
    },
  );
  builder.inputType('LoadBalancerListenerInput', {
    description: 'A listener of a new load balancer.',
    fields: (t) => ({
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
    }),
  });
  builder.inputType('BackendGroupMemberInput', {
    description: 'A Service of a backend group.',
    fields: (t) => ({
      service: t.string({ required: true, description: "Name of the Service, in the group's namespace." }),
      port: t.int({ required: true, description: 'Port of the Service, 1 to 65535.' }),
      weight: t.int({
        description: 'Its share of the sum over the group, 0 to 1,000,000; 1 for a new one, as it is for another.',
      }),
    }),
  });
  builder.inputType('BackendGroupMemberKeyInput', {
    description: 'Which Service of a backend group is meant.',
    fields: (t) => ({
      service: t.string({ required: true, description: 'Name of the Service.' }),
      port: t.int({ required: true, description: 'Port of the Service.' }),
    }),
  });
}
