import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  AnswerError,
  allMaybe,
  defineKubernetesList,
  type KubernetesFilter,
  type ListArguments,
  type ListRows,
  type LongshoreBuilder,
  listKubernetesObjects,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  parseGlobalId,
  type RequestContext,
  RequestError,
  registerList,
  registerSubscription,
  subjectOf,
} from 'longshore/sdk';
import { diskLabel, type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef } from '../../api.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { capacityOf, requestedSizeOf } from '../../services/classes/claim-facts.ts';
import {
  type DiskKind,
  descriptionOf,
  diskKindOf,
  displayNameOf,
  isBuiltIn,
  isDisk,
} from '../../services/disks/disk-facts.ts';
import type { DiskState } from '../../services/disks/disk-state.ts';
import { followDisks } from '../../services/disks/follow-disks.ts';
import { diskStateOf } from '../../services/disks/read-disk.ts';

const allow = { action: 'READ', subject: subjectOf(persistentVolumeClaimKind) };

/** Cloud disks of all that the caller has joined, as a list and as a stream (STO-22). */
export function registerDisks(builder: LongshoreBuilder): void {
  const list = defineDiskList(builder);
  registerList(builder, {
    name: 'disks',
    description:
      'Cloud disks: the PersistentVolumeClaims that are marked as such, of all projects that you have joined and in whatever clusters.',
    allow,
    list,
    async rows(args, context) {
      const found = await listKubernetesObjects([persistentVolumeClaimKind], withDiskLabel(args), context);
      const states = (args.filter as DiskFilter | null | undefined)?.states;
      return states ? inStates(found, new Set(states), context) : found;
    },
  });
  registerSubscription<PersistentVolumeClaimObject>(builder, {
    name: 'diskChanges',
    description:
      'Cloud disks as they come, change and go, and as what mounts them does: whatever changes their state is told. With a filter by state, one that leaves it is DELETED.',
    allow,
    itemField: 'claim',
    itemType: persistentVolumeClaimTypeRef,
    itemDescription: 'The claim that is the disk, after the change; of a deleted one the last state known.',
    args: (t) =>
      ({ filter: t({ type: list.filterType as never, description: 'Which cloud disks to follow.' }) }) as never,
    subscribe: (args, context) => {
      const { filter } = args as { readonly filter?: DiskFilter | null };
      const inFilter = compiled(() => list.compileFilter(filter as never, context));
      const states = filter?.states ? new Set(filter.states) : undefined;
      return followDisks({
        cluster: filter?.cluster,
        scope: JSON.stringify(filter ?? null),
        args,
        context,
        matches: ({ disk, state }) => inFilter(disk) && (!states || states.has(state)),
      });
    },
  });
}

interface DiskFilter extends KubernetesFilter {
  readonly states?: readonly DiskState[] | null | undefined;
}

/** The label is an index of the cache: claims that are no disks are not looked at. */
function withDiskLabel<Filter extends KubernetesFilter>(args: ListArguments<Filter>): ListArguments<Filter> {
  const asked = args.filter?.labelSelector;
  const labelSelector = asked ? `${diskLabel},${asked}` : diskLabel;
  return { ...args, filter: { ...(args.filter as Filter), labelSelector } };
}

function defineDiskList(builder: LongshoreBuilder) {
  return defineKubernetesList(builder, {
    name: 'Disk',
    node: persistentVolumeClaimTypeRef,
    plural: 'cloud disks',
    isNamespaced: true,
    filter: (t) => ({
      projectIds: t.idList({ description: 'Only of these projects, by global id.' }),
      search: t.string({
        description: 'Only where the name, the display name or the description contains this, in whatever case.',
      }),
      states: t.field({ type: [named('DiskState')], description: 'Only in one of these states.' }),
      kinds: t.field({ type: [named('DiskKind')], description: 'Only of these kinds.' }),
      isBuiltIn: t.boolean({ description: 'Only those that were made with what mounts them, or only the others.' }),
    }),
    // States are not in the claim itself: whoever lists or follows disks looks at them besides.
    matches({ projectIds, search, kinds, isBuiltIn: isMadeWith }, context) {
      const isOfProject = projectIds ? inProjects(projectIds.map(String), context) : undefined;
      const ofKinds = kinds ? new Set(kinds as readonly DiskKind[]) : undefined;
      const wanted = search?.trim().toLowerCase();
      return (disk) => {
        if (!isDisk(disk)) return false;
        if (isOfProject && !isOfProject(disk)) return false;
        if (ofKinds && !ofKinds.has(diskKindOf(disk))) return false;
        if (typeof isMadeWith === 'boolean' && isBuiltIn(disk) !== isMadeWith) return false;
        return !wanted || textsOf(disk).some((text) => text.toLowerCase().includes(wanted));
      };
    },
    orders: {
      DISPLAY_NAME: { description: 'By display name.', value: displayNameOf },
      SIZE: {
        description: 'By size, as it is or shall be.',
        value: (disk) => bytesOf(capacityOf(disk) ?? requestedSizeOf(disk)),
      },
    },
  });
}

const textsOf = (disk: PersistentVolumeClaimObject): readonly string[] => [
  disk.metadata.name,
  displayNameOf(disk),
  descriptionOf(disk) ?? '',
];

/** Those that stand so, by what mounts them. */
function inStates(
  rows: ListRows<PersistentVolumeClaimObject>,
  wanted: ReadonlySet<DiskState>,
  context: RequestContext,
): MaybePromise<ListRows<PersistentVolumeClaimObject>> {
  const disks = [...rows.items];
  const states = allMaybe(disks.map((disk) => diskStateOf(context.kube(disk[origin].cluster), disk)));
  return mapMaybe(
    states,
    (seen): ListRows<PersistentVolumeClaimObject> => ({
      ...rows,
      items: disks.filter((_disk, index) => {
        const state = seen[index];
        return state !== undefined && wanted.has(state);
      }),
    }),
  );
}

function inProjects(ids: readonly string[], context: RequestContext) {
  const uuids = new Set(
    ids.flatMap((id) => {
      const parsed = parseGlobalId(id);
      return parsed?.of === 'row' && parsed.type === 'Project' ? [parsed.key] : [];
    }),
  );
  const tenancy = context.service(tenancyServiceRef);
  return ({ metadata, [origin]: { cluster } }: PersistentVolumeClaimObject): boolean => {
    const uuid = tenancy.bindingOf(cluster, metadata.namespace ?? '')?.projectUuid;
    return typeof uuid === 'string' && uuids.has(uuid);
  };
}

/** A bad filter of a stream is bad input of the request. */
function compiled<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof AnswerError) throw new RequestError('BAD_USER_INPUT', error.message, { cause: error });
    throw error;
  }
}
