import { type ServiceObject, serviceKind, serviceTypeRef } from 'longshore/plugins/compute';
import {
  AnswerError,
  checkDeletion,
  type FieldBuilder,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MutationSuccess,
  type MutationTarget,
  named,
  origin,
  type RaisedWarning,
  type RequestContext,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { linkedBalancer, losesBalancer, toldOfLostBalancer } from '../../services/access/linked-balancer.ts';
import { withInputPaths } from '../../services/clusters/make-in-clusters.ts';
import { authoredManifest } from '../../services/services/authored-manifest.ts';
import { mergePatch } from '../../services/services/merge-patch.ts';
import { planBinding } from '../../services/services/plan-binding.ts';
import { type PlannedService, planService } from '../../services/services/plan-service.ts';
import { resolveSelector, type SelectorForm } from '../../services/services/resolve-selector.ts';
import type { SeenService } from '../../services/services/seen-service.ts';
import type { ServiceForm } from '../../services/services/service-form.ts';
import { serviceFields } from './service-inputs.ts';

interface Planned {
  readonly service: ServiceObject;
  readonly plan: PlannedService;
}

interface Changed {
  readonly service: ServiceObject;
  /** What would be sent, in a preview. */
  readonly manifest: object | undefined;
}

/** Changing a Service by the form (NET-04); its YAML is edited by `updateManifest`. */
export function registerUpdateService(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateService',
    description:
      'Changes what is given of a Service and keeps the rest; it applies at once. `null` takes a value away; ports are given whole, and those that stay keep their ports of nodes. Name, namespace, cluster, its address and the class of its load balancer never change. A port that something leads to stays: taking it away is an `InUseError` (NET-13). Whoever takes its load balancer away, or gives it another one, acknowledges it (NET-08).',
    allow: { action: 'UPDATE', subject: subjectOf(serviceKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The Service's id." }),
      type: t.field({ type: named('ServiceFormType'), description: 'What it shall be; CUSTOM takes `spec` whole.' }),
      ...serviceFields(t),
      bindsInstances: t.boolean({
        description:
          'Whether single instances can be taken off it by `setInstanceBinding` (NET-22): its selector then asks for the label `bound.longshore.dev/<its name>: "true"`, too. All its instances, and the templates of their workloads, must have that label before.',
      }),
      removeLabels: t.stringList({ description: 'Keys of its labels to take away.' }),
      removeAnnotations: t.stringList({ description: 'Keys of its annotations to take away.' }),
      resourceVersion: t.string({
        description: 'The version that the form was filled from: another one is a conflict. Any where none is given.',
      }),
    }),
    success: {
      description: 'The Service is changed.',
      fields: (t: FieldBuilder<MutationSuccess<Changed>>) => ({
        service: t.field({
          type: serviceTypeRef,
          description: 'The Service as the cluster has it after the write; in a dry run as it would be.',
          resolve: ({ value }) => value.service,
        }),
        manifest: t.field({
          type: 'JSON',
          nullable: true,
          description: 'In a dry run what the form makes of it, without its status. Null otherwise.',
          resolve: ({ value }) => value.manifest ?? null,
        }),
      }),
    },
    load: (input, context) => loadPlanned(String(input.id), input as never, context),
    check: (_input, { plan }) => plan.issues,
    warn: {
      codes: ['IN_USE', 'LOAD_BALANCER_CHANGES'],
      find: async (_input, planned, context) => [
        ...(await checkDeletion(planned.service as never, planned.plan.manifest, context)),
        ...warnOfBalancer(planned, context),
      ],
    },
    run: async ({ resourceVersion }, { service, plan }, ticket, context) => {
      const { namespace, name, uid } = service.metadata;
      const writer = context.cluster(service[origin].cluster).writer(context.principal);
      const patch = mergePatch(service as never, plan.manifest);
      const version = resourceVersion ? { resourceVersion } : {};
      try {
        const { object, warnings } = await writer.patch(ticket, serviceKind, namespace, name, patch, {
          uid,
          ...version,
        });
        const manifest = ticket.isDryRun ? authoredManifest(plan.manifest) : undefined;
        const value: Changed = { service: object, manifest };
        return { value, resultId: idOfObject(service), before: service, after: object, warnings };
      } catch (error) {
        throw error instanceof AnswerError ? withInputPaths(error, plan.inputPathOf) : error;
      }
    },
    replay: (node): Changed | null => (isOfKind(node, serviceKind) ? { service: node, manifest: undefined } : null),
  });
}

interface Asked extends Omit<ServiceForm, 'selector'> {
  readonly selector?: SelectorForm | null;
  readonly bindsInstances?: boolean | null;
}

async function loadPlanned(
  id: string,
  { selector, bindsInstances, ...form }: Asked,
  context: RequestContext,
): Promise<MutationTarget<Planned>> {
  const target = await loadOfKind(id, serviceKind, context);
  const { value: service } = target;
  const { namespace = '', name } = service.metadata;
  const profile = context.services.profiles.at({ cluster: service[origin].cluster, namespace });
  const isAllowed = context.access.allowed('UPDATE', target.instance);
  const { labels, issues } = isAllowed
    ? await resolveSelector(selector, { namespace, profile }, context)
    : { labels: undefined, issues: [] };
  const existing = service as unknown as SeenService;
  const bound = isAllowed
    ? await planBinding(service, { asked: labels, isLiteral: Boolean(selector?.labels), bindsInstances }, context)
    : { labels, issues: [] };
  const plan = planService({ namespace, name, profile, existing, form: { ...form, selector: bound.labels } });
  return { ...target, value: { service, plan: { ...plan, issues: [...issues, ...bound.issues, ...plan.issues] } } };
}

/** NET-08. */
function warnOfBalancer({ service, plan }: Planned, { services }: RequestContext): readonly RaisedWarning[] {
  const { namespace, name } = service.metadata;
  const profile = services.profiles.at({ cluster: service[origin].cluster, namespace });
  const isLost = losesBalancer(linkedBalancer(service, profile), linkedBalancer(plan.manifest, profile));
  return isLost ? [{ code: 'LOAD_BALANCER_CHANGES', message: toldOfLostBalancer(name), path: ['loadBalancer'] }] : [];
}
