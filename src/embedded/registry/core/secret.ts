import { asObject, asString, ensureObject, isEqualJson, type JsonObject, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import type { Draft } from '../resource-strategy.ts';
import { secretTable } from '../tables/config-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfConfigKey } from '../validation/names.ts';

const maxBytes = 1024 * 1024;

/** Keys that a secret of a well-known type must have. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

export const secrets = defineResource(
  { group: '', version: 'v1', kind: 'Secret', plural: 'secrets' },
  {
    setDefaults(draft) {
      setDefault(draft, 'type', 'Opaque');
      // stringData is write-only: it ends up in data.
      for (const [key, value] of Object.entries(asObject(draft.stringData) ?? {})) {
        ensureObject(draft, 'data')[key] = Buffer.from(String(value)).toString('base64');
      }
      delete draft.stringData;
    },
    validate(draft, errors) {
      const data = asObject(draft.data) ?? {};
      let bytes = 0;
      for (const [key, value] of Object.entries(data)) {
        errors.eachInvalid(`data[${key}]`, key, problemsOfConfigKey(key));
        bytes += Buffer.byteLength(String(value), 'base64');
        if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
          errors.typeInvalid(`data[${key}]`, '<secret contents redacted>', 'must be base64');
        }
      }
      if (bytes > maxBytes) errors.tooLong('data', maxBytes);
      validateType(draft, data, errors);
    },
    validateUpdate(draft, current, errors) {
      if (draft.type !== current.type) errors.invalid('type', draft.type, 'field is immutable');
      if (current.immutable !== true) return;
      if (draft.immutable !== true) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
      if (!isEqualJson(draft.data, current.data)) {
        errors.forbidden('data', 'field is immutable when `immutable` is set');
      }
    },
    selectableFields: { type: (secret) => asString(secret.type) ?? '' },
    table: secretTable,
  },
);

function validateType(draft: Draft, data: JsonObject, errors: FieldErrors): void {
  const type = asString(draft.type) ?? '';
  if (type === 'kubernetes.io/service-account-token') {
    const account = asObject(draft.metadata.annotations)?.['kubernetes.io/service-account.name'] ?? '';
    if (account === '') errors.required('metadata.annotations[kubernetes.io/service-account.name]');
  }
  // One of the two is enough for a login.
  if (type === 'kubernetes.io/basic-auth' && data.username === undefined && data.password === undefined) {
    errors.required('data[username]');
    errors.required('data[password]');
  }
  for (const key of requiredKeys[type] ?? []) {
    if (data[key] === undefined) errors.required(`data[${key}]`);
    else if (type.startsWith('kubernetes.io/dockerc')) {
      const problem = problemOfJson(Buffer.from(String(data[key]), 'base64').toString());
      if (problem !== undefined) errors.invalid(`data[${key}]`, '<secret contents redacted>', problem);
    }
  }
}

/** Why the text is no JSON object, as its first character gives it away. */
function problemOfJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const first = text.trimStart();
    if (first === '') return 'unexpected end of JSON input';
    const literal = ['true', 'false', 'null'].find((word) => word.startsWith(first.charAt(0)));
    if (literal === undefined) {
      return /^[{["\d-]/.test(first)
        ? 'unexpected end of JSON input'
        : `invalid character '${first.charAt(0)}' looking for beginning of value`;
    }
    const at = [...literal].findIndex((letter, index) => first.charAt(index) !== letter);
    return first.length <= at
      ? 'unexpected end of JSON input'
      : `invalid character '${first.charAt(at)}' in literal ${literal} (expecting '${literal.charAt(at)}')`;
  }
}
