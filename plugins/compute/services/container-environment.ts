import type { ContainerSpec } from './containers.ts';

type EnvVar = NonNullable<ContainerSpec['env']>[number];

export type EnvironmentSource =
  | 'LITERAL'
  | 'CONFIG_MAP_KEY'
  | 'SECRET_KEY'
  | 'POD_FIELD'
  | 'RESOURCE_FIELD'
  | 'FILE_KEY'
  | 'UNKNOWN';

/** An environment variable; what it takes from elsewhere is named and never looked up. */
export interface EnvironmentFacts {
  readonly name: string;
  readonly source: EnvironmentSource;
  /** Only of a literal; never from a Secret. */
  readonly value: string | undefined;
  /** Name of the ConfigMap or Secret, volume of the file. */
  readonly sourceName: string | undefined;
  /** Key in it, or path of the field. */
  readonly sourceKey: string | undefined;
}

export function describeEnvironment(variable: EnvVar): EnvironmentFacts {
  const { name, value, valueFrom } = variable;
  const from = (source: EnvironmentSource, sourceName?: string, sourceKey?: string): EnvironmentFacts => ({
    name,
    source,
    value: undefined,
    sourceName,
    sourceKey,
  });
  if (!valueFrom) return { ...from('LITERAL'), value: value ?? '' };
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef, fileKeyRef } = valueFrom;
  if (configMapKeyRef) return from('CONFIG_MAP_KEY', configMapKeyRef.name, configMapKeyRef.key);
  if (secretKeyRef) return from('SECRET_KEY', secretKeyRef.name, secretKeyRef.key);
  if (fieldRef) return from('POD_FIELD', undefined, fieldRef.fieldPath);
  if (resourceFieldRef) return from('RESOURCE_FIELD', resourceFieldRef.containerName, resourceFieldRef.resource);
  if (fileKeyRef) return from('FILE_KEY', fileKeyRef.volumeName, fileKeyRef.key);
  return from('UNKNOWN');
}
