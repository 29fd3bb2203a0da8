import type { PodTemplateForm } from 'longshore/plugins/compute';
import type { RequestContext, ServiceRef, ValidationIssue } from 'longshore/sdk';
import { buildRecordSourceRef, type ImageSource, type ImageSourcePlace, packageSourceRef } from '../../api.ts';
import type { ContainerImageInput, VersionInput } from './version-input.ts';

/** Sources by the field of the input that names them. */
export const imageSourceRefs: Readonly<Record<'buildRecord' | 'package', ServiceRef<ImageSource>>> = {
  buildRecord: buildRecordSourceRef,
  package: packageSourceRef,
};
const fields = ['buildRecord', 'package'] as const;
const mostSources = 50;

export interface ResolvedImages {
  /** The template with the images in place. */
  readonly template: VersionInput['template'];
  /** Paths begin with `imageSources`. */
  readonly issues: readonly ValidationIssue[];
}

/** The images of containers that are not given by their names (REL-04, REL-05). Throws `CapabilityMissingError` where nobody provides them. */
export async function resolveImages(
  place: ImageSourcePlace,
  { template, imageSources }: VersionInput,
  context: RequestContext,
): Promise<ResolvedImages> {
  const sources = imageSources ?? [];
  if (sources.length === 0) return { template, issues: [] };
  const wrong = checkSources(sources, template);
  if (wrong.length > 0) return { template, issues: wrong };
  const found = await Promise.all(sources.map((source, index) => resolve(source, index, place, context)));
  return {
    template: withImages(
      template,
      new Map(found.flatMap(({ container, image }) => (image ? [[container, image]] : []))),
    ),
    issues: found.flatMap(({ issues }) => issues),
  };
}

const issue = (path: readonly (string | number)[], code: string, message: string): ValidationIssue => ({
  path: ['imageSources', ...path],
  code,
  message,
});

function checkSources(
  sources: readonly ContainerImageInput[],
  template: VersionInput['template'],
): readonly ValidationIssue[] {
  if (sources.length > mostSources) {
    return [issue([], 'too_many', `imageSources has ${mostSources} entries at the most, not ${sources.length}`)];
  }
  const named = new Set((template?.containers ?? []).flatMap(({ name, image }) => (image ? [name] : [])));
  return sources.flatMap((source, index) => {
    const { container } = source;
    const given = fields.filter((field) => source[field]);
    return [
      ...(given.length === 1
        ? []
        : [issue([index], 'one_source', `The image of '${container}' comes from one source, not ${given.length}`)]),
      ...(named.has(container)
        ? [issue([index, 'container'], 'not_with_image', `The container '${container}' has an image of its own`)]
        : []),
      ...(sources.findIndex((other) => other.container === container) < index
        ? [issue([index, 'container'], 'duplicate', `imageSources has the container '${container}' twice`)]
        : []),
    ];
  });
}

async function resolve(
  source: ContainerImageInput,
  index: number,
  place: ImageSourcePlace,
  context: RequestContext,
): Promise<{ readonly container: string; readonly image: string | undefined; readonly issues: ValidationIssue[] }> {
  const field = source.buildRecord ? 'buildRecord' : 'package';
  const { image, issues } = await context.service(imageSourceRefs[field]).resolve(source[field] ?? {}, place, context);
  const found = issues.map(({ path, ...rest }) => ({ ...rest, path: ['imageSources', index, field, ...path] }));
  const isUnknown = image === undefined && found.length === 0;
  return {
    container: source.container,
    image,
    issues: isUnknown ? [issue([index, field], 'no_image', 'There is no image of it yet')] : found,
  };
}

function withImages(template: VersionInput['template'], images: ReadonlyMap<string, string>): PodTemplateForm {
  const containers = template?.containers ?? [];
  const known = new Set(containers.map(({ name }) => name));
  return {
    ...template,
    containers: [
      ...containers.map((container) => {
        const image = images.get(container.name);
        return image === undefined ? container : { ...container, image };
      }),
      ...[...images].filter(([name]) => !known.has(name)).map(([name, image]) => ({ name, image })),
    ],
  };
}
