import { projectTypeRef } from 'longshore/plugins/core';
import {
  defineList,
  encodeGlobalId,
  type LongshoreBuilder,
  matchesText,
  nodeRef,
  registerList,
  registerQuery,
  resolveNode,
  type StringFilter,
  stringFilterRef,
  viewerCanField,
} from 'longshore/sdk';
import { type LogStore, logStoreSubject, logStoreTypeRef } from '../../api.ts';
import { instanceOfLogStore, isLogStore } from '../../services/log-stores/log-stores.ts';
import { registerLogStoreLoader, visibleLogStores } from './load-log-stores.ts';
import { registerLogStoreMutations } from './log-store-mutations.ts';

const allow = { action: 'READ', subject: logStoreSubject } as const;
const idOfProject = (key: string) => encodeGlobalId({ of: 'row', plugin: 'core', type: 'Project', key });

interface LogStoreFilter {
  readonly name?: StringFilter | null;
  readonly projectId?: string | null;
}

/** Log stores of projects (CMP-105): the type, the list, the single one, and making them. */
export function registerLogStores(builder: LongshoreBuilder): void {
  registerLogStoreType(builder);
  registerLogStoreLoader(builder);
  const list = defineList(builder, {
    name: 'LogStore',
    node: logStoreTypeRef,
    plural: 'log stores',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'By name.' }),
      projectId: t.id({ description: 'Only of the project with this global id.' }),
    }),
    matches: (filter) => {
      const { name, projectId } = filter as LogStoreFilter;
      return (row) => matchesText(name, row.name) && (!projectId || idOfProject(row.projectUuid) === projectId);
    },
    orders: {
      NAME: { description: 'By name.', value: ({ name }: LogStore) => name },
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }) => createdAt.getTime() },
    },
    defaultOrder: [{ field: 'NAME', direction: 'ASC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  registerList(builder, {
    name: 'logStores',
    description: 'Log stores that you may see, by name.',
    allow,
    list,
    rows: async (_args, context) => ({ items: await visibleLogStores(context) }),
  });
  registerQuery(builder, {
    name: 'logStore',
    description: 'One log store by its id; null where it is not there or not for you.',
    allow,
    type: logStoreTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isLogStore(node) ? node : null;
    },
  });
  registerLogStoreMutations(builder);
}

function registerLogStoreType(builder: LongshoreBuilder): void {
  builder.objectType(logStoreTypeRef, {
    description:
      'A name under which logs of a project are collected (`logCollection` of a container), and for how long they are shown. What is in it is found by `logSearch` with its name as `logStores`.',
    interfaces: [nodeRef],
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in its project; never changes.' }),
      description: t.exposeString('description', { description: 'What it is for; empty where nobody said.' }),
      retentionDays: t.exposeInt('retentionDays', {
        description: 'For how many days its lines are shown; the backend deletes by its own rules.',
      }),
      shards: t.exposeInt('shards', { description: 'Into how many parts writing to it is split.' }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'Its project, where you may see it.',
        resolve: async ({ projectUuid }, _args, context) =>
          (await resolveNode(idOfProject(projectUuid), context)) as never,
      }),
      version: t.exposeInt('version', {
        description: '1 when it was made, one more with each change; an update says which version it has seen.',
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: (row) => row.createdAt }),
      ...viewerCanField<LogStore>(t, instanceOfLogStore),
    }),
  });
}
