import type { Project } from 'longshore/plugins/core';
import {
  type AnyNode,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
} from 'longshore/sdk';
import type { LogStore } from '../../api.ts';
import { isUuid } from '../../services/applications/applications.ts';
import { instanceOfLogStore, isLogStore, type LogStorePlace } from '../../services/log-stores/log-stores.ts';
import { logStoresServiceRef } from '../../services/log-stores/log-stores-service.ts';

/** The log stores that this caller may read: there are few, and rules may look at what no column has. */
export async function visibleLogStores(context: RequestContext): Promise<readonly LogStore[]> {
  return readable(await context.service(logStoresServiceRef).list(), context);
}

function readable(rows: readonly LogStore[], context: RequestContext): readonly LogStore[] {
  return rows.filter((row) => context.access.allowed('READ', instanceOfLogStore(row)));
}

/** The loader behind `node(id:)`: what the caller may not read is not there. */
export function registerLogStoreLoader(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set(
    'compute|LogStore',
    async (keys, context): Promise<readonly (AnyNode | null)[]> => {
      const rows = await context.service(logStoresServiceRef).get(keys.filter(isUuid));
      const readable = rows.filter((row) => context.access.allowed('READ', instanceOfLogStore(row)));
      const found = new Map(readable.map((row) => [row.uuid, row]));
      return keys.map((key) => found.get(key) ?? null);
    },
  );
}

/** The log store behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findLogStore(id: string, context: RequestContext): Promise<LogStore> {
  const node = await resolveNode(id, context);
  if (!isLogStore(node)) throw new NotFoundError('There is no log store with this id');
  return node;
}

/** The project that a log store shall be in. */
export async function findProject(id: string, context: RequestContext): Promise<LogStorePlace> {
  const node = (await resolveNode(id, context)) as Project | null;
  if (node?.nodeTypeName !== 'Project') throw new NotFoundError('There is no project with this id');
  return { projectUuid: node.uuid, workspaceUuid: node.workspaceUuid };
}
