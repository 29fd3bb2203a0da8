import {
  type FieldBuilder,
  type LongshoreBuilder,
  origin,
  type RequestContext,
  type TypeRef,
  typeRef,
} from 'longshore/sdk';
import {
  type NamespaceQuota,
  namespaceTypeRef,
  type Project,
  projectTypeRef,
  type Quota,
  type QuotaItem,
  type ResourceQuotaObject,
  resourceQuotaKind,
  tenancyServiceRef,
} from '../../api.ts';
import { quotaItemNames, quotaItems } from '../../services/tenancy/quota/quota-items.ts';
import { enforcedQuota, quotaObjectName, usedQuota } from '../../services/tenancy/quota/quota-object.ts';
import { leftOf, sumQuotas } from '../../services/tenancy/quota/quota-sums.ts';

const amountsRef: TypeRef<Quota> = typeRef<Quota>('QuotaAmounts');
const namespaceQuotaRef: TypeRef<NamespaceQuota> = typeRef<NamespaceQuota>('NamespaceQuota');
const projectQuotaRef: TypeRef<Project> = typeRef<Project>('ProjectQuota');

/** What projects and namespaces may use, and what they use of it (CORE-05, CMP-33). */
export function registerQuota(builder: LongshoreBuilder): void {
  builder.objectType(amountsRef, {
    description: 'Amounts of what a quota can limit; null for what it does not name.',
    fields: (t) => Object.fromEntries(quotaItemNames.map((item) => [item, amountField(t, item)])),
  });
  builder.objectType(namespaceQuotaRef, {
    description: 'What one namespace may use: its share of the quota of its project.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of its cluster.' }),
      namespace: t.exposeString('namespace', { description: 'Name of the namespace.' }),
      limits: t.field({
        type: amountsRef,
        nullable: true,
        description: 'What it may use; null where nothing is limited.',
        resolve: ({ quota }) => quota,
      }),
      enforced: t.field({
        type: amountsRef,
        nullable: true,
        description: 'What its cluster holds it to by now; null where that is nothing yet, or cannot be told.',
        resolve: async (row, _args, context) => mapObject(await quotaObjectOf(row, context), enforcedQuota),
      }),
      used: t.field({
        type: amountsRef,
        nullable: true,
        description: 'What it uses of what is limited, as its cluster counts; null where that cannot be told.',
        resolve: async (row, _args, context) => mapObject(await quotaObjectOf(row, context), usedQuota),
      }),
      free: t.field({
        type: amountsRef,
        nullable: true,
        description:
          'What is left of what its cluster holds it to: what a form may still ask for there. Null where nothing is limited yet, or it cannot be told.',
        resolve: async (row, _args, context) =>
          mapObject(await quotaObjectOf(row, context), (object) => leftOf(enforcedQuota(object), usedQuota(object))),
      }),
    }),
  });
  builder.objectType(projectQuotaRef, {
    description: 'What the namespaces of a project may use together, in all clusters.',
    fields: (t) => ({
      limits: t.field({
        type: amountsRef,
        nullable: true,
        description: 'What they may use together; null for no limit.',
        resolve: ({ quota }) => quota,
      }),
      shared: t.field({
        type: amountsRef,
        description: 'What has been shared out among them: never more than the limits.',
        resolve: async (project, _args, context) =>
          sumQuotas((await sharesOf(project, context)).flatMap(({ quota }) => quota ?? [])),
      }),
      used: t.field({
        type: amountsRef,
        description:
          'What they use together of what is limited, as their clusters count; clusters that are away count nothing.',
        resolve: async (project, _args, context) => {
          const objects = await Promise.all(
            (await sharesOf(project, context)).map((share) => quotaObjectOf(share, context).catch(() => null)),
          );
          return sumQuotas(objects.flatMap((object) => (object ? [usedQuota(object)] : [])));
        },
      }),
      namespaces: t.field({
        type: [namespaceQuotaRef],
        description: 'Its namespaces that you may see, each with its share.',
        resolve: async (project, _args, context) => [...(await sharesOf(project, context))],
      }),
    }),
  });
  builder.objectField(projectTypeRef, 'quota', (t) =>
    t.field({
      type: projectQuotaRef,
      description: 'What its namespaces may use together, and use.',
      resolve: (project) => project,
    }),
  );
  builder.objectField(namespaceTypeRef, 'quota', (t) =>
    t.field({
      type: namespaceQuotaRef,
      nullable: true,
      description: 'What it may use; null where nothing is limited by the platform.',
      resolve: async (namespace, _args, context) => {
        const place = { cluster: namespace[origin].cluster, namespace: namespace.metadata.name };
        const [row] = await context.service(tenancyServiceRef).namespaceQuotas([place]);
        return row ?? null;
      },
    }),
  );
}

function amountField(t: FieldBuilder<Quota>, item: QuotaItem) {
  const { unit, words } = quotaItems[item];
  const value = (quota: Quota) => quota[item] ?? null;
  return unit === 'count'
    ? t.field({
        type: 'SafeInt',
        nullable: true,
        description: `Number of ${words}.`,
        resolve: (quota) => (quota[item] === undefined ? null : Number(quota[item])),
      })
    : t.field({
        type: 'Quantity',
        nullable: true,
        description: unit === 'cores' ? 'CPU that containers request, in cores.' : `Bytes of ${words} requested.`,
        resolve: value,
      });
}

/** Its namespaces that the caller may see, with what each may use. */
async function sharesOf(project: Project, context: RequestContext): Promise<readonly NamespaceQuota[]> {
  const tenancy = context.service(tenancyServiceRef);
  const places = (await tenancy.namespacesOf(project)).filter(({ cluster, namespace }) =>
    context.access.allowed('READ', { subject: 'core/Namespace', cluster, namespace, name: namespace }),
  );
  const quotas = new Map(
    (await tenancy.namespaceQuotas(places)).map((each) => [`${each.cluster} ${each.namespace}`, each.quota]),
  );
  return places.map(({ cluster, namespace }) => ({
    cluster,
    namespace,
    quota: quotas.get(`${cluster} ${namespace}`) ?? null,
  }));
}

async function quotaObjectOf(
  { cluster, namespace }: Pick<NamespaceQuota, 'cluster' | 'namespace'>,
  context: RequestContext,
): Promise<ResourceQuotaObject | null> {
  if (!context.clusters.get(cluster)) return null;
  return (await context.kube(cluster).get(resourceQuotaKind, namespace, quotaObjectName)) ?? null;
}

function mapObject(object: ResourceQuotaObject | null, read: (object: ResourceQuotaObject) => Quota): Quota | null {
  return object && read(object);
}
