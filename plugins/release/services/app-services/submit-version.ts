import type { OperationHandle, RequestContext } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import {
  type AppServicesService,
  requireIdle,
  type SeenDraft,
  type WithVersion,
  type WrittenVersion,
} from './app-services-service.ts';
import { withSnapshots } from './configuration.ts';
import { snapshotConfiguration } from './snapshot-configuration.ts';
import type { ConfigurationSnapshot, VersionSpec } from './version-spec.ts';

/** A spec that is about to become a version. */
export interface VersionToWrite {
  readonly uuid: string;
  readonly spec: VersionSpec;
  readonly basedOn: AppServiceVersion | undefined;
  readonly isSubmitted: boolean;
}

/**
 * The version as it is kept: what is submitted has its configuration copied first, under names that never change. A submit that dies behind
 * that leaves copies that no pod has: the next one takes them, or makes them anew.
 */
export async function prepareVersion(
  service: Pick<AppService, 'cluster' | 'namespace' | 'name'>,
  { uuid, spec, basedOn, isSubmitted }: VersionToWrite,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<WrittenVersion> {
  const version = { uuid, basedOnUuid: basedOn?.uuid ?? null, isSubmitted, author: context.principal.id };
  if (!isSubmitted) return { ...version, spec };
  const configuration: readonly ConfigurationSnapshot[] = await snapshotConfiguration(
    {
      cluster: service.cluster,
      namespace: service.namespace,
      service: service.name,
      versionUuid: uuid,
      podTemplate: spec.podTemplate,
      earlier: basedOn?.spec.configuration ?? [],
    },
    ticket,
    context,
  );
  return { ...version, spec: { ...spec, podTemplate: withSnapshots(spec.podTemplate, configuration), configuration } };
}

/** Writes the draft, or the version that it becomes. */
export async function writeVersion(
  services: AppServicesService,
  service: AppService,
  seen: SeenDraft | undefined,
  version: VersionToWrite,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<WithVersion> {
  requireIdle(service);
  const written = await prepareVersion(service, version, ticket, context);
  return services.write(service.uuid, seen, written, ticket);
}
