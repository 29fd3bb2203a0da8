import {
  allMaybe,
  defineList,
  type ListType,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  matchesText,
  named,
  registerList,
  type StringFilter,
  stringFilterRef,
} from 'longshore/sdk';
import { type Application, type ApplicationState, applicationSubject, applicationTypeRef } from '../../api.ts';
import { idOfWorkspace } from '../../services/applications/applications.ts';
import { visibleApplications, withState } from './load-applications.ts';

type Given<T> = T | null | undefined;

interface ApplicationFilter {
  readonly name?: Given<StringFilter>;
  readonly alias?: Given<StringFilter>;
  readonly cluster?: Given<string>;
  readonly namespaces?: Given<readonly string[]>;
  readonly workspaceId?: Given<string>;
  readonly owner?: Given<string>;
  readonly techStack?: Given<string>;
  readonly phases?: Given<readonly string[]>;
  readonly states?: Given<readonly ApplicationState[]>;
}

export type ApplicationList = ListType<Application, ApplicationFilter>;

export function defineApplicationList(builder: LongshoreBuilder): ApplicationList {
  const list = defineList(builder, {
    name: 'Application',
    node: applicationTypeRef,
    plural: 'applications',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      alias: t.field({ type: stringFilterRef, description: 'By alias.' }),
      cluster: t.string({ description: 'Only of namespaces of this cluster.' }),
      namespaces: t.stringList({ description: 'Only of these namespaces.' }),
      workspaceId: t.id({ description: 'Only in the catalogue of the workspace with this global id.' }),
      owner: t.string({ description: 'Only those for which exactly this one answers.' }),
      techStack: t.string({ description: 'Only those built with exactly this.' }),
      phases: t.field({ type: [named('ApplicationPhase')], description: 'In one of these phases.' }),
      states: t.field({ type: [named('ApplicationState')], description: 'In one of these states.' }),
    }),
    matches: (filter) => matcher(filter as ApplicationFilter),
    orders: {
      NAME: { description: 'By name.', value: ({ name }: Application) => name },
      ALIAS: { description: 'By alias.', value: ({ alias }) => alias },
      STATE: { description: 'By state, as its name is written.', value: ({ observed }) => observed?.state },
      WORKLOADS: { description: 'By number of workloads.', value: ({ observed }) => observed?.counts.total },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ cluster, namespace, uuid }) => ({ cluster: cluster ?? '', namespace: namespace ?? '', name: uuid }),
  });
  return list as unknown as ApplicationList;
}

export function registerApplicationList(builder: LongshoreBuilder, list: ApplicationList): void {
  registerList(builder, {
    name: 'applications',
    description: 'Applications that you may see, the newest first.',
    allow: { action: 'READ', subject: applicationSubject },
    list,
    rows: async ({ filter, orderBy }, context) => {
      const rows = await visibleApplications(context);
      const asksForState =
        filter?.states || orderBy?.some(({ field }) => field === 'STATE' || field === 'WORKLOADS') === true;
      if (!asksForState) return { items: rows };
      const known: MaybePromise<readonly Application[]> = allMaybe(rows.map((row) => withState(row, context)));
      return mapMaybe(known, (items) => ({ items }));
    },
  });
}

function matcher(filter: ApplicationFilter): (row: Application) => boolean {
  const { cluster, owner, techStack, workspaceId } = filter;
  const namespaces = filter.namespaces ? new Set(filter.namespaces) : undefined;
  const phases = filter.phases ? new Set(filter.phases) : undefined;
  const states = filter.states ? new Set(filter.states) : undefined;
  return (row) =>
    (!filter.name || matchesText(filter.name, row.name)) &&
    (!filter.alias || matchesText(filter.alias, row.alias)) &&
    (!cluster || row.cluster === cluster) &&
    (!namespaces || namespaces.has(row.namespace ?? '')) &&
    (!owner || row.owner === owner) &&
    (!techStack || row.techStack === techStack) &&
    (!workspaceId || (row.workspaceUuid !== null && idOfWorkspace(row.workspaceUuid) === workspaceId)) &&
    (!phases || phases.has(row.phase)) &&
    (!states || (row.observed !== null && states.has(row.observed.state)));
}
