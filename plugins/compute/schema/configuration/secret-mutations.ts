import { secretKind, secretTypeRef } from 'longshore/plugins/core';
import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { registerCreateSecret } from './create-secret.ts';
import { registerSecretContentInput } from './secret-content-input.ts';
import { registerUpdateSecret } from './update-secret.ts';

export function registerSecretMutations(builder: LongshoreBuilder): void {
  registerSecretContentInput(builder);
  registerCreateSecret(builder);
  registerUpdateSecret(builder);
  registerDeletion(builder, {
    kind: secretKind,
    ref: secretTypeRef,
    description:
      'While something uses it (`usedBy`), the answer is an `InUseError` with what the caller may see of that as `references`, or asks for `acknowledge: [IN_USE]`, as the profile says (`config.deleteWhenReferenced`).',
  });
}
