import {
  defineList,
  type FieldBuilder,
  type LongshoreBuilder,
  matchesText,
  origin,
  type RequestContext,
  relationField,
  stringFilterRef,
  typeRef,
} from 'longshore/sdk';
import {
  departmentTypeRef,
  type NamespaceBinding,
  type NamespaceObject,
  namespaceKind,
  namespaceTypeRef,
  type Project,
  projectTypeRef,
  tenancyServiceRef,
  type Workspace,
  workspaceTypeRef,
} from '../../api.ts';
import { loadTenant } from './load-tenants.ts';

/** Namespaces of workspaces and projects, from both sides. */
export function registerNamespaceBinding(builder: LongshoreBuilder): void {
  const binding = typeRef<NamespaceBinding>('NamespaceBinding');
  builder.objectType(binding, {
    description: 'A namespace that belongs to a workspace or project. It belongs to one workspace at the most.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of its cluster.' }),
      name: t.exposeString('namespace', { description: 'Name of the namespace.' }),
      namespace: t.field({
        type: namespaceTypeRef,
        nullable: true,
        description: 'The namespace itself; null where it is gone by now.',
        resolve: async ({ cluster, namespace }, _args, context) => {
          if (!context.clusters.get(cluster)) return null;
          return (await context.kube(cluster).get(namespaceKind, undefined, namespace)) ?? null;
        },
      }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace; null where it belongs to a project that is in none.',
        resolve: (row, _args, context) => loadTenant('Workspace', row.workspaceUuid, context),
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'The project; null where it belongs to the workspace alone.',
        resolve: (row, _args, context) => loadTenant('Project', row.projectUuid, context),
      }),
      boundAt: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ createdAt }) => createdAt }),
    }),
  });
  defineList(builder, {
    name: 'NamespaceBinding',
    node: binding,
    plural: 'namespaces of a workspace or project',
    filter: (t) => ({
      cluster: t.string({ description: 'Only of this cluster.' }),
      name: t.field({ type: stringFilterRef, description: 'Test of the name.' }),
    }),
    matches:
      ({ cluster, name }) =>
      (row: NamespaceBinding) =>
        (!cluster || row.cluster === cluster) && matchesText(name, row.namespace),
    orders: {
      NAME: { description: 'By name.', value: ({ namespace }) => namespace },
      BOUND_AT: { description: 'By the time of binding.', value: ({ createdAt }) => createdAt.toISOString() },
    },
    place: ({ cluster, namespace }) => ({ cluster, namespace, name: namespace }),
  });
  builder.objectField(namespaceTypeRef, 'workspace', (t) =>
    t.field({
      type: workspaceTypeRef,
      nullable: true,
      description: 'The workspace that it belongs to, as far as you may see it.',
      resolve: (namespace, _args, context) =>
        loadTenant('Workspace', bindingOf(namespace, context)?.workspaceUuid ?? null, context),
    }),
  );
  builder.objectField(namespaceTypeRef, 'project', (t) =>
    t.field({
      type: projectTypeRef,
      nullable: true,
      description: 'The project that it belongs to, as far as you may see it.',
      resolve: (namespace, _args, context) =>
        loadTenant('Project', bindingOf(namespace, context)?.projectUuid ?? null, context),
    }),
  );
  builder.objectField(namespaceTypeRef, 'department', (t) =>
    t.field({
      type: departmentTypeRef,
      nullable: true,
      description: 'The department of its project, as far as you may see it.',
      resolve: async (namespace, _args, context) => {
        const project = await loadTenant('Project', bindingOf(namespace, context)?.projectUuid ?? null, context);
        return loadTenant('Department', project?.departmentUuid ?? null, context);
      },
    }),
  );
}

function bindingOf(namespace: NamespaceObject, context: RequestContext): NamespaceBinding | undefined {
  return context.service(tenancyServiceRef).bindingOf(namespace[origin].cluster, namespace.metadata.name);
}

/** The connection on a workspace or project: those that you may see. */
export function namespacesField<T extends Workspace | Project>(builder: LongshoreBuilder, t: FieldBuilder<T>) {
  return relationField<T, NamespaceBinding>(builder, t, {
    of: 'NamespaceBinding',
    description: 'Its namespaces, in whatever clusters, that you may see.',
    rows: async (tenant: T, context: RequestContext) => ({
      items: (await context.service(tenancyServiceRef).namespacesOf(tenant)).filter(({ cluster, namespace }) =>
        context.access.allowed('READ', { subject: 'core/Namespace', cluster, namespace, name: namespace }),
      ),
    }),
  });
}
