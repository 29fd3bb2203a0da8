import type { Draft, Json } from './draft.ts';
import { type Maybe, mapped, type Removable } from './maybe.ts';

/** A key of a ConfigMap or Secret. */
export interface KeyForm {
  readonly name: string;
  readonly key: string;
  readonly isOptional?: Maybe<boolean>;
}

/** Where a variable's value comes from: exactly one of them. */
export interface ValueFromForm {
  readonly configMapKey?: Maybe<KeyForm>;
  readonly secretKey?: Maybe<KeyForm>;
  readonly fieldPath?: Maybe<string>;
  readonly resource?: Maybe<{
    readonly container?: Maybe<string>;
    readonly resource: string;
    readonly divisor?: Maybe<string>;
  }>;
}

export interface VariableForm extends Removable {
  readonly name: string;
  readonly value?: Maybe<string>;
  readonly valueFrom?: Maybe<ValueFromForm>;
}

export interface BulkSourceForm {
  readonly configMap?: Maybe<string>;
  readonly secret?: Maybe<string>;
  readonly prefix?: Maybe<string>;
  readonly isOptional?: Maybe<boolean>;
}

export interface EnvironmentForm {
  readonly env?: Maybe<readonly VariableForm[]>;
  readonly envFrom?: Maybe<readonly BulkSourceForm[]>;
}

const nameOf = ({ name }: Json): string => String(name);

/** Environment variables (CMP-47): a literal, a key of a ConfigMap or Secret, or a field of the pod. */
export function writeEnvironment(container: Draft, { env, envFrom }: EnvironmentForm): void {
  container.merge('env', env, nameOf, writeVariable);
  if (envFrom === undefined) return;
  container.set('envFrom', mapped(envFrom, toBulkSource));
  for (const [index, { configMap, secret }] of (envFrom ?? []).entries()) {
    container.trace(['envFrom', index], ['envFrom', index]);
    if (Boolean(configMap) === Boolean(secret)) {
      container.refuse(['envFrom', index], 'one_of', 'Exactly one of configMap and secret must be named');
    }
  }
}

function writeVariable(variable: Draft, { name, value, valueFrom }: VariableForm, isNew: boolean): void {
  variable.set('name', name);
  const isBoth = typeof value === 'string' && valueFrom;
  const isNeither = isNew && typeof value !== 'string' && !valueFrom;
  if (isBoth || isNeither) {
    variable.refuse([], 'one_of', `The variable '${name}' must have either value or valueFrom`);
    return;
  }
  if (typeof value === 'string') {
    variable.set('valueFrom', null);
    variable.set('value', value);
  }
  if (!valueFrom) return;
  variable.set('value', null);
  variable.set('valueFrom', toValueFrom(valueFrom));
}

function toValueFrom({ configMapKey, secretKey, fieldPath, resource }: ValueFromForm): object {
  if (configMapKey) return { configMapKeyRef: toKey(configMapKey) };
  if (secretKey) return { secretKeyRef: toKey(secretKey) };
  if (fieldPath) return { fieldRef: { apiVersion: 'v1', fieldPath } };
  const { container, resource: name, divisor } = resource ?? { resource: '' };
  return {
    resourceFieldRef: {
      ...(container ? { containerName: container } : {}),
      resource: name,
      ...(divisor ? { divisor } : {}),
    },
  };
}

const toKey = ({ name, key, isOptional }: KeyForm): object => ({
  name,
  key,
  ...(isOptional ? { optional: true } : {}),
});

function toBulkSource({ configMap, secret, prefix, isOptional }: BulkSourceForm): object {
  const source = { name: configMap ?? secret, ...(isOptional ? { optional: true } : {}) };
  return { ...(prefix ? { prefix } : {}), ...(configMap ? { configMapRef: source } : { secretRef: source }) };
}
