import { podTemplatesRef } from 'longshore/plugins/compute';
import { PreconditionError, type RequestContext, systemPrincipal } from 'longshore/sdk';
import { type AppService, type AppServiceVersion, imageCheckRef } from '../../api.ts';
import { type NextRelease, nextReleaseOf } from '../app-services/next-release.ts';
import { error, type PreflightFinding } from './finding.ts';
import { preflight } from './preflight.ts';

/** What speaks against releasing a version now, as its caller would release it. Says nothing about rights: ask for the service. */
export async function preflightOfVersion(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<readonly PreflightFinding[]> {
  const next = await nextOrReason(service, version, context);
  if (typeof next === 'string') return [error('UNIT_WITHOUT_NODES', next)];
  const { target, previous, engine, replacedBecause } = next;
  const cluster = context.cluster(service.cluster);
  return preflight(target, previous, {
    cluster,
    reader: cluster.reader(systemPrincipal, context.signal),
    writer: cluster.writer(context.principal),
    mayRead: (object) => context.access.allowed('READ', object),
    podTemplates: context.service(podTemplatesRef),
    images: context.services.service(imageCheckRef),
    deployment: version.spec.deployment,
    engine: engine.name,
    replacedBecause,
  });
}

/** Why there is none where its units are gone. */
async function nextOrReason(
  service: AppService,
  version: AppServiceVersion,
  context: RequestContext,
): Promise<NextRelease | string> {
  try {
    return await nextReleaseOf(service, version, context);
  } catch (failure) {
    if (failure instanceof PreconditionError && failure.reason === 'UNITS_GONE') return failure.message;
    throw failure;
  }
}
