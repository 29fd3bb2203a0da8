import { descriptionAnnotation } from 'longshore/plugins/core';
import {
  type FieldBuilder,
  type KubeObject,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  registerEnum,
  workspaceOf,
} from 'longshore/sdk';
import { natReadyWithin } from '../../profile-keys/nat.ts';
import type { NatStanding, Patience } from '../../services/nat/nat-state.ts';

export function registerNatParts(builder: LongshoreBuilder): void {
  registerEnum(builder, 'NatState', 'How a NAT gateway, a rule of it or an elastic IP does.', {
    IN_USE: 'It works.',
    CREATING: 'It is not ready yet.',
    FAILED: 'Something is wrong with it, or it was not ready within the time of the profile (`nat.readyWithin`).',
    DELETING: 'It is being deleted; what it holds goes first.',
  });
  registerEnum(builder, 'NatProtocol', 'Protocols of port mappings.', { TCP: 'TCP.', UDP: 'UDP.' });
}

/** The fields that gateways, rules and EIPs have alike. */
export function standingFields<T>(
  t: FieldBuilder<KubeObject<T>>,
  standingOf: (object: KubeObject<T>, patience: Patience, context: RequestContext) => MaybePromise<NatStanding>,
) {
  const standing = (object: KubeObject<T>, context: RequestContext) =>
    standingOf(object, patienceFor(object as KubeObject, context), context);
  return {
    description: t.string({
      nullable: true,
      description: 'What it is for, as its form keeps it; null where nobody said.',
      resolve: ({ metadata }) => metadata.annotations?.[descriptionAnnotation] ?? null,
    }),
    state: t.field({
      type: named('NatState'),
      description:
        'How it does. That it FAILED because its time was up is no message of a stream: nothing changes then but the time.',
      resolve: (object, _args, context) => mapMaybe(standing(object, context), ({ state }) => state) as never,
    }),
    stateReason: t.string({
      nullable: true,
      description: 'Why it is not in use, in words; null where it is.',
      resolve: (object, _args, context) => mapMaybe(standing(object, context), ({ reason }) => reason ?? null) as never,
    }),
  };
}

/** The clock is asked only where something is not ready: answers about what works are good for everybody. */
function patienceFor(object: KubeObject, context: RequestContext): Patience {
  return {
    nowMs: () => context.clock.now(),
    seconds: () => {
      const place = { cluster: object[origin].cluster, workspace: workspaceOf(object) };
      return context.services.profiles.at(place).get(natReadyWithin);
    },
  };
}
