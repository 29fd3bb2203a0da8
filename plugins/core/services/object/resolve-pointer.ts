import { RequestError } from 'longshore/sdk';

/** Far above any real path. */
const maxPointerLength = 4096;

/**
 * The value at a JSON Pointer (RFC 6901), e.g. `/spec/containers/0/image`; undefined where there is none. Throws
 * `BAD_USER_INPUT` for what is no pointer.
 */
export function resolvePointer(document: unknown, pointer: string): unknown {
  let value = document;
  for (const token of parsePointer(pointer)) {
    if (Array.isArray(value)) value = /^(0|[1-9][0-9]{0,9})$/.test(token) ? value[Number(token)] : undefined;
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, token))
      value = (value as Record<string, unknown>)[token];
    else return undefined;
  }
  return value;
}

function parsePointer(pointer: string): string[] {
  if (pointer === '') return [];
  if (pointer.length > maxPointerLength || !pointer.startsWith('/') || /~(?![01])/.test(pointer)) {
    const shown = JSON.stringify(pointer.length > 60 ? `${pointer.slice(0, 60)}…` : pointer);
    throw new RequestError(
      'BAD_USER_INPUT',
      `pointer must be a JSON Pointer (RFC 6901) such as /spec/replicas, got ${shown}`,
    );
  }
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
