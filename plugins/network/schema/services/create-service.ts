import type { V1Service } from '@kubernetes/client-node';
import { serviceKind, serviceTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, named, registerMutation, subjectOf, type TypeRef, typeRef } from 'longshore/sdk';
import { type ClusterResult, makeInClusters } from '../../services/clusters/make-in-clusters.ts';
import { type ClustersTarget, checkClusters, targetInClusters } from '../../services/clusters/target-in-clusters.ts';
import { type PlannedService, planService } from '../../services/services/plan-service.ts';
import { resolveSelector, type SelectorForm } from '../../services/services/resolve-selector.ts';
import type { ServiceForm } from '../../services/services/service-form.ts';
import { clustersOutcome, clustersSuccess, registerClusterResult, replayInClusters } from '../cluster-results.ts';
import { serviceFields } from './service-inputs.ts';

const resultRef: TypeRef<ClusterResult<V1Service>> = typeRef<ClusterResult<V1Service>>('ServiceResult');

/** Making a Service by the form, in one cluster or several (NET-01, NET-02, NET-11). */
export function registerCreateService(builder: LongshoreBuilder): void {
  registerClusterResult(builder, resultRef, { kind: 'Service', field: 'service', of: serviceTypeRef });
  registerMutation(builder, {
    name: 'createService',
    description:
      'Makes a Service by the form, the same in each of several clusters. All clusters try it first: where one refuses, nothing is made. Then it is made in one after the other, and what fails leaves the others as they are. `dryRun` is the preview, with the `manifest` that the form makes and the `yaml` that would come of it (NET-04).',
    allow: { action: 'CREATE', subject: subjectOf(serviceKind) },
    input: (t) => ({
      clusters: t.stringList({ required: true, description: 'Names of the clusters, 1 to 50, each once.' }),
      namespace: t.string({ required: true, description: 'Its namespace, in each of them.' }),
      name: t.string({ required: true, description: 'Its name, by the rule `service.name` of the profile.' }),
      type: t.field({
        type: named('ServiceFormType'),
        required: true,
        description: 'What it is; offered are `service.types` of the profile.',
      }),
      ...serviceFields(t),
    }),
    success: clustersSuccess('The Service is made, in all clusters or in some.', resultRef, {
      field: 'service',
      of: serviceTypeRef,
    }),
    validate: ({ clusters }) => checkClusters(clusters),
    load: (input, context) => {
      const form = input as unknown as ServiceForm & { readonly selector?: SelectorForm };
      const { clusters, namespace, name } = input;
      return targetInClusters(serviceKind, { clusters, namespace, name }, context, async (cluster, profile) => {
        const { labels, issues } = await resolveSelector(form.selector, { namespace, profile }, context);
        const request = { namespace, name, profile, existing: undefined };
        const plan = planService({ ...request, form: { ...form, selector: labels } });
        return { ...plan, cluster, issues: [...issues, ...plan.issues] };
      });
    },
    check: (_input, { issues }: ClustersTarget<PlannedService>) => issues,
    run: async (_input, { plans }, ticket, context) =>
      clustersOutcome(await makeInClusters(serviceKind, plans, ticket, context)),
    replay: (_node, context, { clusters, namespace, name }) =>
      replayInClusters(serviceKind, { clusters, namespace, name }, context),
  });
}
