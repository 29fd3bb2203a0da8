import { type LongshoreBuilder, mapMaybe, named, type TypeRef, typeRef } from 'longshore/sdk';
import { toldConditions } from '../../services/balancers/condition-outcome.ts';
import { type GroupBinding, listenerOfBinding } from '../../services/balancers/group-bindings.ts';
import { listenerRef } from './balancer-types.ts';

export const groupBindingRef: TypeRef<GroupBinding> = typeRef<GroupBinding>('BackendGroupBinding');

/** What the controllers of load balancers say of a backend group (NET-19). */
export function registerGroupBinding(builder: LongshoreBuilder): void {
  builder.objectType(groupBindingRef, {
    description:
      'That a backend group asks a listener to lead to it: a parent of its route, with what the controller says.',
    fields: (t) => ({
      namespace: t.exposeString('namespace', { description: 'Namespace of the load balancer.' }),
      loadBalancerName: t.exposeString('gateway', { description: 'Name of the load balancer.' }),
      listenerName: t.string({
        nullable: true,
        description: 'Name of the listener; null where all of the load balancer are meant that speak its protocol.',
        resolve: ({ listener }) => listener ?? null,
      }),
      listener: t.field({
        type: listenerRef,
        nullable: true,
        description: 'The listener; null where none is named, or it is not there for you.',
        resolve: (binding, _args, context) =>
          mapMaybe(listenerOfBinding(context.kube(binding.cluster), binding), (listener) => listener ?? null),
      }),
      controllerName: t.string({
        nullable: true,
        description: 'Who serves the load balancer and says this; null while no controller has looked at it.',
        resolve: ({ controllerName }) => controllerName ?? null,
      }),
      isAccepted: t.boolean({
        nullable: true,
        description:
          'Whether the listener takes it (`Accepted`); null while no controller has looked at it as it is now.',
        resolve: ({ isAccepted }) => isAccepted ?? null,
      }),
      isResolved: t.boolean({
        nullable: true,
        description:
          'Whether what it leads to was found (`ResolvedRefs`); null while no controller has looked at it as it is now.',
        resolve: ({ isResolved }) => isResolved ?? null,
      }),
      conditions: t.field({
        type: [named('Condition')],
        description: 'What the controller says, with its reasons.',
        resolve: ({ conditions }) => toldConditions(conditions) as never,
      }),
    }),
  });
}
