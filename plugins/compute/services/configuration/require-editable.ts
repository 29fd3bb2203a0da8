import type { SecretObject } from 'longshore/plugins/core';
import { PreconditionError, type Profile } from 'longshore/sdk';
import { secretEditable } from '../../profile-keys/configuration.ts';

/** Whether the profile lets a Secret of this type (core/v1) be changed once it is made (CMP-98, CON-05). */
export function isSecretEditable(type: string | undefined, profile: Profile): boolean {
  const editable = profile.get(secretEditable);
  return editable === 'ALL' || (editable === 'OPAQUE_ONLY' && (type ?? 'Opaque') === 'Opaque');
}

/** Throws `PreconditionError` SECRET_NOT_EDITABLE. */
export function requireEditable({ type, metadata }: SecretObject, profile: Profile): void {
  if (isSecretEditable(type, profile)) return;
  throw new PreconditionError('SECRET_NOT_EDITABLE', `Secret '${metadata.name}': ${whyNotEditable(profile)}`);
}

export function whyNotEditable(profile: Profile): string {
  return profile.get(secretEditable) === 'NONE'
    ? `by the profile '${profile.name}' Secrets are not changed once they are made: make another one`
    : `by the profile '${profile.name}' only Opaque Secrets are changed once they are made: make another one`;
}
