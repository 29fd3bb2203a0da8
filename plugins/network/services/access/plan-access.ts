import type { ServiceObject, WorkloadObject } from 'longshore/plugins/compute';
import { applicationLabel } from 'longshore/plugins/core';
import { origin, type Profile, subjectOf, type ValidationIssue } from 'longshore/sdk';
import { mergePatch } from '../services/merge-patch.ts';
import type { PlannedService } from '../services/plan-service.ts';
import { podLabelsOf, selectorOfWorkload, selects } from '../services/workload-labels.ts';
import { type AccessEntryForm, isBalancedWay } from './access-form.ts';
import { accessOfAnnotation, type LinkedBalancer, linkedBalancer } from './linked-balancer.ts';
import { type EntryPlace, planEntry } from './plan-entry.ts';

export const accessActions = {
  CREATE: 'Its Service is made.',
  UPDATE: 'Its Service is changed.',
  DELETE: 'Its Service is deleted: the settings do not have it any more.',
  KEEP: 'It is as it shall be: nothing is written.',
} as const;
export type AccessAction = keyof typeof accessActions;

/** What is to be done to one Service. */
export interface AccessStep {
  readonly name: string;
  readonly action: AccessAction;
  /** Place of its entry in the input; undefined for one that goes. */
  readonly index: number | undefined;
  readonly existing: ServiceObject | undefined;
  /** What it shall be; undefined for one that goes. */
  readonly plan: PlannedService | undefined;
  /** The same for what it has become meanwhile. */
  readonly planOf: (current: ServiceObject) => PlannedService | undefined;
  readonly before: LinkedBalancer | undefined;
  readonly after: LinkedBalancer | undefined;
}

export interface PlannedAccess {
  readonly steps: readonly AccessStep[];
  readonly issues: readonly ValidationIssue[];
  /** What the caller should know besides. */
  readonly told: readonly string[];
}

/** How the annotation of an access setting names a workload. */
export const accessOf = (workload: WorkloadObject): string =>
  `${subjectOf(workload[origin])}/${workload.metadata.name}`;

/**
 * What has to be done to the Services of a namespace so that a workload is reached as the entries say, and no longer as other settings
 * of it said (NET-06). Services that lead to its pods and are nobody's settings stay; an entry of their name takes them over. Pure.
 */
export function planAccess(
  workload: WorkloadObject,
  entries: readonly AccessEntryForm[],
  services: readonly ServiceObject[],
  profile: Profile,
): PlannedAccess {
  const place = placeOf(workload, profile);
  const byName = new Map(services.map((service) => [service.metadata.name, service]));
  const wanted = new Set(entries.map(({ name }) => name));
  const planned = entries.map((entry, index) => stepOf(entry, index, byName.get(entry.name), place));
  const others = services.filter(({ metadata }) => !wanted.has(metadata.name) && !metadata.deletionTimestamp);
  const isSetting = ({ metadata }: ServiceObject) => metadata.annotations?.[accessOfAnnotation] === place.accessOf;
  const gone = others.filter(isSetting).map((existing): AccessStep => {
    const before = linkedBalancer(existing, profile);
    const { name } = existing.metadata;
    return {
      name,
      action: 'DELETE',
      index: undefined,
      existing,
      plan: undefined,
      planOf: () => undefined,
      before,
      after: undefined,
    };
  });
  return {
    steps: [...planned, ...gone],
    issues: [
      ...checkSelector(place, workload),
      ...checkNames(entries),
      ...checkShared(entries),
      ...entries.flatMap((entry, index) => checkTaken(index, byName.get(entry.name), workload, place)),
      ...planned.flatMap(({ plan }, index) => under(index, plan?.issues ?? [])),
    ],
    told: others
      .filter((service) => !isSetting(service) && selects(service.spec?.selector, podLabelsOf(workload)))
      .map(
        ({ metadata }) => `Service '${metadata.name}' leads to these pods, too; it is no setting of theirs, and stays`,
      ),
  };
}

function placeOf(workload: WorkloadObject, profile: Profile): EntryPlace {
  const label = profile.get(applicationLabel);
  return {
    accessOf: accessOf(workload),
    namespace: workload.metadata.namespace ?? '',
    selector: Object.entries(selectorOfWorkload(workload)).map(([key, value]) => ({ key, value })),
    podLabels: podLabelsOf(workload),
    application: label === null ? undefined : workload.metadata.labels?.[label],
    profile,
  };
}

function stepOf(
  entry: AccessEntryForm,
  index: number,
  existing: ServiceObject | undefined,
  place: EntryPlace,
): AccessStep {
  const planOf = (current: ServiceObject | undefined) => planEntry(entry, current, place);
  const plan = planOf(existing);
  const isSame = existing !== undefined && Object.keys(mergePatch(existing as never, plan.manifest)).length === 0;
  return {
    name: entry.name,
    action: existing ? (isSame ? 'KEEP' : 'UPDATE') : 'CREATE',
    index,
    existing,
    plan,
    planOf,
    before: existing && linkedBalancer(existing, place.profile),
    after: linkedBalancer(plan.manifest, place.profile),
  };
}

const under = (index: number, issues: readonly ValidationIssue[]): readonly ValidationIssue[] =>
  issues.map((issue) => ({ ...issue, path: ['entries', index, ...issue.path] }));

function checkSelector({ selector }: EntryPlace, { kind, metadata }: WorkloadObject): readonly ValidationIssue[] {
  if (selector.length > 0) return [];
  const message = `Pods of ${kind} '${metadata.name}' have no labels to find them by`;
  return [{ path: ['id'], code: 'no_labels', message }];
}

function checkNames(entries: readonly AccessEntryForm[]): readonly ValidationIssue[] {
  const names = entries.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: ['entries', index, 'name'], code: 'duplicate', message: `'${name}' stands here twice` }]
      : [],
  );
}

/** NET-20: a port is unique in its load balancer. */
function checkShared(entries: readonly AccessEntryForm[]): readonly ValidationIssue[] {
  const seen = new Set<string>();
  return entries.flatMap(({ way, loadBalancer, ports }, index) => {
    const id = isBalancedWay(way) ? loadBalancer?.existingId : undefined;
    if (!id) return [];
    return ports.flatMap(({ port, protocol }, at) => {
      const key = `${protocol === 'UDP' ? 'UDP' : 'TCP'} ${port} ${id}`;
      const isTaken = seen.has(key);
      seen.add(key);
      if (!isTaken) return [];
      const message = `Port ${port} of the load balancer '${id}' stands here twice`;
      return [{ path: ['entries', index, 'ports', at, 'port'], code: 'port_taken', message }];
    });
  });
}

function checkTaken(
  index: number,
  existing: ServiceObject | undefined,
  workload: WorkloadObject,
  place: EntryPlace,
): readonly ValidationIssue[] {
  if (!existing) return [];
  const { annotations, name, deletionTimestamp } = existing.metadata;
  const of = annotations?.[accessOfAnnotation];
  const refuse = (message: string) => [{ path: ['entries', index, 'name'], code: 'name_taken', message }];
  if (deletionTimestamp) return refuse(`Service '${name}' is being deleted: try again once it is gone`);
  if (of !== undefined && of !== place.accessOf) return refuse(`Service '${name}' is an access setting of ${of}`);
  if (of === place.accessOf || selects(existing.spec?.selector, podLabelsOf(workload))) return [];
  return refuse(`Service '${name}' is there already, and leads to other pods`);
}
