import { podKind, type ServiceObject } from 'longshore/plugins/compute';
import { type KubeObject, origin, type RequestContext, systemPrincipal, type ValidationIssue } from 'longshore/sdk';
import {
  bindingLabelOf,
  bindsInstances,
  boundValue,
  checkBinding,
  isInstance,
  withBinding,
} from './instance-binding.ts';
import type { LabelForm, Maybe } from './service-form.ts';
import { workloadsOfService } from './service-workloads.ts';
import { podLabelsOf } from './workload-labels.ts';

/** What a form says of a Service's selector. */
interface AskedSelector {
  readonly asked: Maybe<readonly LabelForm[]>;
  /** Whether the labels were named one by one: then they are meant as they are. */
  readonly isLiteral: boolean;
  readonly bindsInstances: Maybe<boolean>;
}

/**
 * The selector of a changed Service: one that binds its instances one by one goes on to do so, whatever workload it is pointed at. Issues
 * where it begins to, and some instances would drop out, also those that the caller does not see (NET-22).
 */
export async function planBinding(
  service: ServiceObject,
  { asked, isLiteral, bindsInstances: isWanted }: AskedSelector,
  context: RequestContext,
): Promise<{ readonly labels: Maybe<readonly LabelForm[]>; readonly issues: readonly ValidationIssue[] }> {
  const isOneByOne = isWanted ?? bindsInstances(service);
  const isKept = (isWanted === undefined || isWanted === null) && (asked === undefined || isLiteral || !isOneByOne);
  if (isKept) return { labels: asked, issues: [] };
  const selector = asked === undefined ? service.spec?.selector : mapOf(asked ?? []);
  if (!isOneByOne) return { labels: formOf(withBinding(service, selector, false)), issues: [] };
  if (Object.keys(withBinding(service, selector, false)).length === 0) {
    const message = 'A Service without a selector has no instances of its own';
    return { labels: asked, issues: [{ path: ['bindsInstances'], code: 'no_selector', message }] };
  }
  const all = {
    ...service,
    spec: { ...service.spec, selector: withBinding(service, selector, false) },
  } as ServiceObject;
  const reader = context.cluster(service[origin].cluster).reader(systemPrincipal, context.signal);
  const { items } = await reader.list(podKind, { namespaces: [service.metadata.namespace ?? ''] });
  const { items: workloads } = await workloadsOfService(reader, all);
  const told = (object: KubeObject): string => (context.access.allowed('READ', object) ? object.metadata.name : '…');
  const issues = checkBinding(service, {
    templates: [...workloads].map((workload) => ({
      name: told(workload as KubeObject),
      labels: podLabelsOf(workload),
    })),
    // Those that were taken off on purpose are no surprise.
    instances: [...items]
      .filter((pod) => isInstance(all, pod) && !wasTakenOff(service, pod.metadata.labels))
      .map((pod) => ({ name: told(pod), labels: pod.metadata.labels ?? {} })),
  });
  return { labels: formOf(withBinding(service, selector, true)), issues };
}

function wasTakenOff(service: ServiceObject, labels: Readonly<Record<string, string>> = {}): boolean {
  const value = labels[bindingLabelOf(service)];
  return bindsInstances(service) && value !== undefined && value !== boundValue;
}

const mapOf = (labels: readonly LabelForm[]) => Object.fromEntries(labels.map(({ key, value }) => [key, value]));
const formOf = (labels: Readonly<Record<string, string>>): readonly LabelForm[] =>
  Object.entries(labels).map(([key, value]) => ({ key, value }));
