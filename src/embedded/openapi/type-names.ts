/**
 * The packages of the served types: our short name, the API group and the long name of the schemas in OpenAPI documents.
 * Later packages may use the types of earlier ones.
 */
export interface TypePackage {
  readonly alias: string;
  readonly group: string;
  readonly version: string;
  readonly prefix: string;
}

export const typePackages: readonly TypePackage[] = [
  { alias: 'meta/v1', group: '', version: 'v1', prefix: 'io.k8s.apimachinery.pkg.apis.meta.v1' },
  api('core/v1', ''),
  api('apps/v1', 'apps'),
  api('autoscaling/v1', 'autoscaling'),
  api('autoscaling/v2', 'autoscaling'),
  api('batch/v1', 'batch'),
  api('networking/v1', 'networking.k8s.io'),
  api('policy/v1', 'policy'),
  api('storage/v1', 'storage.k8s.io'),
  api('rbac/v1', 'rbac.authorization.k8s.io'),
  api('discovery/v1', 'discovery.k8s.io'),
  api('coordination/v1', 'coordination.k8s.io'),
  api('scheduling/v1', 'scheduling.k8s.io'),
  api('node/v1', 'node.k8s.io'),
  api('authentication/v1', 'authentication.k8s.io'),
  api('authorization/v1', 'authorization.k8s.io'),
  api('certificates/v1', 'certificates.k8s.io'),
  api('events/v1', 'events.k8s.io'),
  api('admissionregistration/v1', 'admissionregistration.k8s.io'),
  {
    alias: 'apiextensions/v1',
    group: 'apiextensions.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  },
  {
    alias: 'apiregistration/v1',
    group: 'apiregistration.k8s.io',
    version: 'v1',
    prefix: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
  },
  {
    alias: 'metrics/v1beta1',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    prefix: 'io.k8s.metrics.pkg.apis.metrics.v1beta1',
  },
];

const byAlias = new Map(typePackages.map((each) => [each.alias, each]));

/** The package of a type's short name such as `core/v1.Pod`; unknown packages throw. */
export function packageOf(typeName: string): TypePackage {
  const alias = typeName.slice(0, typeName.indexOf('.'));
  const found = byAlias.get(alias);
  if (found === undefined) throw new Error(`type ${typeName} is in no known package`);
  return found;
}

/** `Pod` of `core/v1.Pod`. */
export function localNameOf(typeName: string): string {
  return typeName.slice(typeName.indexOf('.') + 1);
}

/** The short name of a group's kind; undefined for groups that no package describes. */
export function typeNameOfKind(group: string, version: string, kind: string): string | undefined {
  const found = typePackages.find(
    (each) => each.alias !== 'meta/v1' && each.group === group && each.version === version,
  );
  return found === undefined ? undefined : `${found.alias}.${kind}`;
}

/** The name of the type's schema in OpenAPI documents. */
export function schemaNameOf(typeName: string): string {
  return `${packageOf(typeName).prefix}.${localNameOf(typeName)}`;
}

function api(alias: string, group: string): TypePackage {
  const version = alias.slice(alias.indexOf('/') + 1);
  return { alias, group, version, prefix: `io.k8s.api.${alias.replace('/', '.')}` };
}
