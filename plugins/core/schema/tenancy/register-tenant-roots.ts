import {
  type AnyNode,
  followTopic,
  type ListType,
  type LongshoreBuilder,
  registerList,
  registerQuery,
  registerSubscription,
  resolveNode,
  type TopicRef,
  type TypeRef,
} from 'longshore/sdk';
import { instanceOf } from '../../services/tenancy/tenants.ts';
import { type TenantTypes, visibleTenants } from './load-tenants.ts';

/** The root fields that workspaces, projects and departments have in common: the list, the single one, the stream. */
export function registerTenantRoots<Name extends keyof TenantTypes, Filter>(
  builder: LongshoreBuilder,
  spec: {
    readonly type: Name;
    readonly ref: TypeRef<TenantTypes[Name]>;
    readonly subject: string;
    readonly isOne: (node: AnyNode | null) => node is TenantTypes[Name];
    readonly list: ListType<TenantTypes[Name], Filter>;
    /** What the list's rows are to the caller. */
    readonly listDescription: string;
    /** Told of each change; no stream without one. */
    readonly topic?: TopicRef<TenantTypes[Name]>;
  },
): void {
  const { type, list } = spec;
  const what = type.toLowerCase();
  const allow = { action: 'READ', subject: spec.subject } as const;
  registerList(builder, {
    name: list.plural,
    description: spec.listDescription,
    allow,
    list,
    rows: async (_args, context) => ({ items: await visibleTenants(type, context) }),
  });
  registerQuery(builder, {
    name: what,
    description: `One ${what}; null where it is not there or not for you.`,
    allow,
    type: spec.ref,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(id, context);
      return spec.isOne(node) ? node : null;
    },
  });
  const { topic } = spec;
  if (!topic) return;
  registerSubscription(builder, {
    name: `${what}Changes`,
    description: `${type}s as they are made, changed and deleted.`,
    allow,
    itemField: what,
    itemType: spec.ref,
    itemDescription: `The ${what} after the change; of one that is deleted the last state.`,
    isThrottled: true,
    args: (t) => ({ filter: t({ type: list.filterType, description: `Which ${list.plural} to follow.` }) }),
    subscribe: (args, context) =>
      followTopic({
        topic,
        isVisible: (row) => context.access.allowed('READ', instanceOf(row)),
        filter: () => list.compileFilter((args as { readonly filter?: Filter | null }).filter, context),
        initial: () => visibleTenants(type, context),
        args,
        context,
      }),
  });
}
