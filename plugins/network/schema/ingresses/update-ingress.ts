import { type IngressObject, ingressKind, ingressTypeRef } from 'longshore/plugins/compute';
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
import { withInputPaths } from '../../services/clusters/make-in-clusters.ts';
import type { SeenIngress } from '../../services/ingresses/ingress-backends.ts';
import type { IngressForm } from '../../services/ingresses/ingress-form.ts';
import { type PlannedIngress, planIngress } from '../../services/ingresses/plan-ingress.ts';
import { mergePatch } from '../../services/services/merge-patch.ts';
import { ingressWarnings } from './create-ingress.ts';
import { ingressFields } from './ingress-inputs.ts';

interface Planned {
  readonly ingress: IngressObject;
  /** Undefined for who may not change it: nothing is looked for then. */
  readonly plan: PlannedIngress | undefined;
}

/** Changing an Ingress by the form (NET-10); its YAML is edited by `updateManifest`. */
export function registerUpdateIngress(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateIngress',
    description:
      'Changes what is given of an Ingress and keeps the rest; `null` takes a value away, rules and TLS are given whole. It is held to what `createIngress` is held to.',
    allow: { action: 'UPDATE', subject: subjectOf(ingressKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The Ingress's id." }),
      ...ingressFields(t),
      removeLabels: t.stringList({ description: 'Keys of its labels to take away.' }),
      removeAnnotations: t.stringList({ description: 'Keys of its annotations to take away.' }),
      resourceVersion: t.string({
        description: 'The version that the form was filled from: another one is a conflict. Any where none is given.',
      }),
    }),
    success: objectSuccess('The Ingress is changed.', 'ingress', ingressTypeRef),
    load: async (input, context) => {
      const target = await loadOfKind(String(input.id), ingressKind, context);
      const { value: ingress } = target;
      const { cluster } = ingress[origin];
      const { namespace = '', name } = ingress.metadata;
      const profile = context.services.profiles.at({ cluster, namespace });
      const request = {
        namespace,
        name,
        form: input as unknown as IngressForm,
        profile,
        existing: ingress as unknown as SeenIngress,
      };
      const plan = context.access.allowed('UPDATE', target.instance)
        ? await planIngress(request, context.kube(cluster), context.clock.now())
        : undefined;
      return { ...target, value: { ingress, plan } satisfies Planned };
    },
    check: (_input, { plan }) => plan?.issues ?? [],
    warn: { codes: Object.keys(ingressWarnings), find: (_input, { plan }) => plan?.warnings ?? [] },
    run: async ({ resourceVersion }, { ingress, plan }, ticket, context) => {
      const { namespace, name, uid } = ingress.metadata;
      const writer = context.cluster(ingress[origin].cluster).writer(context.principal);
      const patch = plan ? mergePatch(ingress as never, plan.manifest) : {};
      try {
        const { object, warnings } = await writer.patch(ticket, ingressKind, namespace, name, patch, {
          uid,
          ...(resourceVersion ? { resourceVersion } : {}),
        });
        return { value: object, resultId: idOfObject(ingress), before: ingress, after: object, warnings };
      } catch (error) {
        throw error instanceof AnswerError && plan ? withInputPaths(error, plan.inputPathOf) : error;
      }
    },
    replay: (node): IngressObject | null => (isOfKind(node, ingressKind) ? node : null),
  });
}
