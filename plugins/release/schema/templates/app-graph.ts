import { type FieldBuilder, type LongshoreBuilder, type TypeRef, typeRef } from 'longshore/sdk';
import type { TemplateApp } from '../../api.ts';
import { type ImageParts, splitImage } from '../../services/templates/split-image.ts';

interface Dependency {
  readonly from: string;
  readonly to: string;
}

export const templateImageRef: TypeRef<ImageParts> = typeRef<ImageParts>('TemplateImage');
const templateAppRef: TypeRef<TemplateApp> = typeRef<TemplateApp>('TemplateApp');
const dependencyRef: TypeRef<Dependency> = typeRef<Dependency>('AppDependency');
const graphRef: TypeRef<readonly TemplateApp[]> = typeRef<readonly TemplateApp[]>('AppGraph');

/** The applications of a text and how they depend on each other (REL-41, REL-42). */
export function registerAppGraph(builder: LongshoreBuilder): void {
  builder.objectType(templateImageRef, {
    description: 'An image with its name and version apart.',
    fields: (t) => ({
      reference: t.exposeString('reference', { description: 'As it is written.' }),
      name: t.exposeString('name', { description: 'Its name, with the registry where it names one.' }),
      version: t.exposeString('version', { description: 'Its tag or digest; `latest` where it says none.' }),
    }),
  });
  builder.objectType(templateAppRef, {
    description: 'An application as the text of a template or stack has it.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name, unique in the text.' }),
      kind: t.exposeString('kind', { description: 'Kind of its workload, such as `Deployment`.' }),
      replicas: t.exposeInt('replicas', {
        nullable: true,
        description: 'How many pods it is to have; null where its kind has no such number, or the text says none.',
      }),
      images: t.field({
        type: [templateImageRef],
        description: 'The images of its containers, in their order.',
        resolve: ({ images }) => images.map(splitImage),
      }),
      dependsOn: t.stringList({
        description: 'Names of the applications that must be ready before it starts.',
        resolve: ({ dependsOn }) => [...dependsOn],
      }),
    }),
  });
  builder.objectType(dependencyRef, {
    description: 'That one application depends on another.',
    fields: (t) => ({
      from: t.exposeString('from', { description: 'Name of the application that waits.' }),
      to: t.exposeString('to', { description: 'Name of the application that must be ready first.' }),
    }),
  });
  builder.objectType(graphRef, {
    description: 'Applications and their dependencies, as a picture draws them.',
    fields: (t) => ({
      nodes: t.field({
        type: [templateAppRef],
        description: 'The applications, each behind those that it depends on.',
        resolve: (apps) => [...apps],
      }),
      edges: t.field({
        type: [dependencyRef],
        description: 'The dependencies, each once.',
        resolve: (apps) => apps.flatMap(({ name, dependsOn }) => dependsOn.map((to) => ({ from: name, to }))),
      }),
    }),
  });
}

/** The field that tells of them. */
export function appGraphField<Parent extends { readonly apps: readonly TemplateApp[] }>(
  t: FieldBuilder<Parent>,
): ReturnType<FieldBuilder<Parent>['field']> {
  return t.field({
    type: graphRef,
    description: 'The applications with their images, and what depends on what.',
    resolve: (parent: Parent) => parent.apps as never,
  } as never);
}
