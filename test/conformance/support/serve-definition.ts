import type { CaseContext } from './case-context.ts';
import { eventually } from './eventually.ts';
import type { Json } from './json.ts';

export interface ServedDefinition {
  /** The definition as it was when it was established. */
  readonly definition: Json;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  /** `/apis/<group>/<version>/<plural>`, or inside the namespace where one is given. */
  path(namespace?: string, version?: string): string;
}

/**
 * Makes a custom resource of this case's own and waits until it is served: a server says Established before its paths
 * answer. `spec` is what a CustomResourceDefinition has beside group and names; without versions it is one, `v1`, that
 * keeps whatever it is given.
 */
export async function serveDefinition(t: CaseContext, kind: string, spec: Json = {}): Promise<ServedDefinition> {
  const group = `${t.name('crd')}.example.com`;
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const { names, ...rest } = spec;
  await t.create(definitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular, listKind: `${kind}List`, ...names },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
      ...rest,
    },
  });
  const served = (spec.versions ?? [{ name: 'v1', served: true }]).filter((version: Json) => version.served);
  const definition = await eventually(async () => {
    const { body } = await t.api.get(`${definitions}/${plural}.${group}`);
    for (const { name } of served) {
      const { status } = await t.api.get(`/apis/${group}/${name}/${plural}`);
      if (status !== 200) throw new Error(`${plural}.${group}/${name} is not served: ${JSON.stringify(body.status)}`);
    }
    return body;
  });
  return {
    definition,
    group,
    kind,
    plural,
    path: (namespace, version = served[0].name) =>
      `/apis/${group}/${version}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${plural}`,
  };
}
