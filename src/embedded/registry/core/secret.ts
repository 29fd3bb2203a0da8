import { asObject, asString, ensureObject, isEqualJson, setDefault } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { secretTable } from '../tables/config-table.ts';
import { problemsOfConfigKey } from '../validation/names.ts';

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
      for (const [key, value] of Object.entries(data)) {
        for (const words of problemsOfConfigKey(key)) errors.invalid(`data[${key}]`, key, words);
        if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
          errors.typeInvalid(`data[${key}]`, '<secret contents redacted>', 'must be base64');
        }
      }
      if (draft.type === 'kubernetes.io/service-account-token') {
        const annotations = asObject(asObject(draft.metadata)?.annotations) ?? {};
        const name = annotations['kubernetes.io/service-account.name'] ?? '';
        if (name === '') errors.required('metadata.annotations[kubernetes.io/service-account.name]');
      }
      for (const key of requiredKeys[asString(draft.type) ?? ''] ?? []) {
        if (data[key] === undefined) errors.required(`data[${key}]`);
      }
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
