import type { Project } from 'longshore/plugins/core';
import {
  type AnyNode,
  DataLoader,
  encodeGlobalId,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
} from 'longshore/sdk';
import type { OrchestrationTemplate } from '../../api.ts';
import { instanceOfTemplate, isTemplate, isUuid, type ProjectPlace } from '../../services/templates/templates.ts';
import { templatesServiceRef } from '../../services/templates/templates-service.ts';

export const idOfProject = (key: string): string => encodeGlobalId({ of: 'row', plugin: 'core', type: 'Project', key });

/** The templates that this caller may read: rules may look at what no column has. */
export async function visibleTemplates(context: RequestContext): Promise<readonly OrchestrationTemplate[]> {
  const rows = await context.service(templatesServiceRef).list();
  return rows.filter((row) => context.access.allowed('READ', instanceOfTemplate(row)));
}

/** The loader behind `node(id:)`: what the caller may not read is not there. */
export function registerTemplateLoader(builder: LongshoreBuilder): void {
  registryOf(builder).rowLoaders.set(
    'release|OrchestrationTemplate',
    async (keys, context): Promise<readonly (AnyNode | null)[]> => {
      const rows = await context.service(templatesServiceRef).get(keys.filter(isUuid));
      const readable = rows.filter((row) => context.access.allowed('READ', instanceOfTemplate(row)));
      const found = new Map(readable.map((row) => [row.uuid, row]));
      return keys.map((key) => found.get(key) ?? null);
    },
  );
}

/** The template behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findTemplate(id: string, context: RequestContext): Promise<OrchestrationTemplate> {
  const node = await resolveNode(id, context);
  if (!isTemplate(node)) throw new NotFoundError('There is no orchestration template with this id');
  return node;
}

/** The project that something shall be in. */
export async function findProject(id: string, context: RequestContext): Promise<ProjectPlace> {
  const node = (await resolveNode(id, context)) as Project | null;
  if (node?.nodeTypeName !== 'Project') throw new NotFoundError('There is no project with this id');
  return { projectUuid: node.uuid, workspaceUuid: node.workspaceUuid };
}

/** The text of a template that was read before; empty for one that is gone for good. */
export async function loadContent(uuid: string, context: RequestContext): Promise<string> {
  const loader = context.memo(
    contents,
    () =>
      // Nothing is kept: a request may read, change and read again.
      new DataLoader<string, string | undefined>((uuids) => context.service(templatesServiceRef).contents(uuids), {
        cache: false,
      }),
  );
  return (await loader.load(uuid)) ?? '';
}

const contents = {};
