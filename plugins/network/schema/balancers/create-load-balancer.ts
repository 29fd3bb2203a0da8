import {
  encodeGlobalId,
  type FieldBuilder,
  type LongshoreBuilder,
  type MutationSuccess,
  NotFoundError,
  named,
  readObject,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import {
  type BalancerForm,
  balancerNamesOf,
  checkBalancerByProfile,
  checkBalancerForm,
} from '../../services/balancers/check-balancer-form.ts';
import { gatewayGroup, gatewayKind } from '../../services/balancers/gateway-kinds.ts';
import { planBalancersIn } from '../../services/balancers/plan-balancers.ts';
import { makeInClusters } from '../../services/clusters/make-in-clusters.ts';
import { clustersOutcome } from '../cluster-results.ts';
import { listenerInputRef } from './listener-input.ts';
import { type BalancerResult, balancerResultRef, registerBalancerResult } from './load-balancer-result.ts';

const subject = subjectOf(gatewayKind);

/** Making load balancers, in one cluster or several (NET-15, NET-20). */
export function registerCreateLoadBalancer(builder: LongshoreBuilder): void {
  registerBalancerResult(builder);
  registerMutation(builder, {
    name: 'createLoadBalancer',
    description:
      'Makes a load balancer, the same in each of the clusters, perhaps several there. All are checked first, also by the clusters: nothing is made where one of them is refused. Then each is made by itself, and what fails leaves the others as they are. Addresses come a little later: `loadBalancerChanges`. It may have listeners from the start, or none.',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      clusters: t.stringList({ required: true, description: 'Names of the clusters, 1 to 50, each once.' }),
      namespace: t.string({
        required: true,
        description:
          'Namespace that it lies in. It is in the same network (VPC) as the pods of that namespace (NET-14).',
      }),
      name: t.string({
        required: true,
        description:
          "Its name, unique in the namespace: up to 63 lower-case letters, digits and '-'. With several instances each has `-1`, `-2`, … behind it.",
      }),
      displayName: t.string({ description: 'What people call it, by the rule `lb.displayName` of the profile.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      type: t.field({
        type: named('OfferedLoadBalancerType'),
        required: true,
        defaultValue: 'PUBLIC' as never,
        description: 'From where it shall be reached: a class of this type is taken. Without meaning with `className`.',
      }),
      className: t.string({
        description: 'Its class, where it shall be a certain one: `loadBalancerClasses` has them.',
      }),
      bandwidthMbps: t.int({
        description: 'Peak bandwidth in Mbps, up to `lb.bandwidthMax` of the profile; none where absent.',
      }),
      instances: t.int({
        required: true,
        defaultValue: 1,
        description: 'How many alike in each cluster, 1 to `lb.instancesMax` of the profile.',
      }),
      listeners: t.field({
        type: [listenerInputRef],
        description: 'Listeners from the start, up to 64; backend groups are bound to them later.',
      }),
    }),
    validate: (input) => checkBalancerForm(input as unknown as BalancerForm),
    load: (input, context) => {
      const form = input as unknown as BalancerForm;
      const { clusters, namespace, name } = form;
      for (const each of clusters) context.cluster(each);
      // Of several the first that the caller may not make is asked about, and recorded as refused.
      const places = clusters.map((cluster) => ({ subject, cluster, namespace, name }));
      const instance = places.find((place) => !context.access.allowed('CREATE', place)) ?? places[0];
      if (!instance) throw new Error('validated: there is a cluster');
      const { cluster } = instance;
      const [made = name] = balancerNamesOf(form);
      const id = encodeGlobalId({
        of: 'kubernetes',
        cluster,
        group: gatewayGroup,
        kind: 'Gateway',
        namespace,
        name: made,
      });
      const record = { plugin: 'network', type: 'LoadBalancer', id, cluster, namespace, kind: 'Gateway', name };
      return { value: form, instance, record };
    },
    check: (_input, form, { services }) =>
      form.clusters.flatMap((cluster) =>
        checkBalancerByProfile(form, services.profiles.at({ cluster, namespace: form.namespace })),
      ),
    run: async (_input, form, ticket, context) => {
      const plans = (await Promise.all(form.clusters.map((name) => planBalancersIn(name, form, context)))).flat();
      const results = await makeInClusters(gatewayKind, plans, ticket, context);
      const value = results.map((result, index) => ({ ...result, name: plans[index]?.name ?? '' }));
      return { ...clustersOutcome(results), value };
    },
    replay: (_node, context, input): Promise<readonly BalancerResult[]> => {
      const form = input as unknown as BalancerForm;
      const asked = form.clusters.flatMap((cluster) => balancerNamesOf(form).map((name) => ({ cluster, name })));
      return Promise.all(
        asked.map(async ({ cluster, name }) => {
          const object = (await readObject(context, gatewayKind, cluster, form.namespace, name)) ?? undefined;
          const error = object ? undefined : new NotFoundError(`Load balancer '${name}' is not there in '${cluster}'`);
          return { cluster, name, object, error, manifest: undefined, warnings: [] };
        }),
      );
    },
    success: {
      description: 'What could be made is made.',
      fields: (t: FieldBuilder<MutationSuccess<readonly BalancerResult[]>>) => ({
        results: t.field({
          type: [balancerResultRef],
          description: 'What became of each, cluster by cluster in the order of the input.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
  });
}
