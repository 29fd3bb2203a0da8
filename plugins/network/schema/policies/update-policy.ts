import {
  AnswerError,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type NetworkPolicyObject, networkPolicyKind, networkPolicyTypeRef } from '../../api.ts';
import { withInputPaths } from '../../services/clusters/make-in-clusters.ts';
import { type PlannedPolicy, planPolicy } from '../../services/policies/plan-policy.ts';
import type { PolicyForm } from '../../services/policies/policy-form.ts';
import { mergePatch } from '../../services/services/merge-patch.ts';
import { policyFields } from './policy-inputs.ts';

interface Planned {
  readonly policy: NetworkPolicyObject;
  readonly plan: PlannedPolicy;
}

/** Changing a NetworkPolicy by the form (NET-33); its YAML is edited by `updateManifest`. */
export function registerUpdatePolicy(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateNetworkPolicy',
    description:
      'Changes what is given of a NetworkPolicy and keeps the rest; `null` takes a value away, selectors and rules are given whole. Rules for a direction that it was not about make it be about that, where `policyTypes` is not given.',
    allow: { action: 'UPDATE', subject: subjectOf(networkPolicyKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The policy's id." }),
      ...policyFields(t),
      removeLabels: t.stringList({ description: 'Keys of its labels to take away.' }),
      removeAnnotations: t.stringList({ description: 'Keys of its annotations to take away.' }),
      resourceVersion: t.string({
        description: 'The version that the form was filled from: another one is a conflict. Any where none is given.',
      }),
    }),
    success: objectSuccess('The policy is changed.', 'networkPolicy', networkPolicyTypeRef),
    load: async (input, context) => {
      const target = await loadOfKind(String(input.id), networkPolicyKind, context);
      const { value: policy } = target;
      const { namespace = '', name } = policy.metadata;
      const profile = context.services.profiles.at({ cluster: policy[origin].cluster, namespace });
      const form = input as unknown as PolicyForm;
      const plan = planPolicy({ namespace, name, form, profile, existing: policy });
      return { ...target, value: { policy, plan } satisfies Planned };
    },
    check: (_input, { plan }) => plan.issues,
    run: async ({ resourceVersion }, { policy, plan }, ticket, context) => {
      const { namespace, name, uid } = policy.metadata;
      const writer = context.cluster(policy[origin].cluster).writer(context.principal);
      const patch = mergePatch(policy as never, plan.manifest);
      try {
        const { object, warnings } = await writer.patch(ticket, networkPolicyKind, namespace, name, patch, {
          uid,
          ...(resourceVersion ? { resourceVersion } : {}),
        });
        return { value: object, resultId: idOfObject(policy), before: policy, after: object, warnings };
      } catch (error) {
        throw error instanceof AnswerError ? withInputPaths(error, plan.inputPathOf) : error;
      }
    },
    replay: (node): NetworkPolicyObject | null => (isOfKind(node, networkPolicyKind) ? node : null),
  });
}
