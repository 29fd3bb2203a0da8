import { anyWorkloadKinds, type PodObject, podKind, type ServiceObject } from 'longshore/plugins/compute';
import { type ClusterReader, type MaybePromise, mapMaybe, type ValidationIssue } from 'longshore/sdk';
import { selects } from './workload-labels.ts';

type Labels = Readonly<Record<string, string>>;
type Named = Pick<ServiceObject, 'metadata'>;

/**
 * The label by which a Service binds its instances one by one (NET-22): in its selector and in the template of its workloads. Services
 * select by equality alone, so what takes a pod out is another value there; the pod keeps all else, and whoever made it keeps the pod.
 */
export const bindingLabelOf = ({ metadata }: { readonly metadata: { readonly name: string } }): string =>
  `bound.longshore.dev/${metadata.name}`;
export const boundValue = 'true';
export const unboundValue = 'false';

/** Whether single instances can be taken off a Service. */
export const bindsInstances = (service: ServiceObject): boolean =>
  service.spec?.selector?.[bindingLabelOf(service)] === boundValue;

/** What a Service selects its instances by, bound or not. */
export function instanceSelectorOf(service: Named, selector: Labels | undefined): Labels {
  const { [bindingLabelOf(service)]: _binding, ...rest } = selector ?? {};
  return rest;
}

/** A selector that binds instances one by one, or all of them. */
export function withBinding(service: Named, selector: Labels | undefined, isOneByOne: boolean): Labels {
  const rest = instanceSelectorOf(service, selector);
  return isOneByOne ? { ...rest, [bindingLabelOf(service)]: boundValue } : rest;
}

/** Whether a pod is one of a Service's instances, bound or not. */
export function isInstance(service: ServiceObject, { metadata, status }: PodObject): boolean {
  const isOver = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  return !isOver && selects(instanceSelectorOf(service, service.spec?.selector), metadata.labels ?? {});
}

/** Instances that were taken off a Service that binds them one by one, by name; none of any other. */
export function unboundInstancesOf(reader: ClusterReader, service: ServiceObject): MaybePromise<readonly PodObject[]> {
  if (!bindsInstances(service)) return [];
  const label = bindingLabelOf(service);
  return mapMaybe(reader.list(podKind, { namespaces: [service.metadata.namespace ?? ''] }), ({ items }) =>
    [...items]
      .filter((pod) => isInstance(service, pod) && pod.metadata.labels?.[label] !== boundValue)
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1)),
  );
}

interface Labelled {
  readonly name: string;
  readonly labels: Labels;
}

/** What stands against binding instances one by one: without the label in the templates, and on all pods, they would drop out. */
export function checkBinding(
  service: Named,
  { templates, instances }: { readonly templates: readonly Labelled[]; readonly instances: readonly Labelled[] },
): readonly ValidationIssue[] {
  const label = bindingLabelOf(service);
  const refuse = (code: string, of: string, all: readonly Labelled[]): readonly ValidationIssue[] => {
    const lacking = all.filter(({ labels }) => labels[label] !== boundValue);
    if (lacking.length === 0) return [];
    const told = lacking.slice(0, 3).map(({ name }) => `'${name}'`);
    const more = lacking.length > told.length ? ` and ${lacking.length - told.length} more` : '';
    const message = `${of} ${told.join(', ')}${more} lack the label ${label}=${boundValue}: set it on the pods of the workload, and wait until that is rolled out`;
    return [{ path: ['bindsInstances'], code, message }];
  };
  return [
    ...refuse('template_without_label', 'Templates of', templates),
    ...refuse('instance_without_label', 'Instances', instances),
  ];
}

interface Selecting {
  readonly spec?: {
    readonly selector?: {
      readonly matchLabels?: Labels;
      readonly matchExpressions?: readonly { readonly key: string }[];
    };
  };
}

/** Whether the controller of a pod finds it by a label: it would let the pod go, and make another one, where that changes. */
export function isHeldBy(reader: ClusterReader, { metadata }: PodObject, label: string): MaybePromise<boolean> {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const kind = anyWorkloadKinds.find(
    (each) => each.kind === owner?.kind && owner.apiVersion.split('/')[0] === (each.group || 'v1'),
  );
  if (!owner || !kind) return false;
  return mapMaybe(reader.get(kind, metadata.namespace, owner.name), (found) => {
    const { matchLabels = {}, matchExpressions = [] } = (found as Selecting | undefined)?.spec?.selector ?? {};
    return label in matchLabels || matchExpressions.some(({ key }) => key === label);
  });
}
