import { asObject, isEqualJson } from '../../machinery/json.ts';
import { defineResource } from '../define-resource.ts';
import { configMapTable } from '../tables/config-table.ts';
import { problemsOfConfigKey } from '../validation/names.ts';

const maxBytes = 1024 * 1024;

export const configMaps = defineResource(
  { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', shortNames: ['cm'] },
  {
    validate(draft, errors) {
      let bytes = 0;
      for (const part of ['data', 'binaryData'] as const) {
        for (const [key, value] of Object.entries(asObject(draft[part]) ?? {})) {
          errors.eachInvalid(`${part}[${key}]`, key, problemsOfConfigKey(key));
          if (part === 'data' && asObject(draft.binaryData)?.[key] !== undefined) {
            errors.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
          }
          if (typeof value !== 'string') errors.typeInvalid(`${part}[${key}]`, value, 'must be a string');
          bytes += part === 'data' ? Buffer.byteLength(String(value)) : Buffer.byteLength(String(value), 'base64');
        }
      }
      // The whole is too large, not one of its fields: the path is empty, and printed so.
      if (bytes > maxBytes) errors.tooLong('[]', maxBytes);
    },
    validateUpdate(draft, current, errors) {
      if (current.immutable !== true) return;
      if (draft.immutable !== true) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
      for (const part of ['data', 'binaryData']) {
        if (!isEqualJson(draft[part], current[part])) {
          errors.forbidden(part, 'field is immutable when `immutable` is set');
        }
      }
    },
    table: configMapTable,
  },
);
