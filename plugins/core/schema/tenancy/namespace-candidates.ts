import {
  AnswerError,
  defineList,
  type LongshoreBuilder,
  matchesText,
  PreconditionError,
  type RequestContext,
  relationField,
  stringFilterRef,
  typeRef,
} from 'longshore/sdk';
import { namespaceKind, tenancyServiceRef, type Workspace, workspaceTypeRef } from '../../api.ts';
import { refuseProtectedNamespace } from '../../services/namespace/protected-namespaces.ts';
import { instanceOf } from '../../services/tenancy/tenants.ts';

interface NamespaceCandidate {
  readonly cluster: string;
  readonly name: string;
  readonly whyNot: AnswerError | null;
}

/** Namespaces that a workspace could take over, and those that it could not with the reason (CORE-03, CORE-08). */
export function registerNamespaceCandidates(builder: LongshoreBuilder): void {
  const candidate = typeRef<NamespaceCandidate>('NamespaceCandidate');
  builder.objectType(candidate, {
    description: 'A namespace of a cluster that a workspace does not have.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of its cluster.' }),
      name: t.exposeString('name', { description: 'Name of the namespace.' }),
      canTakeOver: t.boolean({
        description: 'Whether `bindNamespaces` would take it over now.',
        resolve: ({ whyNot }) => whyNot === null,
      }),
      reason: t.string({
        nullable: true,
        description: 'Why not: a member of `PreconditionReason`, or the code of another error; null where it can be.',
        resolve: ({ whyNot }) => (whyNot instanceof PreconditionError ? whyNot.reason : (whyNot?.code ?? null)),
      }),
      whyNot: t.string({
        nullable: true,
        description: 'The same in words.',
        resolve: ({ whyNot }) => whyNot?.message ?? null,
      }),
    }),
  });
  defineList(builder, {
    name: 'NamespaceCandidate',
    node: candidate,
    plural: 'namespaces that could be taken over',
    filter: (t) => ({
      cluster: t.string({ description: 'Only of this cluster.' }),
      name: t.field({ type: stringFilterRef, description: 'Test of the name.' }),
      canTakeOver: t.boolean({ description: 'Only those that can (true) or cannot (false) be taken over.' }),
    }),
    matches:
      ({ cluster, name, canTakeOver }) =>
      (row: NamespaceCandidate) =>
        (!cluster || row.cluster === cluster) &&
        matchesText(name, row.name) &&
        (typeof canTakeOver !== 'boolean' || canTakeOver === (row.whyNot === null)),
    orders: { NAME: { description: 'By name.', value: ({ name }) => name } },
    place: ({ cluster, name }) => ({ cluster, namespace: name, name }),
  });
  builder.objectField(workspaceTypeRef, 'namespaceCandidates', (t) =>
    relationField<Workspace, NamespaceCandidate>(builder, t, {
      of: 'NamespaceCandidate',
      description:
        'Namespaces that you see and that it does not have, with what stands against taking each over. Empty where you may take none over.',
      rows: async (workspace, context) => {
        if (!context.access.allowed('BIND_NAMESPACES', instanceOf(workspace))) return { items: [] };
        const perCluster = await Promise.all(
          context.clusters.all.map(async ({ name }) => candidatesOf(workspace, name, context)),
        );
        return {
          items: perCluster.flatMap(({ items }) => items),
          problems: perCluster.flatMap(({ problems }) => problems),
        };
      },
    }),
  );
}

async function candidatesOf(workspace: Workspace, cluster: string, context: RequestContext) {
  const tenancy = context.service(tenancyServiceRef);
  const { items, problems } = await context.kube(cluster).list(namespaceKind);
  const outside = await reasonOf(() => tenancy.requireInZones(workspace, cluster));
  const candidates = items.flatMap(({ metadata: { name, deletionTimestamp } }) => {
    const binding = tenancy.bindingOf(cluster, name);
    if (binding?.workspaceUuid === workspace.uuid) return [];
    return [{ cluster, name, deletionTimestamp, binding }];
  });
  const rows = await Promise.all(
    candidates.map(async ({ name, deletionTimestamp, binding }): Promise<NamespaceCandidate> => {
      const whyNot =
        (await reasonOf(() => refuseProtectedNamespace(name))) ??
        (deletionTimestamp ? new PreconditionError('NAMESPACE_TERMINATING', 'It is being deleted') : null) ??
        (binding
          ? new PreconditionError('NAMESPACE_BOUND_ELSEWHERE', 'It belongs to another workspace or project')
          : null) ??
        outside;
      return { cluster, name, whyNot };
    }),
  );
  return { items: rows, problems };
}

async function reasonOf(act: () => void | Promise<void>): Promise<AnswerError | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (error instanceof AnswerError) return error;
    throw error;
  }
}
