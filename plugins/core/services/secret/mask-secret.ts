import { type KubeObject, origin } from 'longshore/sdk';
import { isPlainObject } from '../manifest/plain-value.ts';

/**
 * Stands where a Secret's value would. It is no base64, so that a cluster refuses it if somebody applies what was
 * shown.
 */
export const secretMask = '********';

/** An object as it may be shown: the values of a Secret are masked, everything else is as it is. */
export function maskSecret(object: Pick<KubeObject, typeof origin>): object {
  const { group, kind } = object[origin];
  if (group !== '' || kind !== 'Secret') return object;
  const { data, stringData, ...rest } = object as { readonly data?: unknown; readonly stringData?: unknown };
  return {
    ...rest,
    ...(data === undefined ? {} : { data: maskValues(data) }),
    ...(stringData === undefined ? {} : { stringData: maskValues(stringData) }),
  };
}

function maskValues(values: unknown): object {
  return isPlainObject(values) ? Object.fromEntries(Object.keys(values).map((key) => [key, secretMask])) : {};
}
