import { randomUUID } from 'node:crypto';
import { PreconditionError, type RequestContext, ValidationError, type ValidationIssue } from 'longshore/sdk';
import type { AppService, AppServiceVersion } from '../../api.ts';
import { idOfVersion } from '../subjects.ts';
import { appServicesServiceRef, requireIdle } from './app-services-service.ts';
import { withSnapshots } from './configuration.ts';
import { planVersion } from './plan-version.ts';

/** What a quick change may change (REL-13). */
export interface QuickChange {
  /** By the names of containers. */
  readonly images?: readonly { readonly container: string; readonly image: string }[] | null | undefined;
  readonly replicas?: number | null | undefined;
}

const mostImages = 50;

/**
 * A version that differs from what runs, or else from the newest that was submitted, in images or the number of pods alone; `addSubmitted`
 * keeps it. Its configuration stays the very same copies, so that nothing is written to the cluster; a draft stays. For who may UPDATE the
 * service; throws `ValidationError` with paths into the change, `PreconditionError` RELEASE_ACTIVE and NOTHING_SUBMITTED.
 */
export async function planQuickVersion(
  service: AppService,
  change: QuickChange,
  context: RequestContext,
): Promise<AppServiceVersion> {
  requireIdle(service);
  const versions = await context.service(appServicesServiceRef).versionsOf([service.uuid]);
  const base = baseOf(service, versions);
  if (!base) {
    throw new PreconditionError(
      'NOTHING_SUBMITTED',
      `App service '${service.name}' has no version to change: submit one`,
    );
  }
  const images = change.images ?? [];
  const issues = [...checkImages(images, base), ...checkChange(change)];
  if (issues.length > 0) throw new ValidationError(issues);
  const input = {
    template: { containers: images.map(({ container, image }) => ({ name: container, image })) },
    scaling: { replicas: change.replicas },
  };
  const planned = await planVersion(service, input, { spec: base.spec, hasVersions: true }, context);
  if (planned.issues.length > 0) {
    throw new ValidationError(planned.issues.map((issue) => ({ ...issue, path: pathOf(issue.path) })));
  }
  const { configuration } = base.spec;
  const spec = { ...planned.spec, podTemplate: withSnapshots(planned.spec.podTemplate, configuration), configuration };
  const now = new Date(context.clock.now());
  const uuid = randomUUID();
  return {
    ...base,
    uuid,
    id: idOfVersion(uuid),
    number: Math.max(...versions.filter(({ editState }) => editState !== 'DRAFT').map(({ number }) => number)) + 1,
    editState: 'SUBMITTED',
    spec,
    basedOnUuid: base.uuid,
    createdBy: context.principal.id,
    createdAt: now,
    updatedAt: now,
    submittedAt: now,
    releasedAt: null,
    version: 1,
  };
}

/** What a change begins with: what runs, else what was submitted last. */
export function baseOf(
  { currentVersionUuid }: Pick<AppService, 'currentVersionUuid'>,
  versions: readonly AppServiceVersion[],
): AppServiceVersion | undefined {
  const submitted = versions.filter(({ editState }) => editState !== 'DRAFT');
  return submitted.find(({ uuid }) => uuid === currentVersionUuid) ?? submitted[0];
}

function checkImages(
  images: readonly { readonly container: string; readonly image: string }[],
  { spec }: AppServiceVersion,
): ValidationIssue[] {
  const pods = spec.podTemplate.spec as { readonly containers?: readonly { readonly name: string }[] } | undefined;
  const known = new Set(pods?.containers?.map(({ name }) => name));
  if (images.length > mostImages) {
    return [{ path: ['images'], code: 'too_many', message: `images has ${mostImages} entries at the most` }];
  }
  return images.flatMap(({ container }, index) =>
    known.has(container)
      ? []
      : [
          {
            path: ['images', index, 'container'],
            code: 'not_found',
            message: `The service has no container '${container}'`,
          },
        ],
  );
}

function checkChange({ images, replicas }: QuickChange): ValidationIssue[] {
  if (images?.length || (replicas !== undefined && replicas !== null)) return [];
  return [{ path: [], code: 'nothing_to_change', message: 'Say images or replicas' }];
}

/** As the change has it. */
function pathOf(path: ValidationIssue['path']): ValidationIssue['path'] {
  if (path[0] === 'scaling') return path.slice(1);
  return path[0] === 'template' && path[1] === 'containers' ? ['images', ...path.slice(2)] : path;
}
