import {
  type AnyNode,
  DataLoader,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
  whereAllowed,
} from 'longshore/sdk';
import { type AppService, type AppServiceVersion, appServiceSubject } from '../../api.ts';
import { instanceOfAppService, isAppService, isUuid, isVersion } from '../../services/app-services/app-services.ts';
import { appServicesServiceRef } from '../../services/app-services/app-services-service.ts';
import { idOfAppService } from '../../services/subjects.ts';
import { appServices } from '../../tables.ts';

/** The app services that this caller may read, by a condition on their rows. */
export function visibleAppServices(context: RequestContext): Promise<readonly AppService[]> {
  const where = whereAllowed(context.access, 'READ', appServiceSubject, {
    cluster: appServices.cluster,
    namespace: appServices.namespace,
    tenants: { workspace: appServices.workspaceId },
  });
  return context.service(appServicesServiceRef).list(where);
}

/** The loaders behind `node(id:)`: what the caller may not read is not there, and of a version what its service is not. */
export function registerAppServiceLoaders(builder: LongshoreBuilder): void {
  const { rowLoaders } = registryOf(builder);
  rowLoaders.set('release|AppService', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const found = await readServices(keys.filter(isUuid), context);
    return keys.map((key) => found.get(key) ?? null);
  });
  rowLoaders.set('release|AppServiceVersion', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const rows = await context.service(appServicesServiceRef).versions(keys.filter(isUuid));
    const services = await readServices([...new Set(rows.map(({ serviceUuid }) => serviceUuid))], context);
    const found = new Map(rows.filter((row) => services.has(row.serviceUuid)).map((row) => [row.uuid, row]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

async function readServices(
  uuids: readonly string[],
  context: RequestContext,
): Promise<ReadonlyMap<string, AppService>> {
  const rows = await context.service(appServicesServiceRef).get(uuids);
  return new Map(
    rows.filter((row) => context.access.allowed('READ', instanceOfAppService(row))).map((row) => [row.uuid, row]),
  );
}

const versionLoaders = {};

/** All versions of a service, the newest first: one statement for all services of a page. */
export function loadVersions({ uuid }: AppService, context: RequestContext): Promise<readonly AppServiceVersion[]> {
  const loader = context.memo(
    versionLoaders,
    () =>
      new DataLoader<string, readonly AppServiceVersion[]>(async (keys) => {
        const rows = await context.service(appServicesServiceRef).versionsOf(keys);
        const byService = Map.groupBy(rows, ({ serviceUuid }) => serviceUuid);
        return keys.map((key) => byService.get(key) ?? []);
      }),
  );
  return loader.load(uuid);
}

/** The service of a version, which is there for whoever sees the version. */
export async function loadServiceOf(
  { serviceUuid }: AppServiceVersion,
  context: RequestContext,
): Promise<AppService | null> {
  const node = await resolveNode(idOfAppService(serviceUuid), context);
  return isAppService(node) ? node : null;
}

/** The service behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findAppService(id: string, context: RequestContext): Promise<AppService> {
  const node = await resolveNode(id, context);
  if (!isAppService(node)) throw new NotFoundError('There is no app service with this id');
  return node;
}

/** A version of a service; `NotFoundError` for everything else. */
export async function findVersion(
  id: string,
  service: AppService,
  context: RequestContext,
): Promise<AppServiceVersion> {
  const node = await resolveNode(id, context);
  if (!isVersion(node) || node.serviceUuid !== service.uuid) {
    throw new NotFoundError(`App service '${service.name}' has no version with this id`);
  }
  return node;
}
