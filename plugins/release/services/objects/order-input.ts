import { drizzle, type RequestContext, ValidationError, type ValidationIssue } from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import { appServices } from '../../tables.ts';
import { instanceOfAppService } from '../app-services/app-services.ts';
import { appServicesServiceRef } from '../app-services/app-services-service.ts';
import { type OrderSpec, titleOf } from './order-object.ts';
import type { ObjectPlace } from './order-objects-store.ts';

const { and, eq, inArray } = drizzle;

/** The input of `createReleaseOrder` that a spec comes to. Throws `ValidationError` for names and numbers that nothing has which this caller may see. */
export async function orderInputOf(spec: OrderSpec, place: ObjectPlace, context: RequestContext): Promise<object> {
  const found = await servicesIn(place, spec, context);
  const issues: ValidationIssue[] = [];
  const idOf = (name: string, path: ValidationIssue['path'], message: string): string => {
    const id = found.get(name)?.id;
    if (id === undefined) issues.push({ path, code: 'unknown', message });
    return id ?? '';
  };
  const versions = await versionIdsOf(spec, found, context);
  const services = spec.services.map(({ appService, version, change, dependsOn }, index) => {
    const path = ['services', index];
    const serviceId = idOf(appService, [...path, 'appService'], `There is no app service '${appService}' here`);
    const ofOrder = new Set(spec.services.map((each) => each.appService));
    const versionId = isNumber(version) ? versions.get(`${appService}/${version}`) : version;
    if (found.has(appService) && version !== undefined && versionId === undefined) {
      issues.push({
        path: [...path, 'version'],
        code: 'unknown',
        message: `'${appService}' has no version ${version}`,
      });
    }
    return {
      serviceId,
      ...(versionId === undefined ? {} : { versionId: String(versionId) }),
      ...(change === undefined ? {} : { change }),
      dependsOn: dependsOn.map((name, at) =>
        ofOrder.has(name)
          ? (found.get(name)?.id ?? '')
          : idOf('', [...path, 'dependsOn', at], `'${name}', which '${appService}' depends on, is not in the order`),
      ),
    };
  });
  if (issues.length > 0) throw new ValidationError(issues);
  const { units, betaGroup, acknowledge } = spec;
  return { title: titleOf(spec, place.name), units, betaGroup, acknowledge, services };
}

const isNumber = (version: number | string | undefined): boolean => /^\d{1,9}$/.test(String(version ?? ''));

async function servicesIn(
  { cluster, namespace }: ObjectPlace,
  { services }: OrderSpec,
  context: RequestContext,
): Promise<ReadonlyMap<string, AppService>> {
  const names = services.map(({ appService }) => appService);
  const rows = await context
    .service(appServicesServiceRef)
    .list(
      and(eq(appServices.cluster, cluster), eq(appServices.namespace, namespace), inArray(appServices.name, names)),
    );
  return new Map(
    rows.filter((row) => context.access.allowed('READ', instanceOfAppService(row))).map((row) => [row.name, row]),
  );
}

/** Ids of versions that are named by their numbers, by `<app service>/<number>`. */
async function versionIdsOf(
  { services }: OrderSpec,
  found: ReadonlyMap<string, AppService>,
  context: RequestContext,
): Promise<ReadonlyMap<string, string>> {
  const numbered = services
    .filter(({ version }) => isNumber(version))
    .flatMap(({ appService }) => found.get(appService) ?? []);
  if (numbered.length === 0) return new Map();
  const names = new Map(numbered.map(({ uuid, name }) => [uuid, name]));
  const versions = await context.service(appServicesServiceRef).versionsOf([...names.keys()]);
  return new Map(versions.map(({ serviceUuid, number, id }) => [`${names.get(serviceUuid)}/${number}`, id]));
}
