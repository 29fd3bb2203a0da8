import {
  ForbiddenError,
  NotFoundError,
  type RequestContext,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { instanceOfAppService } from '../../services/app-services/app-services.ts';
import { unitsOf } from '../../services/app-services/place-of-service.ts';
import { planQuickVersion, type QuickChange } from '../../services/app-services/quick-version.ts';
import type { OrderInput } from '../../services/orders/check-order.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { uuidOf } from '../../services/orders/order-nodes.ts';
import { checkDependencies } from '../../services/orders/plan-order.ts';
import { loadService, loadVersion } from './load-orders.ts';
import { idOfWorkspace } from './order.ts';

/** A service of an order that is to be made, with the version that it shall be released in. */
export interface WantedRelease {
  readonly service: AppService;
  readonly version: AppServiceVersion;
  /** Whether the version is made with the order (REL-13). */
  readonly isNewVersion: boolean;
  /** UUIDs of services of the same order. */
  readonly dependsOn: readonly string[];
}

/** An order that is to be made. */
export interface WantedOrder {
  readonly title: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
  readonly workspaceUuid: string | null;
  readonly releases: readonly WantedRelease[];
  /** What stands against its dependencies, and against its workspace. */
  readonly issues: readonly ValidationIssue[];
}

/** The services and versions of an input as this caller sees them. Throws `NotFoundError` and `ValidationError` for those that are not there for them. */
export async function findWanted(input: OrderInput, context: RequestContext): Promise<WantedOrder> {
  const services = await findServices(input, context);
  const versions = await findVersions(input, services, context);
  const releases = services.map((service, index): WantedRelease => {
    const version = versions[index] as AppServiceVersion;
    const wanted = input.services[index]?.dependsOn ?? [];
    const isNewVersion = Boolean(input.services[index]?.change);
    return {
      service,
      version,
      isNewVersion,
      dependsOn: [...new Set(wanted.map((id) => uuidOf(id, 'AppService') ?? String(id)))],
    };
  });
  const place = placeOf(services);
  const { title } = input;
  const [first] = releases;
  return {
    ...place,
    releases,
    title: title?.trim() || `${first?.service.name} ${first?.version.number}`,
    issues: [...checkDependencies(releases.map(asPlanned)), ...checkPlace(input, services, place)],
  };
}

const asPlanned = ({ service, dependsOn }: WantedRelease) => ({
  serviceId: service.uuid,
  name: service.name,
  dependsOn,
});

async function findServices(input: OrderInput, context: RequestContext): Promise<readonly AppService[]> {
  const found = await Promise.all(
    input.services.map(({ serviceId }) => {
      const uuid = uuidOf(serviceId, 'AppService');
      return uuid === undefined ? undefined : loadService(uuid, context);
    }),
  );
  return found.map((service, index) => {
    if (service) return service;
    throw new NotFoundError(`There is no app service with the id of services.${index}.serviceId`);
  });
}

/** Where none is named the newest that was submitted (REL-19). */
async function findVersions(
  { services: wanted }: OrderInput,
  services: readonly AppService[],
  context: RequestContext,
): Promise<readonly (AppServiceVersion | undefined)[]> {
  const unsaid = services.filter((_, index) => !wanted[index]?.versionId).map(({ uuid }) => uuid);
  const newest = await context.service(orderDeskRef).newestVersions(unsaid);
  const found = await Promise.all(
    services.map(async (service, index) => {
      const change = wanted[index]?.change;
      if (change) return planChange(service, change, index, context);
      const said = wanted[index]?.versionId;
      const uuid = said ? uuidOf(said, 'AppServiceVersion') : newest.get(service.uuid);
      const version = uuid === undefined ? undefined : await loadVersion(uuid, context);
      return version?.serviceUuid === service.uuid ? version : undefined;
    }),
  );
  const isMissing = (index: number) => found[index] === undefined && !wanted[index]?.versionId;
  refuseMissing(
    found.map((version, index) => (isMissing(index) ? undefined : (version ?? null))),
    'versionId',
    'nothing_submitted',
    'It has no version that was submitted',
  );
  refuseMissing(found, 'versionId', 'unknown', 'The app service has no such version');
  return found;
}

/** The version that an image or a number of pods makes of what runs (REL-13). */
async function planChange(
  service: AppService,
  change: QuickChange,
  index: number,
  context: RequestContext,
): Promise<AppServiceVersion> {
  if (!context.access.allowed('UPDATE', instanceOfAppService(service))) {
    throw new ForbiddenError(`You may not release '${service.name}'.`);
  }
  try {
    return await planQuickVersion(service, change, context);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const issues = error.issues.map((issue) => ({ ...issue, path: ['services', index, 'change', ...issue.path] }));
    throw new ValidationError(issues, { cause: error });
  }
}

function refuseMissing(found: readonly unknown[], field: string, code: string, message: string): void {
  const issues = found.flatMap((each, index) =>
    each === undefined ? [{ path: ['services', index, field], code, message }] : [],
  );
  if (issues.length > 0) throw new ValidationError(issues);
}

type Place = Pick<WantedOrder, 'cluster' | 'namespace' | 'workspaceUuid'>;

/** Where rights to an order lie: the namespace that all its services share, and the workspace. */
function placeOf(services: readonly AppService[]): Place {
  const [first] = services;
  const isShared = (of: (service: AppService) => string | null) =>
    first !== undefined && services.every((each) => of(each) === of(first));
  const isOneNamespace = isShared(({ cluster }) => cluster) && isShared(({ namespace }) => namespace);
  return {
    cluster: isOneNamespace ? (first?.cluster ?? null) : null,
    namespace: isOneNamespace ? (first?.namespace ?? null) : null,
    workspaceUuid: isShared(({ workspaceUuid }) => workspaceUuid) ? (first?.workspaceUuid ?? null) : null,
  };
}

function checkPlace(
  { workspaceId }: OrderInput,
  services: readonly AppService[],
  { namespace, workspaceUuid }: Place,
): readonly ValidationIssue[] {
  if (workspaceId && (workspaceUuid === null || idOfWorkspace(workspaceUuid) !== workspaceId)) {
    return services.flatMap((service, index) =>
      service.workspaceUuid !== null && idOfWorkspace(service.workspaceUuid) === workspaceId
        ? []
        : [
            {
              path: ['services', index, 'serviceId'],
              code: 'other_workspace',
              message: `'${service.name}' is not of this workspace`,
            },
          ],
    );
  }
  if (namespace !== null || workspaceUuid !== null) return [];
  return [
    {
      path: ['services'],
      code: 'several_places',
      message: 'App services of one order are of one namespace, or of one workspace',
    },
  ];
}

/** Deployment units that an order can be for. */
export async function unitNamesOf({ workspaceUuid }: Place, context: RequestContext): Promise<readonly string[]> {
  return (await unitsOf({ workspaceUuid }, context)).map(({ unit }) => unit);
}
