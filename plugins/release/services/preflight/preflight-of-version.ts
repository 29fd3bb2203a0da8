import { podTemplatesRef } from 'longshore/plugins/compute';
import { PreconditionError, type RequestContext, systemPrincipal } from 'longshore/sdk';
import { type AppService, type AppServiceVersion, imageCheckRef } from '../../api.ts';
import { chooseEngine } from '../../engines/choose-engine.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { appServicesServiceRef } from '../app-services/app-services-service.ts';
import { targetOfVersion } from '../app-services/preview-version.ts';
import { error, type PreflightFinding } from './finding.ts';
import { preflight } from './preflight.ts';

/** What speaks against releasing a version now, as its caller would release it. Says nothing about rights: ask for the service. */
export async function preflightOfVersion(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<readonly PreflightFinding[]> {
  const target = await targetOrReason(service, version, context);
  if (typeof target === 'string') return [error('UNIT_WITHOUT_NODES', target)];
  const { currentVersionUuid } = service;
  const [current] = currentVersionUuid
    ? await context.service(appServicesServiceRef).versions([currentVersionUuid])
    : [];
  const before = current && (await targetOrReason(service, current, context));
  const previous = typeof before === 'object' ? before : null;
  const cluster = context.cluster(service.cluster);
  const { engine, replacedBecause } = chooseEngine({ target, previous, cluster });
  return preflight(target, previous, {
    cluster,
    reader: cluster.reader(systemPrincipal, context.signal),
    writer: cluster.writer(context.principal),
    mayRead: (object) => context.access.allowed('READ', object),
    podTemplates: context.service(podTemplatesRef),
    images: context.services.service(imageCheckRef),
    deployment: version.spec.deployment,
    engine: engine.name,
    replacedBecause: replacedBecause === undefined ? [] : [replacedBecause],
  });
}

/** Why there is no target where its units are gone. */
async function targetOrReason(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<ReleaseTarget | string> {
  try {
    return await targetOfVersion(service, version, context);
  } catch (failure) {
    if (failure instanceof PreconditionError && failure.reason === 'UNITS_GONE') return failure.message;
    throw failure;
  }
}
