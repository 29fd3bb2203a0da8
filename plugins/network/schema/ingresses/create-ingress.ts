import type { V1Ingress } from '@kubernetes/client-node';
import { ingressKind, ingressTypeRef } from 'longshore/plugins/compute';
import { type LongshoreBuilder, registerMutation, subjectOf, type TypeRef, typeRef } from 'longshore/sdk';
import { type ClusterResult, makeInClusters } from '../../services/clusters/make-in-clusters.ts';
import { checkClusters, targetInClusters } from '../../services/clusters/target-in-clusters.ts';
import type { IngressForm } from '../../services/ingresses/ingress-form.ts';
import { planIngress } from '../../services/ingresses/plan-ingress.ts';
import { clustersOutcome, clustersSuccess, registerClusterResult, replayInClusters } from '../cluster-results.ts';
import { ingressFields } from './ingress-inputs.ts';

const resultRef: TypeRef<ClusterResult<V1Ingress>> = typeRef<ClusterResult<V1Ingress>>('IngressResult');

export const ingressWarnings = {
  INGRESS_CONFLICT: 'Another Ingress leads the same host and path elsewhere already.',
  TLS_EXPIRED: 'A certificate has ended.',
  TLS_NAMES: 'A certificate is not for all hosts that it shall serve.',
} as const;

/** Making an Ingress by the form, in one cluster or several (NET-10). */
export function registerCreateIngress(builder: LongshoreBuilder): void {
  registerClusterResult(builder, resultRef, { kind: 'Ingress', field: 'ingress', of: ingressTypeRef });
  registerMutation(builder, {
    name: 'createIngress',
    description:
      'Makes an Ingress by the form, the same in each of several clusters, as `createService` does. Services with their ports and Secrets of certificates must be there. A certificate that has ended or is for other hosts, and a host and path that another Ingress has already, want to be acknowledged. `dryRun` is the preview (NET-10).',
    allow: { action: 'CREATE', subject: subjectOf(ingressKind) },
    input: (t) => ({
      clusters: t.stringList({ required: true, description: 'Names of the clusters, 1 to 50, each once.' }),
      namespace: t.string({ required: true, description: 'Its namespace, in each of them.' }),
      name: t.string({ required: true, description: 'Its name, a DNS subdomain.' }),
      ...ingressFields(t),
    }),
    success: clustersSuccess('The Ingress is made, in all clusters or in some.', resultRef, {
      field: 'ingress',
      of: ingressTypeRef,
    }),
    validate: ({ clusters }) => checkClusters(clusters),
    load: (input, context) => {
      const form = input as unknown as IngressForm;
      const { clusters, namespace, name } = input;
      return targetInClusters(ingressKind, { clusters, namespace, name }, context, async (cluster, profile) => {
        const request = { namespace, name, form, profile, existing: undefined };
        const plan = await planIngress(request, context.kube(cluster), context.clock.now());
        return { ...plan, cluster };
      });
    },
    check: (_input, { issues }) => issues,
    warn: {
      codes: Object.keys(ingressWarnings),
      find: (_input, { plans }) => plans.flatMap(({ warnings }) => warnings),
    },
    run: async (_input, { plans }, ticket, context) =>
      clustersOutcome(await makeInClusters(ingressKind, plans, ticket, context)),
    replay: (_node, context, { clusters, namespace, name }) =>
      replayInClusters(ingressKind, { clusters, namespace, name }, context),
  });
}
