import { PreconditionError } from 'longshore/sdk';

/** Throws `PreconditionError` IMMUTABLE: the cluster changes no value of such an object, ever (core/v1 `immutable`). */
export function requireMutable(object: {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly immutable?: boolean | undefined;
}): void {
  if (object.immutable !== true) return;
  throw new PreconditionError(
    'IMMUTABLE',
    `${object.kind} '${object.metadata.name}' was made immutable: make another one, let what uses it use that, and delete this one`,
  );
}
