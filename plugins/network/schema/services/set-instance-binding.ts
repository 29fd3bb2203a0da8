import {
  type PodObject,
  podKind,
  podTypeRef,
  type ServiceObject,
  serviceKind,
  serviceTypeRef,
} from 'longshore/plugins/compute';
import {
  type FieldBuilder,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MutationSuccess,
  mapMaybe,
  origin,
  PreconditionError,
  registerMutation,
  relatedRows,
  relationField,
  resolveNode,
  subjectOf,
  ValidationError,
} from 'longshore/sdk';
import { endpointsOfService } from '../../services/services/endpoints-of-service.ts';
import {
  bindingLabelOf,
  bindsInstances,
  boundValue,
  isHeldBy,
  isInstance,
  unboundInstancesOf,
  unboundValue,
} from '../../services/services/instance-binding.ts';

interface Binding {
  readonly pod: PodObject;
  readonly service: ServiceObject;
}

/** Taking single instances off a Service and what leads to it, and putting them back (NET-22). */
export function registerInstanceBinding(builder: LongshoreBuilder): void {
  registerFields(builder);
  registerMutation(builder, {
    name: 'setInstanceBinding',
    description:
      'Takes one instance, a pod, off a Service and so off the backend groups, listeners and load balancers that lead there, or puts it back (NET-22). The pod runs on, and its workload keeps it. For a Service that binds its instances one by one: `updateService` with `bindsInstances`. Instances that are made later, as by scaling, a new version or on another node, are bound.',
    allow: { action: 'UPDATE', subject: subjectOf(podKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The pod's id." }),
      serviceId: t.id({ required: true, description: "The Service's id, of the same namespace." }),
      isBound: t.boolean({ required: true, description: 'Whether the Service shall send traffic to it.' }),
    }),
    success: {
      description: 'The instance is bound, or not, as was asked for. Endpoints follow in a moment.',
      fields: (t: FieldBuilder<MutationSuccess<Binding>>) => ({
        pod: t.field({
          type: podTypeRef,
          description: 'The pod as the cluster has it after the write; in a dry run as it would be.',
          resolve: ({ value }) => value.pod,
        }),
        service: t.field({ type: serviceTypeRef, description: 'The Service.', resolve: ({ value }) => value.service }),
      }),
    },
    load: async ({ id, serviceId }, context) => {
      const target = await loadOfKind(String(id), podKind, context);
      const { value: service } = await loadOfKind(String(serviceId), serviceKind, context);
      return { ...target, value: { pod: target.value, service } satisfies Binding };
    },
    check: async (_input, { pod, service }, context) => {
      requireTogether(pod, service);
      const { name } = service.metadata;
      const label = bindingLabelOf(service);
      if (!bindsInstances(service)) {
        throw new PreconditionError(
          'INSTANCES_BOUND_TOGETHER',
          `Service '${name}' sends traffic to all pods of its selector: let it bind them one by one first (updateService, bindsInstances)`,
        );
      }
      if (await isHeldBy(context.kube(pod[origin].cluster), pod, label)) {
        throw new PreconditionError(
          'INSTANCE_HELD_BY_LABEL',
          `What made pod '${pod.metadata.name}' finds it by the label ${label}: it would make another one in its place`,
        );
      }
      return [];
    },
    warn: {
      codes: ['SERVICE_LOSES_LAST_INSTANCE'],
      find: async ({ isBound }, { pod, service }, context) => {
        if (isBound) return [];
        const endpoints = await endpointsOfService(context.kube(service[origin].cluster), service);
        const ready = endpoints.filter(({ isReady }) => isReady);
        const { name } = pod.metadata;
        if (ready.length === 0 || ready.some((endpoint) => endpoint.pod !== name)) return [];
        const message = `Pod '${name}' is the last ready instance of Service '${service.metadata.name}': requests will fail.`;
        return [{ code: 'SERVICE_LOSES_LAST_INSTANCE', message, path: ['isBound'] }];
      },
    },
    run: async ({ isBound }, { pod, service }, ticket, context) => {
      const { namespace, name, uid } = pod.metadata;
      const labels = { [bindingLabelOf(service)]: isBound ? boundValue : unboundValue };
      const writer = context.cluster(pod[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.patch(
        ticket,
        podKind,
        namespace,
        name,
        { metadata: { labels } },
        { uid },
      );
      const value: Binding = { pod: object as PodObject, service };
      return { value, resultId: idOfObject(pod), before: pod, after: object, warnings };
    },
    replay: async (node, context, { serviceId }): Promise<Binding | null> => {
      const service = await resolveNode(String(serviceId), context);
      return isOfKind(node, podKind) && isOfKind(service, serviceKind) ? { pod: node, service } : null;
    },
  });
}

/** Throws `ValidationError` where the Service does not lead to such a pod at all. */
function requireTogether(pod: PodObject, service: ServiceObject): void {
  const isNear =
    pod[origin].cluster === service[origin].cluster && pod.metadata.namespace === service.metadata.namespace;
  if (isNear && isInstance(service, pod)) return;
  const { name } = service.metadata;
  const message = isNear
    ? `Pod '${pod.metadata.name}' is no instance of Service '${name}': its selector asks for other labels`
    : `Service '${name}' leads to pods of its own namespace`;
  throw new ValidationError([{ path: ['serviceId'], code: isNear ? 'no_instance' : 'other_place', message }]);
}

function registerFields(builder: LongshoreBuilder): void {
  builder.objectField(serviceTypeRef, 'bindsInstances', (t) =>
    t.boolean({
      description:
        'Whether single instances can be taken off it by `setInstanceBinding`: its selector has the label `bound.longshore.dev/<its name>` (NET-22).',
      resolve: bindsInstances,
    }),
  );
  builder.objectField(
    serviceTypeRef,
    'unboundInstances',
    (t) =>
      relationField<ServiceObject, PodObject>(builder, t as never, {
        description: 'Instances that were taken off it, though they run.',
        of: 'Pod',
        rows: (service, context) =>
          relatedRows(context, service[origin].cluster, (reader) =>
            mapMaybe(unboundInstancesOf(reader, service), (pods) => pods),
          ),
      }) as never,
  );
}
