import {
  inputRef,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registerMutation,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  namespaceKind,
  type Project,
  projectSubject,
  tenancyServiceRef,
  type Workspace,
  workspaceSubject,
} from '../../api.ts';
import { refuseProtectedNamespace } from '../../services/protected-namespaces.ts';
import { instanceOf, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findWorkspaceOrProject } from './find-tenant.ts';
import { loadTenant } from './load-tenants.ts';
import { asWorkspaceOrProject, tenantInPayload } from './tenant-in-payload.ts';

interface NamespacePlace {
  readonly cluster: string;
  readonly namespace: string;
}

const placeInput = inputRef<NamespacePlace>('NamespacePlaceInput');
const bindNamespaces = { action: 'BIND_NAMESPACES', subject: [workspaceSubject, projectSubject] } as const;
const maxNamespaces = 100;

/** Which namespaces belong to a workspace or project (CORE-08). */
export function registerNamespaceBindingMutations(builder: LongshoreBuilder): void {
  builder.inputType('NamespacePlaceInput', {
    description: 'A namespace of a cluster.',
    fields: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      namespace: t.string({ required: true, description: 'Name of the namespace.' }),
    }),
  });
  registerMutation(builder, {
    name: 'bindNamespaces',
    description:
      'Takes existing namespaces over into a workspace or project. You must see them already; those that belong to another workspace, and the cluster’s own, are refused. Within a workspace this moves them from project to project.',
    allow: bindNamespaces,
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace or project.' }),
      namespaces: t.field({
        type: [placeInput],
        required: true,
        description: 'Which, up to 100, in whatever clusters; all or none.',
      }),
    }),
    validate: ({ namespaces }) => checkPlaces(namespaces),
    load: async ({ id }, context) => {
      const value = await findWorkspaceOrProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ namespaces }, tenant, ticket, context) => {
      for (const place of namespaces) await requireNamespace(place, context);
      await requireInZones(tenant, namespaces, context);
      await context.service(tenancyServiceRef).bindNamespaces(tenant, namespaces, ticket);
      return { value: tenant, resultId: tenant.id };
    },
    replay: asWorkspaceOrProject,
    success: { description: 'They belong to it.', fields: tenantInPayload },
  });
  registerMutation(builder, {
    name: 'unbindNamespaces',
    description:
      'Lets namespaces go from a workspace or project; they and what is in them stay as they are. Only who sees every namespace can take them back.',
    allow: bindNamespaces,
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace or project.' }),
      namespaces: t.field({ type: [placeInput], required: true, description: 'Which, up to 100; all or none.' }),
    }),
    validate: ({ namespaces }) => checkPlaces(namespaces),
    load: async ({ id }, context) => {
      const value = await findWorkspaceOrProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ namespaces }, tenant, ticket, context) => {
      await context.service(tenancyServiceRef).unbindNamespaces(tenant, namespaces, ticket);
      return { value: tenant, resultId: tenant.id };
    },
    replay: asWorkspaceOrProject,
    success: { description: 'They belong to it no more.', fields: tenantInPayload },
  });
}

/** Only clusters that reach into the zones of a workspace have namespaces for it (CORE-03). */
async function requireInZones(
  tenant: Workspace | Project,
  places: readonly NamespacePlace[],
  context: RequestContext,
): Promise<void> {
  const workspace =
    tenant.nodeTypeName === 'Workspace' ? tenant : await loadTenant('Workspace', tenant.workspaceUuid, context);
  if (!workspace) return;
  for (const cluster of new Set(places.map((place) => place.cluster))) {
    await context.service(tenancyServiceRef).requireInZones(workspace, cluster);
  }
}

/** Who binds a namespace hands on what it may do there: so it must see it, and a missing one answers alike. */
async function requireNamespace({ cluster, namespace }: NamespacePlace, context: RequestContext): Promise<void> {
  const found = await context.kube(cluster).get(namespaceKind, undefined, namespace);
  if (!found) throw new NotFoundError(`There is no Namespace '${namespace}' in cluster '${cluster}'.`);
  refuseProtectedNamespace(namespace);
}

function checkPlaces(places: readonly NamespacePlace[]): readonly ValidationIssue[] {
  const refuse = (code: string, message: string) => [{ path: ['namespaces'], code, message }];
  if (places.length === 0 || places.length > maxNamespaces) {
    return refuse(
      places.length === 0 ? 'too_small' : 'too_big',
      `namespaces must have 1 to ${maxNamespaces} entries, got ${places.length}`,
    );
  }
  const keys = new Set(places.map(({ cluster, namespace }) => `${cluster} ${namespace}`));
  return keys.size < places.length ? refuse('duplicate', 'namespaces must not name one twice') : [];
}
