import {
  AnswerError,
  answerOf,
  errorRef,
  inputRef,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registerMutation,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  namespaceKind,
  type Project,
  projectSubject,
  projectTypeRef,
  tenancyServiceRef,
  type Workspace,
  workspaceSubject,
  workspaceTypeRef,
} from '../../api.ts';
import { refuseProtectedNamespace } from '../../services/namespace/protected-namespaces.ts';
import { recordedNamespaces } from '../../services/tenancy/recorded-belongings.ts';
import { instanceOf, isProject, isWorkspace, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findWorkspaceOrProject } from './find-tenant.ts';
import { loadTenant } from './load-tenants.ts';
import { asWorkspaceOrProject, tenantInPayload } from './tenant-in-payload.ts';

interface NamespacePlace {
  readonly cluster: string;
  readonly namespace: string;
}

interface TakeOverResult extends NamespacePlace {
  readonly error: AnswerError | null;
}

const takeOverResult = typeRef<TakeOverResult>('BindNamespacesResult');
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
  builder.objectType(takeOverResult, {
    description: 'What became of one namespace that was to be taken over.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of its cluster.' }),
      namespace: t.exposeString('namespace', { description: 'Name of the namespace.' }),
      ok: t.boolean({ description: 'Whether it belongs to it now.', resolve: ({ error }) => error === null }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it belongs to it now.',
        resolve: ({ error }) => error && answerOf(error),
      }),
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
        description: 'Which, up to 100, in whatever clusters.',
      }),
      eachByItself: t.boolean({
        required: true,
        defaultValue: false,
        description:
          'Take over those that can be and say of the others why not, in `results`. Otherwise all or none: the first that cannot be is the answer.',
      }),
    }),
    validate: ({ namespaces }) => checkPlaces(namespaces),
    load: async ({ id }, context) => {
      const value = await findWorkspaceOrProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ namespaces, eachByItself }, tenant, ticket, context) => {
      const changed: Parameters<typeof recordedNamespaces>[0][number][] = [];
      const takeOver = async (places: readonly NamespacePlace[]): Promise<void> => {
        for (const place of places) await requireNamespace(place, context);
        await requireInZones(tenant, places, context);
        const was = await context.service(tenancyServiceRef).bindNamespaces(tenant, places, ticket);
        changed.push(
          ...places.map((place, index) => ({ ...place, before: was[index] ?? 'NOBODY', isBoundAfter: true })),
        );
      };
      const results: TakeOverResult[] = [];
      if (!eachByItself) {
        await takeOver(namespaces);
        results.push(...namespaces.map((place) => ({ ...place, error: null })));
      } else {
        for (const place of namespaces) results.push({ ...place, error: await errorOf(takeOver([place])) });
      }
      return { value: { tenant, results }, resultId: tenant.id, ...recordedNamespaces(changed) };
    },
    replay: (node, context, { namespaces }) => {
      const tenant = asWorkspaceOrProject(node);
      return tenant && { tenant, results: namespaces.map((place) => asItIsNow(place, tenant, context)) };
    },
    success: {
      description: 'They belong to it.',
      fields: (t) => ({
        workspace: t.field({
          type: workspaceTypeRef,
          nullable: true,
          description: 'The workspace; null where the id is of a project.',
          resolve: ({ value: { tenant } }) => (isWorkspace(tenant) ? tenant : null),
        }),
        project: t.field({
          type: projectTypeRef,
          nullable: true,
          description: 'The project; null where the id is of a workspace.',
          resolve: ({ value: { tenant } }) => (isProject(tenant) ? tenant : null),
        }),
        results: t.field({
          type: [takeOverResult],
          description: 'What became of each, in their order; where the answer repeats an earlier one, as it is now.',
          resolve: ({ value: { results } }) => [...results],
        }),
      }),
    },
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
      const changed = namespaces.map((place) => ({ ...place, before: 'SAME', isBoundAfter: false }) as const);
      return { value: tenant, resultId: tenant.id, ...recordedNamespaces(changed) };
    },
    replay: asWorkspaceOrProject,
    success: { description: 'They belong to it no more.', fields: tenantInPayload },
  });
}

/** A repeated call finds what is there now: one that was refused then, or let go since, does not belong to it. */
function asItIsNow(place: NamespacePlace, tenant: Workspace | Project, context: RequestContext): TakeOverResult {
  const { cluster, namespace } = place;
  const binding = context.service(tenancyServiceRef).bindingOf(cluster, namespace);
  const owner = tenant.nodeTypeName === 'Workspace' ? binding?.workspaceUuid : binding?.projectUuid;
  if (owner === tenant.uuid) return { ...place, error: null };
  const message = `Namespace '${namespace}' in cluster '${cluster}' was not taken over then, or was let go since`;
  return { ...place, error: new NotFoundError(message) };
}

/** What stands against it, as an answer; null where it is done. */
async function errorOf(work: Promise<void>): Promise<AnswerError | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof AnswerError) return error;
    throw error;
  }
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
