import { type Database, DataLoader, drizzle, type RequestContext, type ServiceRef, serviceRef } from 'longshore/sdk';
import { appServices, versions } from '../../tables.ts';
import type { ServicePlace } from './released-objects.ts';

const { and, eq, inArray, isNotNull, isNull, sql } = drizzle;

/** What guards must know of an app service. */
export interface GuardedService {
  readonly uuid: string;
  readonly name: string;
  /** Whether a release has it now. */
  readonly isReleasing: boolean;
}

/** What the platform's own data says of objects that releases have written. Says nothing about rights. */
export interface ReleaseStateService {
  /** In the order of the places; undefined where there is no such app service (any more). */
  find(places: readonly ServicePlace[]): Promise<readonly (GuardedService | undefined)[]>;
  /** Ids of the versions of an app service that name a copy of configuration; those of a deleted service name nothing. */
  versionsNaming(place: ServicePlace, kind: string, snapshot: string): Promise<readonly string[]>;
  /** App services of a namespace that releases have now. */
  countReleasing(cluster: string, namespace: string): Promise<number>;
}

export const releaseStateRef: ServiceRef<ReleaseStateService> = serviceRef<ReleaseStateService>('release.state');

export function createReleaseState(database: Database): ReleaseStateService {
  return {
    async find(places) {
      const rows = await database.db
        .select({
          uuid: appServices.id,
          cluster: appServices.cluster,
          namespace: appServices.namespace,
          name: appServices.name,
          releaseId: appServices.releaseId,
        })
        .from(appServices)
        .where(
          and(
            inArray(appServices.name, [...new Set(places.map(({ name }) => name))]),
            inArray(appServices.namespace, [...new Set(places.map(({ namespace }) => namespace))]),
            inArray(appServices.cluster, [...new Set(places.map(({ cluster }) => cluster))]),
            isNull(appServices.deletedAt),
          ),
        );
      const byPlace = new Map(rows.map((row) => [keyOf(row), row]));
      return places.map((place) => {
        const row = byPlace.get(keyOf(place));
        return row && { uuid: row.uuid, name: row.name, isReleasing: row.releaseId !== null };
      });
    },
    async versionsNaming({ cluster, namespace, name }, kind, snapshot) {
      const named = JSON.stringify({ configuration: [{ kind, snapshot }] });
      const rows = await database.db
        .select({ id: versions.id })
        .from(versions)
        .innerJoin(appServices, eq(appServices.id, versions.serviceId))
        .where(
          and(
            eq(appServices.cluster, cluster),
            eq(appServices.namespace, namespace),
            eq(appServices.name, name),
            isNull(appServices.deletedAt),
            sql`${versions.spec} @> ${named}::jsonb`,
          ),
        )
        .orderBy(versions.number);
      return rows.map(({ id }) => id);
    },
    countReleasing: (cluster, namespace) =>
      database.db.$count(
        appServices,
        and(
          eq(appServices.cluster, cluster),
          eq(appServices.namespace, namespace),
          isNotNull(appServices.releaseId),
          isNull(appServices.deletedAt),
        ),
      ),
  };
}

const keyOf = ({ cluster, namespace, name }: ServicePlace): string => `${cluster}/${namespace}/${name}`;

type StateLoader = DataLoader<ServicePlace, GuardedService | undefined>;
const loaders = {};

/** The app service at a place as it is at this moment; what is asked for in one tick is one statement. */
export function loadState(place: ServicePlace, context: RequestContext): Promise<GuardedService | undefined> {
  const loader = context.memo(loaders, (): StateLoader => {
    const state = context.service(releaseStateRef);
    // Never remembered: between two questions of one mutation a release may begin.
    return new DataLoader((places) => state.find(places), { cache: false });
  });
  return loader.load(place);
}
