import type { InterfaceParam } from '@pothos/core';
import type { KindRef } from '../../kube/kind-ref.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import type { FieldBuilder, LongshoreBuilder, LongshoreTypes, TypeRef } from '../builder.ts';
import { nodeRef } from '../nodes/node-ref.ts';
import { registryOf } from '../schema/schema-registry.ts';
import { kubernetesObjectRef } from './kubernetes-object-ref.ts';

export interface KubernetesTypeSpec<T> {
  readonly ref: TypeRef<KubeObject<T>>;
  readonly kind: KindRef<T>;
  readonly description: string;
  /** Besides `Node` and `KubernetesObject`. */
  readonly interfaces?: readonly InterfaceParam<LongshoreTypes>[];
  readonly fields: (t: FieldBuilder<KubeObject<T>>) => object;
}

/**
 * Gives a Kubernetes kind a type of its own: from then on `object`, `node`, `owners` and every other road answer it
 * with this type. Throws where another plugin has already given it one.
 */
export function registerKubernetesType<T>(builder: LongshoreBuilder, spec: KubernetesTypeSpec<T>): void {
  const registry = registryOf(builder);
  const subject = subjectOf(spec.kind);
  const existing = registry.kinds.get(subject);
  if (existing) {
    throw new Error(
      `Plugin '${registry.plugin}' gives ${subject} the type '${spec.ref.name}', but it has '${existing.typeName}' already`,
    );
  }
  registry.kinds.set(subject, { kind: spec.kind, typeName: spec.ref.name, plugin: registry.plugin });
  builder.objectType(spec.ref, {
    description: spec.description,
    interfaces: [nodeRef, kubernetesObjectRef, ...(spec.interfaces ?? [])] as never,
    fields: spec.fields as never,
  });
}
