import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { type LongshoreBuilder, registerMutation, subjectOf, type TypeRef, typeRef } from 'longshore/sdk';
import { networkPolicyKind, networkPolicyTypeRef } from '../../api.ts';
import { type ClusterResult, makeInClusters } from '../../services/clusters/make-in-clusters.ts';
import { checkClusters, targetInClusters } from '../../services/clusters/target-in-clusters.ts';
import { planPolicy } from '../../services/policies/plan-policy.ts';
import type { PolicyForm } from '../../services/policies/policy-form.ts';
import { clustersOutcome, clustersSuccess, registerClusterResult, replayInClusters } from '../cluster-results.ts';
import { policyFields } from './policy-inputs.ts';

const resultRef: TypeRef<ClusterResult<V1NetworkPolicy>> =
  typeRef<ClusterResult<V1NetworkPolicy>>('NetworkPolicyResult');

/** Making a NetworkPolicy by the form, in one cluster or several (NET-33). */
export function registerCreatePolicy(builder: LongshoreBuilder): void {
  registerClusterResult(builder, resultRef, {
    kind: 'NetworkPolicy',
    field: 'networkPolicy',
    of: networkPolicyTypeRef,
  });
  registerMutation(builder, {
    name: 'createNetworkPolicy',
    description:
      'Makes a NetworkPolicy by the form, the same in each of several clusters, as `createService` does. From then on its pods are reached, and reach, only what some policy lets through. `dryRun` is the preview (NET-33).',
    allow: { action: 'CREATE', subject: subjectOf(networkPolicyKind) },
    input: (t) => ({
      clusters: t.stringList({ required: true, description: 'Names of the clusters, 1 to 50, each once.' }),
      namespace: t.string({ required: true, description: 'Its namespace, in each of them.' }),
      name: t.string({ required: true, description: 'Its name, a DNS subdomain.' }),
      ...policyFields(t),
    }),
    success: clustersSuccess('The policy is made, in all clusters or in some.', resultRef, {
      field: 'networkPolicy',
      of: networkPolicyTypeRef,
    }),
    validate: ({ clusters }) => checkClusters(clusters),
    load: (input, context) => {
      const { clusters, namespace, name } = input;
      const form = input as unknown as PolicyForm;
      return targetInClusters(networkPolicyKind, { clusters, namespace, name }, context, async (cluster, profile) => ({
        ...planPolicy({ namespace, name, form, profile, existing: undefined }),
        cluster,
      }));
    },
    check: (_input, { issues }) => issues,
    run: async (_input, { plans }, ticket, context) =>
      clustersOutcome(await makeInClusters(networkPolicyKind, plans, ticket, context)),
    replay: (_node, context, { clusters, namespace, name }) =>
      replayInClusters(networkPolicyKind, { clusters, namespace, name }, context),
  });
}
