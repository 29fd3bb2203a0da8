import { type AnyNode, DataLoader, type LongshoreBuilder, type RequestContext, registryOf } from 'longshore/sdk';
import { type Department, type Project, tenancyServiceRef, type Workspace } from '../../api.ts';
import { instanceOf, isUuid } from '../../services/tenancy/tenants.ts';

/** Types of tenants by the names of their GraphQL types. */
export interface TenantTypes {
  readonly Workspace: Workspace;
  readonly Project: Project;
  readonly Department: Department;
}

const methods = { Workspace: 'workspaces', Project: 'projects', Department: 'departments' } as const;

/** Those that this caller may read. */
export async function visibleTenants<Name extends keyof TenantTypes>(
  name: Name,
  context: RequestContext,
): Promise<readonly TenantTypes[Name][]> {
  const all = await context.service(tenancyServiceRef)[methods[name]]();
  return (all as readonly TenantTypes[Name][]).filter((row) => context.access.allowed('READ', instanceOf(row)));
}

/** One of them as this caller may see it; those asked for in one tick are read together. */
export function loadTenant<Name extends keyof TenantTypes>(
  name: Name,
  uuid: string | null,
  context: RequestContext,
): Promise<TenantTypes[Name] | null> {
  if (uuid === null) return Promise.resolve(null);
  const loader = context.memo(
    loaderKeys[name],
    () =>
      // Nothing is kept: a request may read, change and read again.
      new DataLoader<string, TenantTypes[Name] | null>(
        async (uuids) => {
          const found = new Map((await visibleTenants(name, context)).map((row) => [row.uuid, row]));
          return uuids.map((each) => found.get(each) ?? null);
        },
        { cache: false },
      ),
  );
  return loader.load(uuid);
}

const loaderKeys: Readonly<Record<keyof TenantTypes, object>> = { Workspace: {}, Project: {}, Department: {} };

/** The loader behind `node(id:)`: what the caller may not read is not there. */
export function registerTenantLoader(builder: LongshoreBuilder, name: keyof TenantTypes): void {
  registryOf(builder).rowLoaders.set(`core|${name}`, async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    if (!keys.some(isUuid)) return keys.map(() => null);
    const found = new Map<string, AnyNode>((await visibleTenants(name, context)).map((row) => [row.uuid, row]));
    return keys.map((key) => found.get(key) ?? null);
  });
}
