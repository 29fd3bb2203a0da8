import { applicationLabel, type TenancyService, tenancyServiceRef } from 'longshore/plugins/core';
import { encodeGlobalId, type Profiles, type RequestContext } from 'longshore/sdk';
import type { AppService } from '../../api.ts';
import type { ServiceUnit } from './release-target.ts';

/** Deployment units that pods of a service can be released to; empty where its workspace has none, or it is in none. */
export async function unitsOf(
  { workspaceUuid }: Pick<AppService, 'workspaceUuid'>,
  context: Pick<RequestContext, 'service'>,
): Promise<readonly ServiceUnit[]> {
  return workspaceUuid === null ? [] : unitsIn(context.service(tenancyServiceRef), workspaceUuid);
}

/** The same by its workspace's UUID; null for none. */
export async function unitsIn(
  tenancy: Pick<TenancyService, 'workspaces' | 'deploymentUnitsOf'>,
  workspaceUuid: string | null,
): Promise<readonly ServiceUnit[]> {
  const workspace = (await tenancy.workspaces()).find(({ uuid }) => uuid === workspaceUuid);
  if (!workspace) return [];
  return tenancy
    .deploymentUnitsOf(workspace)
    .map(({ deploymentUnit, labels }) => ({ unit: deploymentUnit, nodeLabels: labels }));
}

export const idOfApplication = (uuid: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'compute', type: 'Application', key: uuid });

/** What makes objects of a service part of its application, by the profile of its place. */
export function applicationLabelsOf(
  { cluster, namespace, applicationName }: Pick<AppService, 'cluster' | 'namespace' | 'applicationName'>,
  profiles: Profiles,
): Readonly<Record<string, string>> {
  const key = profiles.at({ cluster, namespace }).get(applicationLabel);
  return key === null ? {} : { [key]: applicationName };
}
