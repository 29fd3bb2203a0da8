import type { Instance, OperationTarget, RowNode } from 'longshore/sdk';
import { type AppService, type AppServiceVersion, appServiceSubject } from '../../api.ts';
import type { appServices, versions } from '../../tables.ts';
import { factsOfPlace, idOfAppService, idOfVersion } from '../subjects.ts';

/** A row as the node that resolvers, rights and streams see. */
export function toAppService(row: typeof appServices.$inferSelect): AppService {
  const {
    id: uuid,
    deletedAt: _gone,
    applicationId,
    workspaceId,
    currentVersionId,
    releaseId,
    deletion,
    ...rest
  } = row;
  return {
    ...rest,
    nodeTypeName: 'AppService',
    id: idOfAppService(uuid),
    uuid,
    applicationUuid: applicationId,
    workspaceUuid: workspaceId,
    currentVersionUuid: currentVersionId,
    releaseUuid: releaseId,
    deletionRequestedAt: deletion ? new Date(deletion.requestedAt) : null,
  };
}

export function toVersion(
  row: typeof versions.$inferSelect,
  service: Pick<typeof appServices.$inferSelect, 'name' | 'cluster' | 'namespace' | 'workspaceId' | 'currentVersionId'>,
): AppServiceVersion {
  const { name, cluster, namespace, workspaceId: workspaceUuid, currentVersionId } = service;
  const { id: uuid, serviceId: serviceUuid, basedOnId: basedOnUuid, ...rest } = row;
  return {
    ...rest,
    nodeTypeName: 'AppServiceVersion',
    id: idOfVersion(uuid),
    uuid,
    serviceUuid,
    basedOnUuid,
    isCurrent: uuid === currentVersionId,
    of: { name, cluster, namespace, workspaceUuid },
  };
}

const isNode = (node: unknown, type: string): boolean =>
  typeof node === 'object' && node !== null && (node as Partial<RowNode>).nodeTypeName === type;

export const isAppService = (node: unknown): node is AppService => isNode(node, 'AppService');
export const isVersion = (node: unknown): node is AppServiceVersion => isNode(node, 'AppServiceVersion');

/** An app service as rights are asked about it; its versions go by it too. */
export const instanceOfAppService = (row: AppService): Instance => ({ subject: appServiceSubject, row });

/** Rights to a version are those to its service. */
export const instanceOfVersion = ({ of }: AppServiceVersion): Instance => instanceOfNew(of.name, of);

export type AppServicePlace = Pick<AppService, 'cluster' | 'namespace' | 'workspaceUuid'>;

/** One that is yet to be made. */
export const instanceOfNew = (name: string, place: AppServicePlace): Instance => ({
  subject: appServiceSubject,
  ...factsOfPlace(name, place),
});

/** An app service as operation records name it. */
export function recordTargetOf({
  id,
  name,
  cluster,
  namespace,
}: Pick<AppService, 'id' | 'name' | 'cluster' | 'namespace'>): OperationTarget {
  return { plugin: 'release', type: 'AppService', id, kind: 'AppService', name, cluster, namespace };
}

/** What a mutation tells as changed of a service. */
export function recordedService(service: AppService): object {
  const { name, cluster, namespace, isStateful, owner, operators, description } = service;
  return { name, cluster, namespace, isStateful, owner, operators, description };
}

/** REL-16. */
export type AppServiceState = 'PENDING_DEPLOY' | 'RELEASING' | 'RELEASE_SUCCEEDED' | 'RELEASE_FAILED' | 'DELETING';

/** A release that was given up or taken back leaves what runs as it was. */
export function stateOf({
  releaseUuid,
  lastReleaseState,
  currentVersionUuid,
  deletionRequestedAt,
}: Pick<
  AppService,
  'releaseUuid' | 'lastReleaseState' | 'currentVersionUuid' | 'deletionRequestedAt'
>): AppServiceState {
  if (deletionRequestedAt !== null) return 'DELETING';
  if (lastReleaseState === 'FAILED' || lastReleaseState === 'ROLLBACK_FAILED') return 'RELEASE_FAILED';
  if (releaseUuid !== null) return 'RELEASING';
  return currentVersionUuid === null ? 'PENDING_DEPLOY' : 'RELEASE_SUCCEEDED';
}

/** Keys come out of global ids, that is from callers: what is no UUID would be an error of the database. */
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
