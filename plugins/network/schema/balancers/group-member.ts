import { type ServiceObject, serviceKind, serviceTypeRef } from 'longshore/plugins/compute';
import {
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  type RequestContext,
  readObject,
} from 'longshore/sdk';
import { readMemberHealth } from '../../services/balancers/read-member-health.ts';
import { serviceEndpointRef } from '../services/service-endpoint.ts';
import { groupBackendRef } from './balancer-types.ts';

const serviceOf = (
  { cluster, namespace, service }: { cluster: string; namespace: string; service: string },
  context: RequestContext,
): MaybePromise<ServiceObject | null> => readObject(context, serviceKind, cluster, namespace, service) as never;

/** Services of backend groups, and how they do (NET-19, NET-20). */
export function registerGroupMember(builder: LongshoreBuilder): void {
  builder.objectType(groupBackendRef, {
    description: 'A Service of a backend group.',
    fields: (t) => ({
      serviceName: t.string({ description: 'Name of the Service.', resolve: ({ service }) => service }),
      namespace: t.exposeString('namespace', { description: 'Namespace of the Service.' }),
      service: t.field({
        type: serviceTypeRef,
        nullable: true,
        description: 'The Service; null where it is not there for you.',
        resolve: (backend, _args, context) => serviceOf(backend, context),
      }),
      port: t.int({
        nullable: true,
        description: 'Port of the Service, 1 to 65535.',
        resolve: ({ port }) => port ?? null,
      }),
      weight: t.exposeInt('weight', {
        description: 'Its share, 0 to 1,000,000, of the sum over the group; 0: it gets nothing.',
      }),
      state: t.field({
        type: named('BackendGroupMemberState'),
        description: 'How the instances behind it do, from its EndpointSlices.',
        resolve: (member, _args, context) => mapMaybe(readMemberHealth(member, context), ({ state }) => state) as never,
      }),
      stateReason: t.string({
        nullable: true,
        description: 'Why it is not READY, in one word, e.g. `NoEndpoints`.',
        resolve: (member, _args, context) =>
          mapMaybe(readMemberHealth(member, context), ({ reason }) => reason ?? null),
      }),
      stateMessage: t.string({
        nullable: true,
        description: 'The same in a sentence.',
        resolve: (member, _args, context) =>
          mapMaybe(readMemberHealth(member, context), ({ message }) => message ?? null),
      }),
      endpoints: t.field({
        type: [serviceEndpointRef],
        nullable: true,
        description:
          'Instances that take traffic at its port, with the reasons of those that are not ready: at most 1,000; null where they cannot be read.',
        resolve: (member, _args, context) =>
          mapMaybe(readMemberHealth(member, context), ({ endpoints }) => (endpoints ? [...endpoints] : null)),
      }),
      endpointCount: t.int({
        nullable: true,
        description: 'How many endpoints it has; null where they cannot be read.',
        resolve: (member, _args, context) =>
          mapMaybe(readMemberHealth(member, context), ({ endpoints }) => endpoints?.length ?? null),
      }),
      readyEndpointCount: t.int({
        nullable: true,
        description: 'How many of them are ready, and so get traffic; null where they cannot be read.',
        resolve: (member, _args, context) =>
          mapMaybe(
            readMemberHealth(member, context),
            ({ endpoints }) => endpoints?.filter(({ isReady }) => isReady).length ?? null,
          ),
      }),
    }),
  });
}
