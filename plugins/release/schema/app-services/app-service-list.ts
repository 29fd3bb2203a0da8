import {
  defineList,
  type ListType,
  type LongshoreBuilder,
  matchesText,
  named,
  registerList,
  type StringFilter,
  stringFilterRef,
} from 'longshore/sdk';
import { type AppService, appServiceSubject, appServiceTypeRef } from '../../api.ts';
import { type AppServiceState, stateOf } from '../../services/app-services/app-services.ts';
import { idOfApplication } from '../../services/app-services/place-of-service.ts';
import { visibleAppServices } from './load-app-services.ts';

type Given<T> = T | null | undefined;

export interface AppServiceFilter {
  readonly name?: Given<StringFilter>;
  readonly applicationId?: Given<string>;
  readonly cluster?: Given<string>;
  readonly namespaces?: Given<readonly string[]>;
  readonly owner?: Given<string>;
  readonly isStateful?: Given<boolean>;
  readonly states?: Given<readonly AppServiceState[]>;
}

export type AppServiceList = ListType<AppService, AppServiceFilter>;

export function defineAppServiceList(builder: LongshoreBuilder): AppServiceList {
  const list = defineList(builder, {
    name: 'AppService',
    node: appServiceTypeRef,
    plural: 'app services',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      applicationId: t.id({ description: 'Only of the application with this global id.' }),
      cluster: t.string({ description: 'Only of this cluster.' }),
      namespaces: t.stringList({ description: 'Only of these namespaces.' }),
      owner: t.string({ description: 'Only those for which exactly this one answers.' }),
      isStateful: t.boolean({ description: 'Only stateful ones, or only the others.' }),
      states: t.field({ type: [named('AppServiceState')], description: 'In one of these states.' }),
    }),
    matches: (filter) => matcher(filter as AppServiceFilter),
    orders: {
      NAME: { description: 'By name.', value: ({ name }: AppService) => name },
      STATE: { description: 'By state, as its name is written.', value: (service) => stateOf(service) },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ cluster, namespace, uuid }) => ({ cluster, namespace, name: uuid }),
  });
  return list as unknown as AppServiceList;
}

export function registerAppServiceList(builder: LongshoreBuilder, list: AppServiceList): void {
  registerList(builder, {
    name: 'appServices',
    description: 'App services that you may see, the newest first.',
    allow: { action: 'READ', subject: appServiceSubject },
    list,
    rows: async (_args, context) => ({ items: await visibleAppServices(context) }),
  });
}

function matcher(filter: AppServiceFilter): (row: AppService) => boolean {
  const { name, applicationId, cluster, owner, isStateful } = filter;
  const namespaces = filter.namespaces ? new Set(filter.namespaces) : undefined;
  const states = filter.states ? new Set(filter.states) : undefined;
  return (row) =>
    (!name || matchesText(name, row.name)) &&
    (!applicationId || idOfApplication(row.applicationUuid) === applicationId) &&
    (!cluster || row.cluster === cluster) &&
    (!namespaces || namespaces.has(row.namespace)) &&
    (!owner || row.owner === owner) &&
    (isStateful === undefined || isStateful === null || row.isStateful === isStateful) &&
    (!states || states.has(stateOf(row)));
}
